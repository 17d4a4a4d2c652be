"""Markdown that people write, as HTML that can do nothing: the one place where their words become markup.

Two walls: the parser writes no HTML that was typed, and what it wrote is cleaned down to a list of harmless elements.
"""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

#: Above this, a text is shown as it was typed: no page needs it, and rendering would keep a worker busy.
LONGEST = 200_000
#: Headings begin at the third level: the page has the first two.
TEXT_TAGS = frozenset({"p", "br", "hr", "strong", "em", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li"})
TAGS = TEXT_TAGS | {"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")


def render(text: str) -> SafeString:
    """Return `text` as clean HTML. Headings begin at the third level; links lead to the web or to mail only."""
    if len(text) > LONGEST:
        return _clean(f"<pre>{nh3.clean_text(text)}</pre>")
    tokens = _parser.parse(text)
    for token in tokens:
        _lower_heading(token)
    return _clean(_parser.renderer.render(tokens, _parser.options, {}))


def _lower_heading(token: Token) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"


def _clean(html: str) -> SafeString:
    cleaned = nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    return mark_safe(cleaned)  # noqa: S308  # cleaned in the line above
