"""Two people edit one row: whose changes meet. Compared are the row as it was opened, as it is stored, as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from pmo.lib.diffs import names_of, shown


@dataclass(frozen=True)
class Conflict:
    """One field that both changed: what it was, what the other person saved, what was typed now; in words."""

    name: str
    label: str
    opened: str
    stored: str
    typed: str


@dataclass(frozen=True)
class Merge:
    """What the person really changed, and the fields where somebody else saved something different meanwhile."""

    changes: dict[str, Any]
    conflicts: list[Conflict]
    saved_by: str = ""
    saved_at: Any = None


def raw(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def merge(row: Any, version: int, typed: Mapping[str, Any]) -> Merge:
    """Compare `typed` with the stored `row` and with what it was at `version`. Two queries, and one a related model."""
    tracked = type(row).history.filter(**{row._meta.pk.attname: row.pk})
    latest = tracked.select_related("history_user").order_by("-history_id").first()
    opened = tracked.filter(history_id=version).first() or row
    fields = {name: row._meta.get_field(name) for name in typed}
    mine = {name: value for name, value in typed.items() if raw(value) != getattr(opened, fields[name].attname)}
    met = [
        name for name in mine if _differs(row, opened, fields[name]) and getattr(row, fields[name].attname) != raw(mine[name])
    ]
    who = str(latest.history_user) if latest and latest.history_user else "Somebody"
    return Merge(mine, _written(met, fields, opened, row, mine), who, latest.history_date if latest else None)


def _differs(row: Any, opened: Any, field: Any) -> bool:
    return bool(getattr(row, field.attname) != getattr(opened, field.attname))


def _written(met: list[str], fields: Mapping[str, Any], opened: Any, row: Any, mine: Mapping[str, Any]) -> list[Conflict]:
    keys: dict[Any, set[Any]] = {}
    for name in met:
        if isinstance(fields[name], models.ForeignKey):
            found = {getattr(opened, fields[name].attname), getattr(row, fields[name].attname), raw(mine[name])}
            keys.setdefault(fields[name].remote_field.model, set()).update(found - {None})
    names = names_of(keys)
    return [_conflict(fields[name], opened, row, mine[name], names) for name in met]


def _conflict(field: Any, opened: Any, row: Any, typed: Any, names: Mapping[Any, str]) -> Conflict:
    label = str(field.verbose_name)
    was, stored = (shown(field, getattr(source, field.attname), names) for source in (opened, row))
    return Conflict(field.name, label[:1].upper() + label[1:], was, stored, shown(field, raw(typed), names))
