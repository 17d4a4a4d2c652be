"""Text that people write in Markdown, as HTML that is safe to print: raw HTML is text, and what is left is cleaned again."""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "s", "code", "pre", "blockquote", "hr", "br", "a"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
#: The page's own headings end here; those of a text begin one below.
PAGE_LEVEL = 2
DEEPEST = 6
_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def to_html(text: str) -> SafeString:
    """Return `text` as clean HTML. Its headings stand below those of the page and never leave a level out."""
    tokens = _parser.parse(text)
    _below_the_page(tokens)
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow")
    return mark_safe(clean)  # noqa: S308  # cleaned one line above


def _below_the_page(tokens: list[Token]) -> None:
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    ranks = {tag: rank for rank, tag in enumerate(sorted({token.tag for token in headings}), start=1)}
    before = PAGE_LEVEL
    for opening, closing in zip(headings[::2], headings[1::2], strict=True):
        before = min(PAGE_LEVEL + ranks[opening.tag], before + 1, DEEPEST)
        opening.tag = closing.tag = f"h{before}"
