"""Saving with a trace: who changed what, and why, into the history table of the row; and reading it back as differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery, Value
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from pmo.lib import history_rows
from pmo.lib.bulk import insert_row, update_rows
from pmo.lib.diffs import FieldChange, changed_fields, names_of, related_keys, written_change

REASON_LIMIT = 1000


_moment: ContextVar[dt.datetime | None] = ContextVar("history_moment", default=None)


@contextmanager
def dated(moment: dt.datetime) -> Iterator[None]:
    """Let every `save_as` inside date its history row `moment`: for records of the past that are brought in afterwards."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def moment_kept() -> dt.datetime | None:
    """Return the moment that `dated` gives to what is saved now; None where it is dated by the clock."""
    return _moment.get()


def save_as(row: models.Model, *, by: Any, fields: Iterable[str] | None = None, reason: str = "") -> None:
    """Save `row` (only `fields`, when given) and write its history row in the name of `by` with `reason`."""
    row._history_user = by  # type: ignore[attr-defined]
    row._change_reason = reason[:REASON_LIMIT] or None  # type: ignore[attr-defined]
    names = list(fields) if fields is not None else None
    if history_rows.is_gathering():
        _save_and_gather(row, names)
        return
    moment = _moment.get()
    if moment is not None:
        row._history_date = moment  # type: ignore[attr-defined]
    elif "_history_date" in row.__dict__:
        del row._history_date  # type: ignore[attr-defined]
    row.save(update_fields=names)


def _save_and_gather(row: models.Model, names: list[str] | None) -> None:
    kind = history_rows.ADDED if row._state.adding else history_rows.CHANGED
    if row._state.adding:
        insert_row(row)
    else:
        update_rows(type(row), [row], names or [field.name for field in row._meta.concrete_fields if not field.primary_key])
    _gather([row], kind, by=row._history_user, reason=row._change_reason)  # type: ignore[attr-defined]


def _gather(rows: Iterable[models.Model], kind: str, *, by: Any, reason: str | None) -> None:
    at = _moment.get() or timezone.now()
    for row in rows:
        history_rows.keep(row, kind, by=by, reason=reason, at=at)


def note(row: models.Model, *, by: Any, reason: str = "") -> None:
    """Write the history row of a change that `move` has stored already."""
    said = reason[:REASON_LIMIT] or None
    if history_rows.is_gathering():
        _gather([row], history_rows.CHANGED, by=by, reason=said)
        return
    row._history_user, row._change_reason = by, said  # type: ignore[attr-defined]
    type(row).history.bulk_history_create(  # type: ignore[attr-defined]
        [row], update=True, default_date=_moment.get()
    )


def create_many(
    model: type[models.Model],
    rows: list[Any],
    *,
    by: Any = None,
    reason: str = "",
    batch: int = 500,
    moment_of: Callable[[Any], dt.datetime | None] = lambda row: None,
) -> list[Any]:
    """Create `rows` at once with their history rows, each dated by `moment_of` where that knows. Primary keys are filled in."""
    for row in rows:
        if (moment := moment_of(row)) is not None:
            row._history_date = moment
    if not rows:
        return []
    if history_rows.is_gathering():
        for row in rows:
            insert_row(row)
        _gather(rows, history_rows.ADDED, by=by, reason=reason[:REASON_LIMIT] or None)
        return rows
    return bulk_create_with_history(
        rows,
        model,
        batch_size=batch,
        default_user=by,
        default_change_reason=reason[:REASON_LIMIT] or None,
        default_date=_moment.get(),
    )


def update_many(model: type[models.Model], rows: list[Any], fields: list[str], *, by: Any, reason: str = "") -> None:
    """Save `fields` of `rows` in one statement, with their history rows in the name of `by`."""
    if not rows:
        return
    said = reason[:REASON_LIMIT] or None
    with transaction.atomic(savepoint=False):
        update_rows(model, rows, fields)
        if history_rows.is_gathering():
            _gather(rows, history_rows.CHANGED, by=by, reason=said)
        else:
            model.history.bulk_history_create(  # type: ignore[attr-defined]
                rows, update=True, default_user=by, default_change_reason=said, default_date=_moment.get()
            )


