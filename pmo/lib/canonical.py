"""One text for one content, on every machine: canonical JSON and its SHA-256."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise TypeError("a moment without time zone has no canonical form")
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical_json(content: Any) -> str:
    """Return `content` as JSON with sorted keys, no spaces and plain Unicode. Decimals become text, moments UTC, dates ISO.

    Raises TypeError for anything else that JSON does not know, floats included: a float has no one way to be written.
    """
    _refuse_floats(content)
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _refuse_floats(content: Any) -> None:
    if isinstance(content, float):
        raise TypeError("floats have no canonical form; use Decimal")
    if isinstance(content, dict):
        for value in content.values():
            _refuse_floats(value)
    elif isinstance(content, (list, tuple)):
        for value in content:
            _refuse_floats(value)


def sha256_of(text: str) -> str:
    """Return the SHA-256 of `text` (UTF-8) as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
