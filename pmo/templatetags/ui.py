"""The tags and filters of every page, built in: no template loads them. What is drawn comes from the chart kit, what is written
from `pmo.lib.words`; a tag only puts the two together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pmo.lib import charts, words
from pmo.lib.charts.kit import NOTHING
from pmo.lib.charts.shapes import SHORT_WORD, WORD, letter_of

register = template.Library()

register.filter("money", words.money)
register.filter("millions", words.millions)
register.filter("day", words.day)
register.filter("short_day", words.short_day)
register.filter("plain_day", words.day_without_weekday)
register.filter("clock", words.clock)
register.filter("moment", words.moment)
register.filter("age", words.age)
register.filter("pct", words.percent)
register.filter("slip_words", words.slip)
register.simple_tag(charts.icon, name="icon")
register.simple_tag(charts.strip, name="strip")
register.simple_tag(words.amount, name="amount")

TREND_WORDS = {"better": "better", "same": "same", "worse": "worse"}


@register.filter
def rating_word(letter: str | None) -> str:
    """Return the full words of a rating: `Off plan, within tolerance`."""
    return WORD[letter_of(letter)]


@register.filter
def rating_short(letter: str | None) -> str:
    """Return the short words of a rating for lists: `Off plan`."""
    return SHORT_WORD[letter_of(letter)]


@register.filter
def number(value: int) -> str:
    """Write a whole number with its thousands: `1,204`."""
    return f"{value:,}"


@register.filter
def dash(value: object) -> object:
    """Return the value, or a dash where there is none; zero is a value."""
    return words.MISSING if value is None or value == "" else value


@register.simple_tag
def glyph(letter: str | None, size: int = 16, outline: bool = False) -> SafeString:
    return charts.glyph(letter_of(letter), size, outline)


@register.simple_tag
def mark(
    letter: str | None,
    word: str = "",
    src: str = "",
    href: str = "",
    panel: str = "",
    lg: bool = False,
) -> SafeString:
    """Show one rating: shape, letter, and a word where there is room.

    `src` ("evidence", "PM") makes an outline with its source in words; none means published. `panel` (the id of a panel on the
    page) makes it a button that says why, `href` a link to a page that does.
    """
    known = letter_of(letter)
    if known == "N":
        return format_html('<span class="mark mark--none">not assessed{}</span>', _span("src", f" {src}" if src else ""))
    inside = format_html(
        "{}<b>{}</b>{}{}{}",
        charts.glyph(known, 18 if lg else 16, bool(src) and src != "last"),
        "–" if known == "-" else known,
        _span("mark-w", word),
        _span("src", src),
        _aloud(known, word, src, asks_why=bool(panel or href)),
    )
    classes = f"mark mark--{'n' if known == '-' else known}{' mark--lg' if lg else ''}"
    if panel:
        return format_html('<button type="button" class="{}" popovertarget="{}">{}</button>', classes, panel, inside)
    if href:
        return format_html('<a class="{}" href="{}">{}</a>', classes, href, inside)
    return format_html('<span class="{}">{}</span>', classes, inside)


def _span(css_class: str, words_: str) -> SafeString:
    return format_html('<span class="{}">{}</span>', css_class, words_) if words_ else NOTHING


def _aloud(letter: str, word: str, src: str, *, asks_why: bool) -> SafeString:
    """Say to a screen reader what the eye takes from shape and place: whose rating it is, and what the letter means."""
    meaning = "" if word and word in (WORD[letter], SHORT_WORD[letter]) else f", {SHORT_WORD[letter].lower()}"
    whose = "" if src else ", published"
    return _span("vh", f"{meaning}{whose}{': why?' if asks_why else ''}")


@register.simple_tag
def marks(
    published: str | None,
    evidence: str | None = "",
    pm: str | None = "",
    word: bool = True,
    href: str = "",
    panel: str = "",
    lg: bool = False,
) -> SafeString:
    """Show the published mark, and beside it only the ratings that differ from it. Nothing is hidden in a tooltip."""
    short = SHORT_WORD[letter_of(published)] if word else ""
    shown = [mark(published, short, href=href, panel=panel, lg=lg)]
    shown += [
        mark(letter, src=source, href=href, panel=panel)
        for letter, source in ((evidence, "evidence"), (pm, "PM"))
        if letter and letter not in ("N", published)
    ]
    return format_html('<span class="marks">{}</span>', format_html_join("", "{}", ((one,) for one in shown)))


@register.simple_tag
def trend(kind: str, word: bool = True, full: bool = False) -> SafeString:
    """Show `better`, `same` or `worse` (`full`: worse than last week); a dash where there is no week before."""
    if kind not in TREND_WORDS:
        return format_html('<span class="faint">{}</span>', words.MISSING)
    said = f"{kind} than last week" if full and kind != "same" else kind
    return format_html(
        '<span class="trend">{}<span class="{}">{}</span></span>', charts.arrow(kind), "" if word else "vh", said
    )


@register.simple_tag
def slip(working_days: int | str | None, tolerance: int = 5) -> SafeString:
    """Show a difference in working days in words; past the tolerance it is bold. A row that is not there counts as missing."""
    if not isinstance(working_days, int):
        return format_html("{}", words.MISSING)
    late = working_days > tolerance
    return (
        format_html('<span class="{}">{}</span>', "late", words.slip(working_days))
        if late
        else format_html("{}", words.slip(working_days))
    )


@register.simple_tag
def over(difference: words.Amount | None, budget: words.Amount | None = None, tolerance_pct: float = 5) -> SafeString:
    """Show an amount against its budget in words; bold when it is over by more than the tolerance."""
    said = words.difference(difference)
    is_late = bool(difference and budget and float(difference) > float(budget) * tolerance_pct / 100)
    return format_html('<span class="late">{}</span>', said) if is_late else format_html("{}", said)


@register.simple_tag
def waiting(days: int | None, overdue: bool = False) -> SafeString:
    """Show how long something waits: `3 days`, and past the agreed time amber with the word overdue."""
    said = words.age(days)
    return format_html('<span class="age-late">{}, overdue</span>', said) if overdue else format_html("{}", said)


@register.simple_tag
def was(old: object, new: object) -> SafeString:
    """Show a change of a value: was, arrow, is."""
    return format_html('<span class="was"><del>{}</del>{}<ins>{}</ins></span>', dash(old), charts.icon("right", 14), dash(new))


@register.simple_tag
def moved(old: str | None, new: str | None, src: str = "") -> SafeString:
    """Show a change of a rating: mark, arrow, mark."""
    return format_html('<span class="was">{}{}{}</span>', mark(old, src=src), charts.icon("right", 14), mark(new, src=src))


@register.simple_tag
def time(when: dt.date | dt.datetime | None, style: str = "day") -> SafeString:
    """Show a date or a moment inside <time> with its machine form. `style`: day, short_day, plain_day, moment, clock."""
    if when is None:
        return format_html("{}", words.MISSING)
    write = {"plain_day": words.day_without_weekday}.get(style) or getattr(words, style)
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), write(when))


@register.simple_tag
def breadcrumb(*parts: str) -> SafeString:
    """Show the way here: label, address, label, address …; the addresses are those of the pages above this one."""
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    items = format_html_join("", '<li><a href="{1}">{0}</a></li>', pairs)
    return format_html('<nav class="crumbs" aria-label="Breadcrumb"><ol>{}</ol></nav>', items)


@register.simple_tag
def keycap(*keys: str) -> SafeString:
    return format_html_join(" ", "<kbd>{}</kbd>", ((key,) for key in keys))


@register.simple_tag
def strip_links(weeks: Sequence[tuple[str, str, str]]) -> SafeString:
    """Show the last weeks as links, oldest first: (letter, address, label). A week without an address is a shape only."""
    items = [
        format_html('<li><a href="{}" aria-label="{}">{}</a></li>', address, label, charts.glyph(letter_of(letter), 14))
        if address
        else format_html(
            '<li><span title="{0}">{1}<span class="vh">{0}</span></span></li>', label, charts.glyph(letter_of(letter), 14)
        )
        for letter, address, label in weeks
    ]
    return format_html('<ol class="strip">{}</ol>', format_html_join("", "{}", ((item,) for item in items)))


@register.simple_block_tag
def card(content: str, title: str, more: str = "", href: str = "", css: str = "", id: str = "") -> SafeString:
    """A card with a head. `more` stands at the right end of the head, as a link when `href` is given."""
    end = format_html('<a href="{}">{}</a>', href, more) if href else more
    return format_html(
        '<section class="card{}"{}><div class="card-head"><h2>{}</h2>{}</div><div class="card-body">{}</div></section>',
        f" {css}" if css else "",
        format_html(' id="{}"', id) if id else NOTHING,
        title,
        format_html('<span class="more">{}</span>', end) if end else NOTHING,
        content,
    )


@register.simple_block_tag
def panel(content: str, id: str, title: str, letter: str = "", src: str = "") -> SafeString:
    """A panel from the right edge, opened by any button with `popovertarget`; its mark stands before the title."""
    return format_html(
        '<div class="panel" id="{0}" popover role="dialog" aria-labelledby="{0}-title"><div class="panel-head">{1}'
        '<h2 id="{0}-title">{2}</h2><button type="button" class="btn btn--sm" popovertarget="{0}" popovertargetaction="hide">'
        'Close <kbd>Esc</kbd></button></div><div class="panel-body">{3}</div></div>',
        id,
        mark(letter, src=src) if letter else NOTHING,
        title,
        content,
    )


@register.simple_block_tag
def section(content: str, title: str, number: object = "", note: str = "", id: str = "") -> SafeString:
    """A section of a form or a document: number, title, and a note at the right end."""
    return format_html(
        '<section class="sec"{}><h2>{}{}{}</h2>{}</section>',
        format_html(' id="{}"', id) if id else NOTHING,
        _span("no", str(number)),
        title,
        _span("end soft", note),
        content,
    )


@register.simple_block_tag
def fold(
    content: str, title: str, number: object = "", note: str = "", state: str = "unchanged", open: bool = False
) -> SafeString:
    """A section folded to one line; several of them stand in one `<div class="folds">`."""
    return format_html(
        '<details class="fold"{}><summary>{}<b>{}</b>{}{}</summary><div class="fold-body">{}</div></details>',
        format_html(" {}", "open") if open else NOTHING,
        _span("faint", str(number)),
        title,
        _span("", state),
        _span("end", note),
        content,
    )
