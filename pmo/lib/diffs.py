"""Readable differences: which fields of a row changed, from what to what; and which words of a text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models

from pmo.lib import words
from pmo.lib.matching import opcodes

EMPTY = "empty"


@dataclass(frozen=True)
class Piece:
    """A run of words: "same", "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True)
class FieldChange:
    """One field of one row: its label, what it was and what it is, in words. `pieces` is filled for long texts only."""

    name: str
    label: str
    was: str
    now: str
    pieces: tuple[Piece, ...] = ()


def word_changes(was: str, now: str) -> tuple[Piece, ...]:
    """Return the words of `now` with those that were removed in their place. Spaces and line breaks are kept."""
    old, new = re.findall(r"\s+|[^\s]+", was), re.findall(r"\s+|[^\s]+", now)
    pieces: list[Piece] = []
    for kind, a, b, c, d in opcodes(old, new, str.isspace):
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        pieces += [Piece("removed", "".join(old[a:b]))] if b > a else []
        pieces += [Piece("added", "".join(new[c:d]))] if d > c else []
    return tuple(pieces)


def shown(field: models.Field[Any, Any], value: Any, names: Mapping[tuple[type[models.Model], Any], str]) -> str:
    """Return a stored value of `field` in words. `names` holds the words of related rows by model and key."""
    if value is None or value == "":
        return EMPTY
    if isinstance(field, models.ForeignKey):
        return names.get((_target(field), value), f"a removed entry ({value})")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    match value:
        case bool():
            return "yes" if value else "no"
        case dt.datetime():
            return words.moment(value)
        case dt.date():
            return words.day(value)
        case Decimal():
            return f"{value.normalize():,f}" if value == value.to_integral() else f"{value:,f}"
    return str(value)


def _target(field: models.ForeignKey[Any, Any]) -> type[models.Model]:
    return field.remote_field.model  # type: ignore[return-value]


def changed_fields(
    old: Any, new: Any, model: type[models.Model], *, without: Iterable[str] = ()
) -> list[models.Field[Any, Any]]:
    """Return the fields of `model` whose stored values differ between two rows that have its columns, in the model's order."""
    hidden = set(without)
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in hidden
        and not field.primary_key
        and hasattr(new, field.attname)
        and getattr(old, field.attname, None) != getattr(new, field.attname)
    ]


def related_keys(changes: Iterable[tuple[Any, Any, list[models.Field[Any, Any]]]]) -> dict[type[models.Model], set[Any]]:
    """Return, by model, the keys of related rows that have to be named to write these changes."""
    keys: dict[type[models.Model], set[Any]] = {}
    for old, new, fields in changes:
        for field in fields:
            if isinstance(field, models.ForeignKey):
                found = {getattr(row, field.attname) for row in (old, new) if row is not None} - {None}
                keys.setdefault(_target(field), set()).update(found)
    return keys


def names_of(keys: Mapping[type[models.Model], set[Any]]) -> dict[tuple[type[models.Model], Any], str]:
    """Return the word of each related row; one query a model."""
    return {
        (model, row.pk): str(row)
        for model, wanted in keys.items()
        if wanted
        for row in model._base_manager.filter(pk__in=wanted)
    }


def written_change(
    field: models.Field[Any, Any], old: Any, new: Any, names: Mapping[tuple[type[models.Model], Any], str]
) -> FieldChange:
    was, now = shown(field, getattr(old, field.attname, None), names), shown(field, getattr(new, field.attname), names)
    label = str(field.verbose_name)
    is_long = isinstance(field, models.TextField) and EMPTY not in {was, now}
    return FieldChange(field.name, label[:1].upper() + label[1:], was, now, word_changes(was, now) if is_long else ())
