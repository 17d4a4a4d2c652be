"""From bytes to text: which encoding, and what is no text at all."""

from __future__ import annotations

import codecs
import re

from portfolio.importing.problems import FileRefused

#: Offered for choice, with the words that people know them by.
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows Western (1252)",
    "utf-16": "UTF-16 (Excel “Unicode text”)",
    "latin-1": "ISO Latin-1",
    "mac-roman": "Mac Roman",
}
#: What a file begins with tells what it is; its name does not.
SIGNATURES = (
    (b"%PDF", "a PDF document. Export the table it shows as CSV or XLSX"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Excel file. Open it, remove the password and save it as .xlsx"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document. Copy its table into a spreadsheet and save that as .xlsx"),
    (b"\x1f\x8b", "a compressed file. Unpack it first"),
    (b"7z\xbc\xaf", "a compressed file. Unpack it first"),
    (b"Rar!", "a compressed file. Unpack it first"),
    (b"SQLite format 3", "a database"),
)
UTF32_MARKS = (codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE)
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MARKUP = re.compile(r"\s*<(\?|!--|!DOCTYPE|!ENTITY|html|[A-Za-z][\w.:-]*[\s>/])", re.IGNORECASE)


def decode(content: bytes, encoding: str = "") -> tuple[str, str]:
    """Return the text and the name of its encoding; `encoding` forces one. Raises FileRefused: encoding, wrong_type."""
    refuse_other_kinds(content)
    name = encoding or detected_encoding(content)
    text = _strictly(content, name)
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise FileRefused(
            f"Line {line} holds a NUL byte, so this is not a text file. Save the table as CSV (UTF-8) or XLSX.", "encoding"
        )
    if MARKUP.match(text):
        raise FileRefused("This is an XML or HTML file, not a table. Save the table as CSV (UTF-8) or XLSX.", "wrong_type")
    return text, name


def refuse_other_kinds(content: bytes) -> None:
    for signature, sentence in SIGNATURES:
        if content.startswith(signature):
            raise FileRefused(f"This file is {sentence}. Bring in a CSV or XLSX file.", "wrong_type")


def detected_encoding(content: bytes) -> str:
    """Return UTF-16 where a byte-order mark says so, UTF-8 where every byte agrees, else Windows Western."""
    if content.startswith(UTF32_MARKS):
        raise FileRefused("The file is marked as UTF-32, which is not read. Save it as CSV (UTF-8).", "encoding")
    if content.startswith(UTF16_MARKS):
        return "utf-16"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _strictly(content: bytes, name: str) -> str:
    if name not in ENCODINGS:
        raise FileRefused("Choose one of the encodings offered.", "encoding")
    try:
        text = content.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileRefused(
            f"Line {line} holds the byte 0x{content[error.start]:02X}, which {ENCODINGS[name]} does not know. "
            "Choose another encoding, or save the table as CSV (UTF-8).",
            "encoding",
        ) from error
    if name == "utf-16" and not text:
        raise FileRefused("The file holds a byte-order mark and nothing else. Save the table again as CSV (UTF-8).", "encoding")
    return text
