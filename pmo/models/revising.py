from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from django.db import models, transaction

from pmo.lib.errors import Refused
from pmo.lib.history import save_as


class Stale(Refused):
    """Somebody else saved the row since the person opened it."""

    def __init__(self) -> None:
        super().__init__("Somebody else saved this meanwhile. Compare both and save again.", "changed_meanwhile")


class Revisable(models.Model):
    """A row whose plain fields people edit. Its version is the number of its latest history row."""

    class Meta:
        abstract = True

    def version(self) -> int:
        """Return the number of the latest saved state, 0 before any. One query."""
        latest = type(self).history.filter(**{self._meta.pk.attname: self.pk}).order_by("-history_id")  # type: ignore[attr-defined]
        return latest.values_list("history_id", flat=True).first() or 0

    @classmethod
    @transaction.atomic
    def enter(cls, *, by: Any, reason: str = "", **values: Any) -> Self:
        """Add a row, checked, with its history. Raises ValidationError."""
        row = cls(**values)
        row.full_clean()
        save_as(row, by=by, reason=reason)
        return row

    @transaction.atomic
    def revise(self, *, by: Any, changes: Mapping[str, Any], reason: str = "", version: int | None = None) -> list[str]:
        """Write `changes` with their history, and return the names of the fields that really changed.

        Raises Stale when the row was saved after `version`, Refused when a rule forbids it, ValidationError for bad values.
        """
        fresh = type(self)._base_manager.select_for_update().get(pk=self.pk)
        if version is not None and fresh.version() != version:
            raise Stale
        changed = [name for name, value in changes.items() if getattr(fresh, name) != value]
        if not changed:
            return []
        before = {name: getattr(fresh, name) for name in changed}
        for name in changed:
            setattr(fresh, name, changes[name])
        follows = fresh.check_revision(before, by=by, reason=reason)
        fresh.full_clean(exclude=_unaffected(fresh, [*changed, *follows]))
        save_as(fresh, by=by, fields=[*changed, *follows, *_automatic_fields(fresh)], reason=reason)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(fresh, field.attname))
        return changed

    def check_revision(self, before: Mapping[str, Any], *, by: Any, reason: str) -> list[str]:
        """Refuse what may not change; set the fields that follow from the change and return their names."""
        return []


def _unaffected(row: models.Model, changed: Iterable[str]) -> list[str]:
    """Return the fields that need no check again: unchanged, and in no constraint together with a changed one."""
    affected = set(changed)
    for constraint in row._meta.constraints:
        names = set(getattr(constraint, "fields", ()))
        condition = getattr(constraint, "condition", None)
        names |= condition.referenced_base_fields if isinstance(condition, models.Q) else set()
        if names & affected:
            affected |= names
    return [field.name for field in row._meta.concrete_fields if field.name not in affected]


def _automatic_fields(row: models.Model) -> list[str]:
    return [field.name for field in row._meta.concrete_fields if getattr(field, "auto_now", False)]
