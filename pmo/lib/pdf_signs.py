"""Signs that no font of this machine can draw: a PDF that is to be read aloud holds none, so they are written in words."""

from __future__ import annotations

import logging
import threading
import unicodedata
from collections.abc import Callable, Collection


class _MissingSigns(logging.Handler):
    """Keeps the signs that could not be drawn: the renderer tells of them in its log and nowhere else."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.signs: set[str] = set()
        self.thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread and str(record.msg).startswith(".notdef") and isinstance(record.args, tuple):
            self.signs |= set(str(record.args[0]))


def drawn_in_full(render: Callable[[str], bytes], html: str) -> bytes:
    """Return what `render` makes of `html`; when it lacked signs, what it makes of the text with those signs in words."""
    logger, missing = logging.getLogger("weasyprint"), _MissingSigns()
    logger.addHandler(missing)
    propagates, logger.propagate = logger.propagate, False
    try:
        file = render(html)
    finally:
        logger.removeHandler(missing)
        logger.propagate = propagates
    return render(in_words(html, missing.signs)) if missing.signs else file


def in_words(text: str, signs: Collection[str]) -> str:
    """Return `text` with each of `signs` replaced: a symbol by its name in brackets, what only joins or colors signs by
    nothing, any other by an empty box.
    """
    return text.translate({ord(sign): _written(sign) for sign in signs if ord(sign) > 127})


def _written(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "So":
        return f"[{unicodedata.name(sign, 'symbol').lower()}]"
    return "" if category in {"Cf", "Mn", "Me", "Sk"} else "\u25a1"
