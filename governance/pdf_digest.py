"""The digest that each of our PDFs carries in its metadata, so that a copy can be told for what it is, even an altered one."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

MARK = re.compile(rb"sha256:([0-9a-f]{64})")
_METADATA = re.compile(rb"/Subtype\s*/XML\b.{0,200}?stream\r?\n", re.DOTALL)
METADATA_LIMIT = 200_000
MOST_STREAMS = 8
_TRACE = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32,64}(?![0-9a-f])")
MOST_TRACES = 12


def marked_digest(file: bytes) -> str:
    """Return the digest that stands in a PDF's metadata as `sha256:…`, or an empty string."""
    for text in _texts(file):
        found = MARK.search(text)
        if found:
            return found[1].decode()
    return ""


def digest_traces(file: bytes) -> list[str]:
    """Return the runs of digits that may be a digest, or what an altered byte left of one: at least half of it."""
    return list(dict.fromkeys(found[0].decode() for text in _texts(file) for found in _TRACE.finditer(text)))[:MOST_TRACES]


def _texts(file: bytes) -> Iterator[bytes]:
    """Yield what is searched: a few short streams of metadata, so that a file made to swell does no harm, then all of it."""
    for place in list(_METADATA.finditer(file))[:MOST_STREAMS]:
        yield _inflated(file[place.end() : place.end() + METADATA_LIMIT])
    yield file


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, METADATA_LIMIT)
    except zlib.error:
        return data
