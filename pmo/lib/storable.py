"""Text as every database can keep it and every page can show it."""

from __future__ import annotations

import re
from typing import Any

#: Control characters, among them the line breaks of spreadsheets and slides, and half characters; not tab and new line.
UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]+")


def storable(text: str) -> str:
    """Return `text` with a space where something stood that cannot be kept, so that no two words grow together."""
    return UNSTORABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def all_storable(value: Any) -> Any:
    """Return dictionaries and lists of texts with each text storable."""
    if isinstance(value, dict):
        return {key: all_storable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [all_storable(one) for one in value]
    return storable(value) if isinstance(value, str) else value
