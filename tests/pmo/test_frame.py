"""The frame: navigation by role and only to pages that exist, preferences on the page, and error pages that need nothing."""

import datetime as dt

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path

from pmo.backends import SessionBackend
from pmo.context import build_frame
from pmo.lib.periods import fiscal_period
from pmo.models import User
from pmo.navigation import NAVIGATION, links_for
from pmo.views.styleguide import styleguide
from portfolio.models import Project
from tests.governance.stories import a_submitted

urlpatterns = [
    path("home/", styleguide, name="home"),
    path("", include(([path("board/", styleguide, name="dashboard")], "governance"))),
    path("a/", styleguide, name="administration"),
]


@pytest.fixture
def few_pages(settings) -> None:
    settings.ROOT_URLCONF = __name__


def labels(user: User, path: str = "/") -> list[str]:
    return [link.label for link in links_for(user, path)]


@pytest.mark.usefixtures("few_pages")
def test_navigation_offers_only_pages_that_exist(pia: User) -> None:
    assert labels(pia) == ["Home", "Portfolio", "Administration"]


@pytest.mark.usefixtures("few_pages")
def test_navigation_is_by_role(olaf: User, adam: User) -> None:
    assert labels(olaf) == ["Home"]
    assert "Administration" in labels(adam)


@pytest.mark.usefixtures("few_pages")
def test_entry_of_the_page_and_of_pages_below_it_is_current(pia: User) -> None:
    current = [link.label for link in links_for(pia, "/board/2026/") if link.is_current]

    assert current == ["Portfolio"]
    assert not [link for link in links_for(pia, "/elsewhere/") if link.is_current]


def test_the_entry_of_a_register_and_of_a_challenge_is_current(pia: User) -> None:
    assert [link.label for link in links_for(pia, "/risks/") if link.is_current] == ["Projects"]
    assert [link.label for link in links_for(pia, "/challenges/") if link.is_current] == ["Reviews"]


def test_the_row_says_how_many_reviews_wait_without_a_query_of_its_own(client: Client, pia: User, alpha: Project) -> None:
    a_submitted(alpha)
    client.force_login(pia)
    html = client.get("/accounts/").content.decode()
    assert 'Reviews<span class="count">1</span>' in html
    person = SessionBackend().get_user(pia.pk)
    assert (person.counted_reviews, person.counted_unread) == (1, 1)


def test_every_entry_has_its_own_page() -> None:
    assert len({item.url_name for item in NAVIGATION}) == len(NAVIGATION)


@pytest.mark.parametrize(
    ("on", "start", "text"),
    [
        (dt.date(2026, 12, 8), 7, "FY2027, period 6 (Dec)"),
        (dt.date(2027, 6, 30), 7, "FY2027, period 12 (Jun)"),
        (dt.date(2027, 7, 1), 7, "FY2028, period 1 (Jul)"),
        (dt.date(2026, 12, 8), 1, "FY2026, period 12 (Dec)"),
        (dt.date(2026, 9, 30), 10, "FY2026, period 12 (Sep)"),
    ],
)
def test_fiscal_year_is_named_after_its_end(on: dt.date, start: int, text: str) -> None:
    assert fiscal_period(on, start).text == text


def test_frame_carries_the_accounts_preferences(pia: User) -> None:
    pia.theme, pia.density, pia.keys_enabled = "dark", "compact", False
    request = HttpRequest()
    request.user = pia

    frame = build_frame(request)

    assert (frame.theme, frame.density, frame.keys) == ("dark", "compact", "off")


def test_page_says_preferences_on_its_root_element(client: Client, pia: User) -> None:
    User.objects.filter(pk=pia.pk).update(theme="dark", density="compact", keys_enabled=False)
    client.force_login(pia)

    html = client.get("/styleguide/").content.decode()

    assert '<html lang="en" data-theme="dark" data-density="compact" data-keys="off">' in html


def test_missing_page_is_framed_for_the_signed_in(client: Client, pia: User) -> None:
    client.force_login(pia)

    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert pia.name in response.content.decode()


@pytest.mark.parametrize("template", ["400.html", "500.html"])
def test_error_page_needs_no_context_and_no_database(template: str) -> None:
    from django.template.loader import render_to_string

    html = render_to_string(template)

    assert "<h1>" in html
    assert "css/tokens.css" in html


@pytest.mark.parametrize("attribute", [" style=", " onclick=", "javascript:"])
def test_guide_has_no_inline_style_or_script(client: Client, pia: User, attribute: str) -> None:
    client.force_login(pia)

    html = client.get("/styleguide/").content.decode()

    assert attribute not in html


def test_guide_reads_no_table_of_its_own(client: Client, pia: User, django_assert_max_num_queries) -> None:
    client.force_login(pia)
    client.get("/styleguide/")

    with django_assert_max_num_queries(6):
        assert client.get("/styleguide/").status_code == 200
