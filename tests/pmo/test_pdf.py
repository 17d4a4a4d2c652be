"""PDFs: readable aloud, the same bytes again, and no way to anything but our static files."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import page
import pytest

from pmo.lib import pdf
from tests.poppler import told

UA = page.ValidationProfile.PDF_UA_1
ARCHIVE = page.ValidationProfile.PDF_A_3U
PAGE = """<html lang="en"><head><title>Status report 83</title><link rel="stylesheet" href="/static/css/pdf.css">{head}</head>
<body data-foot="Report P-2215/83"><h1>Utility Billing</h1><h2>Accomplished</h2>
<ul><li>One<small>Two</small></li><li>Three</li></ul>
<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>B</td></tr></tbody></table>
<svg viewBox="0 0 9 9" width="9" height="9"><title>green</title><circle cx="4" cy="4" r="3"/></svg>{body}</body></html>"""


def html(body: str = "", head: str = "") -> str:
    return PAGE.format(body=body, head=head)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """Serve on this machine and note every request."""
    asked: list[str] = []

    class Noting(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


@pytest.mark.pdf
def test_outside_addresses_are_never_asked(listener: tuple[str, list[str]], caplog) -> None:
    address, asked = listener
    head = f'<link rel="stylesheet" href="{address}/a.css"><style>@import "{address}/b.css";'
    head += f"body {{ background: url({address}/c) }}"
    head += f"@font-face {{ font-family: x; src: url({address}/d) }} h1 {{ font-family: x }}</style>"
    head += f'<link rel="attachment" href="{address}/e">'
    body = f'<img alt="x" src="{address}/f"><object data="{address}/g"></object><embed src="{address}/h">'
    body += f'<svg><title>x</title><image href="{address}/i"/></svg>'

    assert pdf.render_pdf(html(body, head)).startswith(b"%PDF-")
    assert asked == []
    assert "refused" in caplog.text


@pytest.mark.pdf
@pytest.mark.parametrize(
    "form", ["file://{0}", "{0}", "/static/../../../../../../{0}", "http://static.invalid/static/%2e%2e/%2e%2e/{0}"]
)
def test_files_of_the_machine_never_get_in(tmp_path: Path, form: str) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text('h1::after { content: "TOPSECRET" }')
    address = form.format(secret)

    made = pdf.render_pdf(html("", f'<link rel="stylesheet" href="{address}"><link rel="attachment" href="{address}">'))

    text = told(["pdftotext", "FILE", "-"], made)
    assert "Utility Billing" in text
    assert "TOPSECRET" not in text
    assert told(["pdfdetach", "-list", "FILE"], made).startswith("0 ")


@pytest.mark.pdf
@pytest.mark.parametrize("address", ["/static/css/pdf.css", "css/pdf.css"])
def test_our_static_files_are_read(address: str) -> None:
    made = pdf.render_pdf(html().replace("/static/css/pdf.css", address))

    fonts = told(["pdffonts", "FILE"], made).splitlines()[2:]
    assert fonts
    assert all("Public-Sans" in line and " yes yes yes " in line for line in fonts)


@pytest.mark.pdf
def test_missing_static_file_is_an_error() -> None:
    with pytest.raises(pdf.MissingAsset):
        pdf.render_pdf(html("", '<link rel="stylesheet" href="/static/css/no-such.css">'))


@pytest.mark.pdf
@pytest.mark.parametrize(("variant", "profile"), [("pdf/ua-1", UA), ("pdf/a-3u", ARCHIVE)])
def test_no_rule_of_the_standard_is_broken(variant: str, profile: page.ValidationProfile) -> None:
    report = page.validate_pdf_bytes(pdf.render_pdf(html(), variant=variant), profile=profile)

    assert [failure.rule_id for failure in report.failures] == []


@pytest.mark.pdf
def test_same_page_is_the_same_bytes_in_another_process() -> None:
    here = pdf.render_pdf(html())
    program = "import sys, django; django.setup(); from pmo.lib import pdf; page = sys.stdin.read();"
    program += "sys.stdout.buffer.write(pdf.render_pdf(page))"
    there = subprocess.run([sys.executable, "-c", program], input=html().encode(), capture_output=True, check=True).stdout

    assert there == here
    assert pdf.render_pdf(html("<p>other</p>")) != here


def test_without_pango_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    monkeypatch.setattr("builtins.__import__", _import_without_pango(__import__))
    pdf._weasyprint.cache_clear()

    with pytest.raises(pdf.PdfUnavailable, match="libpango"):
        pdf.render_pdf(html())
    assert not pdf.pdf_is_available()
    pdf._weasyprint.cache_clear()


def _import_without_pango(plain):  # type: ignore[no-untyped-def]
    def find(name, *args, **kwargs):  # type: ignore[no-untyped-def]
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return plain(name, *args, **kwargs)

    return find


def test_check_warns_without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    from pmo import checks

    monkeypatch.setattr(checks, "pango_is_found", lambda: False)

    assert [message.id for message in checks.pdf_can_be_made()] == ["pmo.W001"]
