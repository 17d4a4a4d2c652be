"""Markdown that people write, as HTML that can do nothing: the one place where their words become markup.

Two walls: the parser writes no HTML that was typed, and what it wrote is cleaned down to a list of harmless elements.
"""

from __future__ import annotations

from collections.abc import Sequence

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

#: Above this, a text is shown as it was typed: no page needs it, and rendering would keep a worker busy.
LONGEST = 200_000
#: Headings begin at the third level: the page has the first two.
TEXT_TAGS = frozenset({"p", "br", "hr", "strong", "em", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li"})
TAGS = TEXT_TAGS | {"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
#: A text beside an earlier one also has these: they cannot be typed, for typed markup is shown as it was typed.
CHANGE_TAGS = frozenset({"ins", "del"})
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
CLASSES = {"li": {"is-gone"}}
SCHEMES = frozenset({"http", "https", "mailto"})

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")


def render(text: str, *, deepest: int = 6) -> SafeString:
    """Return `text` as clean HTML. Headings stand between level 3 and `deepest`; links lead to the web or to mail only."""
    return rendered(parse(text, deepest=deepest))


def parse(text: str, *, deepest: int = 6) -> list[Token]:
    if len(text) > LONGEST:
        return [Token("code_block", "code", 0, content=text)]
    tokens = _parser.parse(text)
    for token in tokens:
        _lower_heading(token, deepest)
    return tokens


def rendered(tokens: Sequence[Token]) -> SafeString:
    return _clean(_parser.renderer.render(tokens, _parser.options, {}))


def _lower_heading(token: Token, deepest: int) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1]) + 2, deepest)}"


def _clean(html: str) -> SafeString:
    cleaned = nh3.clean(
        html,
        tags=set(TAGS | CHANGE_TAGS),
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    return mark_safe(cleaned)  # noqa: S308  # cleaned in the line above
