"""The tags of every page: a rating is never colour alone, differences are never hidden, and what people type is escaped."""

import datetime as dt

import pytest
from django.template import Context, Template


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("letter", "shown"), [("G", "<b>G</b>"), ("Y", "<b>Y</b>"), ("R", "<b>R</b>"), ("-", "<b>–</b>"), (None, "<b>–</b>")]
)
def test_mark_has_a_shape_and_a_letter(letter: str | None, shown: str) -> None:
    html = render("{% mark letter %}", letter=letter)

    assert shown in html
    assert '<svg class="glyph"' in html


def test_mark_says_its_meaning_aloud_when_no_word_is_shown() -> None:
    assert '<span class="vh">, off plan, published</span>' in render('{% mark "Y" %}')
    assert "off plan" not in render('{% mark "Y" word="Off plan" %}')


def test_outline_is_kept_for_other_peoples_ratings() -> None:
    assert 'fill="none"' in render('{% mark "G" src="evidence" %}')
    assert 'fill="none"' not in render('{% mark "G" %}')


def test_mark_that_can_say_why_is_a_button_or_a_link() -> None:
    assert '<button type="button" class="mark mark--Y" popovertarget="why">' in render('{% mark "Y" panel="why" %}')
    assert '<a class="mark mark--Y" href="/why/">' in render('{% mark "Y" href="/why/" %}')


def test_not_assessed_has_no_colour_and_no_letter() -> None:
    html = render('{% mark "N" %}')

    assert "not assessed" in html
    assert "<svg" not in html


def test_marks_show_only_the_ratings_that_differ() -> None:
    assert render('{% marks "Y" "Y" "Y" %}').count("<svg") == 1
    differing = render('{% marks "Y" "R" "G" %}')
    assert "evidence" in differing
    assert "PM" in differing
    assert render('{% marks "Y" "N" "" %}').count("<svg") == 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% slip 12 %}", '<span class="late">12 days late</span>'),
        ("{% slip 5 %}", "5 days late"),
        ("{% slip None %}", "—"),
        ("{% over 41200 400000 %}", '<span class="late">$41,200 over</span>'),
        ("{% over 41200 4000000 %}", "$41,200 over"),
        ("{% over -8300 %}", "$8,300 under"),
        ("{% waiting 6 True %}", '<span class="age-late">6 days, overdue</span>'),
        ("{% waiting 1 %}", "1 day"),
        ('{% amount 12.4 "GBP" "million" %}', "£12.40 M"),
        ('{% trend "" %}', '<span class="faint">—</span>'),
        ("{{ 1204|number }}", "1,204"),
        ("{{ 0|dash }}", "0"),
        ("{{ None|dash }}", "—"),
        ("{{ nothing|money }}", "—"),
        ('{% keycap "j" "k" %}', "<kbd>j</kbd> <kbd>k</kbd>"),
    ],
)
def test_figures_are_said_in_words(source: str, expected: str) -> None:
    assert render(source, nothing=None) == expected


def test_time_carries_its_machine_form() -> None:
    assert render("{% time on %}", on=dt.date(2026, 12, 4)) == '<time datetime="2026-12-04">Fri 4 Dec 2026</time>'
    assert render("{% time on %}", on=None) == "—"


def test_full_trend_says_than_last_week() -> None:
    assert "worse than last week" in render('{% trend "worse" full=True %}')
    assert "than last week" not in render('{% trend "same" full=True %}')


def test_strip_of_links_names_every_week() -> None:
    html = render("{% strip_links weeks %}", weeks=[("G", "/r/1/", "Week 1: green"), ("-", "", "Week 2: no report")])

    assert '<a href="/r/1/" aria-label="Week 1: green">' in html
    assert '<span class="vh">Week 2: no report</span>' in html


HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "source",
    [
        "{% mark 'Y' word=words src=words href=words %}",
        "{% was words words %}",
        "{% breadcrumb words words %}",
        "{% card words more=words href=words css=words %}{{ words }}{% endcard %}",
        "{% panel words words %}{{ words }}{% endpanel %}",
        "{% section words number=words note=words %}{{ words }}{% endsection %}",
        "{% fold words number=words note=words state=words %}{{ words }}{% endfold %}",
        "{% strip 'G' words %}",
        "{% strip_links weeks %}",
        "{% amount 1 words words %}",
    ],
)
def test_words_of_people_are_escaped(source: str) -> None:
    assert "<script" not in render(source, words=HOSTILE, weeks=[("G", HOSTILE, HOSTILE)])


def test_block_tags_keep_the_markup_of_their_body() -> None:
    html = render('{% card "Top risks" more="All 17" href="/risks/" %}<b>one</b>{% endcard %}')

    assert "<b>one</b>" in html
    assert '<span class="more"><a href="/risks/">All 17</a></span>' in html
