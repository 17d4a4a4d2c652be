"""What people write in Markdown becomes harmless markup, whatever they write."""

from __future__ import annotations

import re

import pytest

from pmo.lib.markdown import LONGEST, TAGS, render


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** and *light*", "<p><strong>bold</strong> and <em>light</em></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("# Costs", "<h3>Costs</h3>\n"),
        ("###### Deep", "<h6>Deep</h6>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. third", '<ol start="3">\n<li>third</li>\n</ol>\n'),
        ("~~gone~~", "<p><s>gone</s></p>\n"),
        ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>\n"),
        ("", ""),
    ],
)
def test_markdown_becomes_markup(written: str, shown: str) -> None:
    assert render(written) == shown


def test_a_table_is_a_table() -> None:
    assert "<td>12</td>" in render("| a | b |\n|---|--:|\n| 12 | 13 |")


def test_a_link_leads_out_without_telling_from_where() -> None:
    assert render("[x](https://example.org)") == (
        '<p><a href="https://example.org" rel="noopener noreferrer nofollow">x</a></p>\n'
    )


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://example.org/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        '[x](https://example.org "onmouseover=alert(1)")',
        "<iframe src=//example.org></iframe>",
        "<style>*{display:none}</style>",
        "```html\n<script>alert(1)</script>\n```",
        "`<script>`",
        "<!-- <script> -->",
        "| <script> |\n|---|\n| <b onclick=x> |",
        "[x]: javascript:alert(1)\n\n[x]",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    ],
)
def test_nothing_that_was_written_runs(written: str) -> None:
    """Of all tags in the answer each is on the list, and none has another attribute than a harmless one."""
    for name, attributes in re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)([^>]*)>", render(written)):
        assert name in TAGS
        for attribute, value in re.findall(r'([\w-]+)="([^"]*)"', attributes):
            assert attribute in {"href", "rel", "start", "title"}
            assert not (attribute == "href" and re.match(r"\s*(javascript|data|vbscript):", value, re.I))


def test_a_text_without_end_is_shown_as_it_was_typed() -> None:
    shown = render("*x*\n" * (LONGEST // 4 + 1))
    assert shown.startswith("<pre>")
    assert "<em>" not in shown


def test_deep_nesting_comes_to_an_end() -> None:
    assert render(">" * 5_000 + " x")
