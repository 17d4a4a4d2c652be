"""Two Markdown texts as one: rendered, with what was removed and added in its place, whatever was written."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest

from pmo.lib.markdown import CHANGE_TAGS, LONGEST, TAGS, render
from pmo.lib.markdown_changes import beside


def marked(was: str | None, now: str) -> str:
    return str(beside(was, now).html).replace("\n", "")


class Nested(HTMLParser):
    """Says whether every element closes where it has to, and none has anything that runs."""

    VOID = ("br", "hr")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS | CHANGE_TAGS
        assert all(name in {"href", "rel", "start", "class", "title"} for name, _ in attrs)
        assert not re.match(r"\s*(javascript|data|vbscript):", dict(attrs).get("href") or "", re.I)
        parent = self.open[-1] if self.open else ""
        assert tag == "li" or parent not in ("ul", "ol")
        assert tag in ("td", "th") or parent != "tr"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_changed_words_stand_in_place_and_count_once() -> None:
    was, now = "Drains at 24 pilot sites are inspected by eye.", "Drains at 412 sites are inspected by eye."
    assert marked(was, now) == "<p>Drains at <del>24 pilot</del> <ins>412</ins> sites are inspected by eye.</p>"
    assert beside(was, now).changes == 1


def test_what_is_the_same_is_rendered_as_everywhere_else() -> None:
    text = "# Costs\n\n- **one**\n- [two](https://example.org)\n\n> three\n\n```\nfour\n```\n\n| a |\n|---|\n| 5 < 6 |"
    same = beside(text, text)
    assert same.html == beside(None, text).html == render(text)
    assert same.changes == 0


def test_text_that_is_only_typed_otherwise_is_no_change() -> None:
    assert beside("*a*  b\n\n* one\n* two", "_a_ b\n\n\n- one\n- two").changes == 0


@pytest.mark.parametrize(
    ("was", "now", "shown"),
    [
        ("", "New.", "<p><ins>New.</ins></p>"),
        ("Old.", "", "<p><del>Old.</del></p>"),
        ("It is so", "It is **so**", "<p>It is <del>so</del> <ins><strong>so</strong></ins></p>"),
        ("all *of it* is so", "all *of* it is so", "<p>all <em>of</em> <del><em>it</em></del> <ins>it</ins> is so</p>"),
        ("two open days", "two open days.", "<p>two open days<ins>.</ins></p>"),
        ("two days to go.", "two days.", "<p>two days <del>to go</del>.</p>"),
        ("run `a b` now", "run `a c` now", "<p>run <del><code>a b</code></del> <ins><code>a c</code></ins> now</p>"),
        ("# Costs", "## Costs", "<h3><del>Costs</del></h3><h4><ins>Costs</ins></h4>"),
        ("one\n\n---\n\ntwo", "one\n\ntwo", "<p>one</p><del><hr></del><p>two</p>"),
        ("a b\nc d", "a b c d", "<p>a b <del>↵</del>c d</p>"),
        ("a b c d", "a b\nc d", "<p>a b <ins>↵<br></ins>c d</p>"),
        ("> said a b", "> said a c", "<blockquote><p>said a <del>b</del> <ins>c</ins></p></blockquote>"),
        ("~~a b~~ c", "~~a~~ c", "<p><s>a</s> <del><s>b</s></del> c</p>"),
    ],
)
def test_a_change_is_marked(was: str, now: str, shown: str) -> None:
    assert marked(was, now) == shown


def test_a_link_that_leads_elsewhere_says_where_both_lead() -> None:
    both = marked("See [the plan](https://a.example/x) now", "See [the plan](https://b.example/x) now")
    shown = re.sub(' rel="[^"]*"', "", both)
    assert '<a href="https://a.example/x"><del>the plan</del></a> <del>(https://a.example/x)</del>' in shown
    assert '<a href="https://b.example/x"><ins>the plan</ins></a> <ins>(https://b.example/x)</ins>' in shown


def test_a_link_with_another_word_stays_one_link() -> None:
    shown = marked("See [the plan](https://a.example) now", "See [the new plan](https://a.example) now")
    assert shown.count("<a ") == 1
    assert "the <ins>new</ins> plan</a>" in shown


def test_an_added_link_that_is_its_own_address_says_it_once() -> None:
    assert marked("See now", "See <https://a.example/x> now").count("https://a.example/x") == 2


def test_an_item_that_moved_is_marked_where_it_was_and_where_it_is() -> None:
    was, now = "1. one thing\n2. two things\n3. three more", "1. three more\n2. one thing\n3. two things"
    assert marked(was, now) == (
        "<ol><li><ins>three more</ins></li><li>one thing</li><li>two things</li>"
        '<li class="is-gone"><del>three more</del></li></ol>'
    )
    assert beside(was, now).changes == 2


def test_a_changed_item_is_compared_with_the_one_it_was() -> None:
    was = "- keep the clerks informed\n- test the sensors in spring\n- report each month"
    now = "- test the sensors in autumn\n- report each month"
    assert marked(was, now) == (
        '<ul><li class="is-gone"><del>keep the clerks informed</del></li>'
        "<li>test the sensors in <del>spring</del> <ins>autumn</ins></li><li>report each month</li></ul>"
    )


def test_a_list_that_became_numbered_is_exchanged_whole() -> None:
    shown = marked("- a\n- b", "1. a\n2. b")
    assert '<ul><li class="is-gone"><del>a</del></li>' in shown
    assert "<ol><li><ins>a</ins></li>" in shown


def test_only_the_changed_lines_of_code_are_marked() -> None:
    shown = str(beside("```\na = 1\nb = 2\n```", "```\na = 1\nb = 3\n```").html)
    assert shown == "<pre><code>a = 1\n<del>b = 2\n</del><ins>b = 3\n</ins></code></pre>"


def test_a_table_is_compared_by_row_and_cell() -> None:
    head = "| what | when |\n|---|---|\n"
    shown = marked(f"{head}| pilot | in May |\n| end | June |", f"{head}| pilot | in July |\n| test | now |\n| end | June |")
    assert "<tr><td>pilot</td><td>in <del>May</del> <ins>July</ins></td></tr>" in shown
    assert "<tr><td><ins>test</ins></td><td><ins>now</ins></td></tr><tr><td>end</td>" in shown


def test_a_table_with_another_column_is_exchanged_whole() -> None:
    shown = marked("| a |\n|---|\n| 1 |", "| a | b |\n|---|---|\n| 1 | 2 |")
    assert shown.count("<table>") == 2


def test_words_of_right_to_left_scripts_are_marked_one_by_one() -> None:
    assert marked("تكلفة المشروع عشرون ألفا", "تكلفة المشروع ثلاثون ألفا") == (
        "<p>تكلفة المشروع <del>عشرون</del> <ins>ثلاثون</ins> ألفا</p>"
    )


def test_another_paragraph_is_not_mixed_with_the_one_before() -> None:
    assert marked("Old words stood here.", "Quite another phrase altogether") == (
        "<p><del>Old words stood here.</del></p><p><ins>Quite another phrase altogether</ins></p>"
    )


NASTY = [
    "a *b **c* d** e",
    "a **b *c",
    "<script>alert(1)</script> one two three",
    "<ins>one</ins> <del>two</del> three </del></p></div>",
    '[x](javascript:alert(1)) and [y](https://example.org "onmouseover=alert(1)")',
    "[one *two](https://example.org) three* `</code><script>`",
    "- a\n  - b *c\n  - d\n\n  e\n- f",
    "1. a\n\n   > b\n   > - c\n   >   ```\n   >   <b>\n   >   ```\n2. d",
    "| <b> | *a |\n|---|---|\n| ` | ` |\n| <ins> | [x](data:text/html;base64,PHN) |",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "-\n-\n- a",
    "> " * 40 + "deep",
    "# \n\n## <h1>\n\n***\n\nt\n=",
    "\u202e right \u2066 to left \u0000 null",
    "",
]


@pytest.mark.parametrize("was", NASTY)
@pytest.mark.parametrize("now", NASTY)
def test_whatever_changed_the_markup_is_whole_and_harmless(was: str, now: str) -> None:
    """Within a line, too: the two texts follow the same words, so that they are compared word by word."""
    Nested(str(beside(was, now).html))
    Nested(str(beside(f"same words {was} before", f"same words {now} before").html))


@pytest.mark.parametrize("now", NASTY)
@pytest.mark.parametrize("was", NASTY)
def test_without_what_was_removed_the_text_is_that_of_now(was: str, now: str) -> None:
    """Nothing of the later text is lost, whatever it is compared with."""
    kept = re.sub(r"<del>.*?</del>", "", str(beside(was, now).html), flags=re.DOTALL)
    assert words_of(kept) >= words_of(str(render(now))) - {"↵"}


def words_of(html: str) -> set[str]:
    return set(re.sub(r"<[^>]*>", " ", html).split())


def test_long_texts_take_a_moment() -> None:
    words = [f"w{n % 300}" if n % 3 else "the" for n in range(2_000)]
    other = [f"new{n}" if n % 20 == 7 else word for n, word in enumerate(words)]
    begun = time.process_time()
    assert beside(" ".join(words), " ".join(other)).changes == 100
    assert beside("the " * 5_900, "a the " * 2_900).changes
    assert beside("\n\n".join(f"one {n}" for n in range(900)), "\n\n".join(f"two {n}" for n in range(900))).changes == 1_800
    assert time.process_time() - begun < 2


def test_a_text_without_end_is_shown_as_it_was_typed() -> None:
    assert str(beside("*x*", "*y*\n" * (LONGEST // 4 + 1)).html).startswith("<p><del>")
