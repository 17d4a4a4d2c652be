"""The digest that each of our PDFs carries in its metadata, so that a copy can be told for what it is, even an altered one."""

from __future__ import annotations

import re
import zlib

MARK = re.compile(rb"sha256:([0-9a-f]{64})")
_METADATA = re.compile(rb"/Subtype\s*/XML\b.{0,200}?stream\r?\n", re.DOTALL)
METADATA_LIMIT = 200_000
MOST_STREAMS = 8


def marked_digest(file: bytes) -> str:
    """Return the digest that stands in a PDF's metadata as `sha256:…`, or an empty string.

    Reads no more than a few short streams, so that a file made to swell on reading does no harm.
    """
    for place in list(_METADATA.finditer(file))[:MOST_STREAMS]:
        found = MARK.search(_inflated(file[place.end() : place.end() + METADATA_LIMIT]))
        if found:
            return found[1].decode()
    found = MARK.search(file)
    return found[1].decode() if found else ""


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, METADATA_LIMIT)
    except zlib.error:
        return data
