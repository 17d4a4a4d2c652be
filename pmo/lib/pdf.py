"""HTML to PDF in one function: tagged, fonts embedded, the same bytes for the same HTML, and no way out of our static files."""

from __future__ import annotations

import ctypes
import hashlib
import logging
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation

logger = logging.getLogger(__name__)

# Addresses in the HTML are read as if it stood in our static files on this host; `.invalid` names no machine, by RFC 2606.
HOST = "static.invalid"
TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}
NO_PANGO = (
    "PDFs cannot be made on this machine: the library Pango is missing. "
    "Install it (Debian and Ubuntu: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; macOS: brew install pango)."
)
PANGO_NAMES = ("libpango-1.0.so.0", "libpango-1.0-0", "libpango-1.0.0.dylib", "libpango-1.0.dylib", "pango-1.0")


class PdfUnavailable(RuntimeError):
    """Pango is missing, so no PDF can be made; the sentence says what to install."""


class MissingAsset(RuntimeError):
    """A template of ours names a static file that does not exist."""


@cache
def _weasyprint() -> ModuleType:
    """Load WeasyPrint once, when the first PDF is asked for: it takes half a second. Raises PdfUnavailable."""
    try:
        import weasyprint
    except OSError as error:
        raise PdfUnavailable(NO_PANGO) from error
    return weasyprint


def pango_is_found() -> bool:
    """Look for the library only, in a millisecond, for the checks that run before every command."""
    for name in PANGO_NAMES:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def pdf_is_available() -> bool:
    """Say whether PDFs can be made; the first call may load WeasyPrint."""
    try:
        _weasyprint()
    except PdfUnavailable:
        return False
    return True


def static_prefix() -> str:
    return "/" + settings.STATIC_URL.lstrip("/")


def static_path(url: str) -> Path | None:
    """Return the file behind an address of our static files; None for every other address.

    Raises MissingAsset when it is one of ours and there is no such file.
    """
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.scheme != "http" or parts.netloc != HOST or not path.startswith(static_prefix()):
        return None
    name = path.removeprefix(static_prefix())
    try:
        found = finders.find(name) or staticfiles_storage.path(name)
    except (SuspiciousFileOperation, ValueError):
        return None
    if not Path(found).is_file() or Path(found).suffix not in TYPES:
        raise MissingAsset(f"The PDF asks for {name}, which is no static file of ours.")
    return Path(found)


@cache
def _fetcher_class() -> type[Any]:
    """Return the fetcher; a class made on demand, because its base comes with WeasyPrint."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticFilesOnly(URLFetcher):  # type: ignore[misc]
        """Answers from our static files and refuses everything else: no network, no other file, no redirect."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=("http",), allow_redirects=False)
            self.refused: list[str] = []
            self.missing: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            try:
                path = static_path(url)
            except MissingAsset as error:
                self.missing.append(str(error))
                raise ValueError(str(error)) from error
            if path is None:
                self.refused.append(url[:200])
                raise ValueError("Refused: only our own static files are read.")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})

    return StaticFilesOnly


def readable_metadata(_document: Any, pdf: Any) -> None:
    """Leave the description of the file uncompressed, so that archives and search find it without a PDF reader."""
    for item in pdf.objects:
        if getattr(item, "extra", {}).get("Type") == "/Metadata":
            item.compress = False


def render_pdf(html: str, *, variant: str | None = "pdf/ua-1") -> bytes:
    """Return the PDF of a whole HTML document.

    The same HTML gives the same bytes: the file's identity is made from it, and its dates are those of the document's own
    `<meta name="dcterms.created">`. Addresses of static files work, as `{% static %}` writes them or relative (`css/pdf.css`);
    any other address is refused, logged and left out.
    `variant` is "pdf/ua-1" (the reading copy), "pdf/a-3u" (the record copy) or None.

    Raises PdfUnavailable without Pango, MissingAsset for a static file that does not exist.
    """
    weasyprint = _weasyprint()
    fetcher = _fetcher_class()()
    identifier = hashlib.sha256(f"{variant}\n{html}".encode()).digest()[:16]
    document = weasyprint.HTML(string=html, base_url=f"http://{HOST}{static_prefix()}", url_fetcher=fetcher)
    content: bytes = document.write_pdf(
        pdf_variant=variant, pdf_identifier=identifier, pdf_tags=True, finisher=readable_metadata
    )
    if fetcher.missing:
        raise MissingAsset(" ".join(fetcher.missing))
    if fetcher.refused:
        logger.warning("PDF: refused %d outside addresses, the first: %s", len(fetcher.refused), fetcher.refused[0])
    return content