@dataclass(frozen=True)
class Kind:
    """One sort of rows whose changes are read: the model, which rows, how one is named, which fields stay hidden."""

    model: type[models.Model]
    rows: Q
    noun: str
    name: Callable[[Any], str] = str
    hidden: frozenset[str] = frozenset()

    @property
    def changes(self) -> models.QuerySet[Any]:
        return self.model.history.filter(self.rows)  # type: ignore[attr-defined, no-any-return]


@dataclass(frozen=True)
class Event:
    """One saved change of one row: when, by whom, why, and what is different."""

    at: dt.datetime
    by: str
    did: str
    noun: str
    title: str
    reason: str
    changes: tuple[FieldChange, ...]
    row: Any


DID = {"+": "added", "~": "changed", "-": "removed"}


def event_keys(kinds: Sequence[Kind]) -> models.QuerySet[Any]:
    """Return (moment, kind number, history id) of every change, newest first: one query, to be sliced for a page."""
    parts = [
        kind.changes.order_by().values_list("history_date", Value(number, output_field=models.IntegerField()), "history_id")
        for number, kind in enumerate(kinds)
    ]
    return (
        parts[0].union(*parts[1:], all=True).order_by("-history_date", "-history_id")
        if len(parts) > 1
        else parts[0].order_by("-history_date", "-history_id")
    )


def events(kinds: Sequence[Kind], keys: Iterable[tuple[dt.datetime, int, int]]) -> list[Event]:
    """Return the events of `keys` in their order. At most two queries a kind, and one for each sort of related row."""
    wanted: dict[int, list[int]] = {}
    order = [(number, key) for _, number, key in keys]
    for number, key in order:
        wanted.setdefault(number, []).append(key)
    found = {(number, new.history_id): (old, new) for number, ids in wanted.items() for old, new in _pairs(kinds[number], ids)}
    fields = {place: _fields(kinds[place[0]], *pair) for place, pair in found.items()}
    names = names_of(related_keys((*found[place], fields[place]) for place in found))
    return [_event(kinds[place[0]], *found[place], fields[place], names) for place in order if place in found]


def _pairs(kind: Kind, ids: list[int]) -> list[tuple[Any, Any]]:
    """Return each change with the one before it of the same row, None for the first."""
    tracked = kind.model.history.model  # type: ignore[attr-defined]
    key = kind.model._meta.pk.attname
    before = tracked.objects.filter(**{key: OuterRef(key)}, history_id__lt=OuterRef("history_id")).order_by("-history_id")
    rows = list(
        tracked.objects.filter(pk__in=ids)
        .select_related("history_user")
        .annotate(before_id=Subquery(before.values("history_id")[:1]))
    )
    earlier = tracked.objects.in_bulk([row.before_id for row in rows if row.before_id])
    return [(earlier.get(row.before_id), row) for row in rows]


def _fields(kind: Kind, old: Any, new: Any) -> list[models.Field[Any, Any]]:
    """Return the changed fields; a new row says its name only, so that its first values are not listed as changes."""
    if old is None or new.history_type != "~":
        return []
    return changed_fields(old, new, kind.model, without=kind.hidden)


def _event(kind: Kind, old: Any, new: Any, fields: list[models.Field[Any, Any]], names: Mapping[Any, str]) -> Event:
    return Event(
        at=new.history_date,
        by=str(new.history_user) if new.history_user else "the system",
        did=DID[new.history_type],
        noun=kind.noun,
        title=kind.name(new),
        reason=new.history_change_reason or "",
        changes=tuple(written_change(field, old, new, names) for field in fields),
        row=new,
    )
