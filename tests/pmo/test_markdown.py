"""Markdown from people: what it may become, and what it never does."""

from __future__ import annotations

import pytest

from pmo.lib.markdown import to_html


def test_paragraphs_lists_and_tables_are_rendered() -> None:
    html = to_html("One **strong** word\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |")
    assert "<strong>strong</strong>" in html
    assert html.count("<li>") == 2
    assert "<td>2</td>" in html


def test_headings_stand_below_those_of_the_page_and_leave_no_level_out() -> None:
    html = to_html("## Purpose\n\n#### Detail\n\n# Late")
    assert [html[at + 1 : at + 3] for at in range(len(html)) if html.startswith("<h", at)] == ["h3", "h4", "h3"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[press](javascript:alert(1))",
        "[press](data:text/html;base64,AAAA)",
        "![picture](https://example.org/a.png)",
        "<a href='https://example.org' onclick='x()'>a</a>",
        "[a](https://example.org 'x\" onclick=\"y')",
    ],
)
def test_nothing_that_runs_or_loads_comes_through(text: str) -> None:
    html = to_html(text)
    tags = [part.split(">")[0] for part in html.split("<")[1:]]
    assert not any(tag.startswith(("script", "img")) for tag in tags)
    assert not any(" on" in tag.replace("&quot;", "") and 'onclick="' in tag for tag in tags)
    assert not any('href="javascript' in tag or 'href="data' in tag for tag in tags)


def test_links_to_other_sites_give_nothing_away() -> None:
    assert 'rel="noopener noreferrer nofollow"' in to_html("[city](https://example.org)")
