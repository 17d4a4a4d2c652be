"""What a source said of a project, date by date: the page, who sees the money in it, and the files."""

import csv
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from pmo.models import User
from portfolio.models import Project
from tests.portfolio.importing import imported

pytestmark = pytest.mark.django_db
TEXT = (
    "code,name,rating,phase,budget,forecast finish,comment,as of,Extra cost\n"
    "H-1,Harbor,Amber,Design,£1.50,2027-01-29,Late permit,2026-09-01,£77.70\n"
    "H-1,Harbor,Green,Build,£2.50,2027-02-26,,2026-10-01,\n"
)


@pytest.fixture
def harbor(pia: User) -> Project:
    imported(TEXT, by=pia, currency="GBP", unit=1_000_000)
    return Project.objects.get(code="H-1")


def page(user: User, name: str = "imported-list") -> bytes:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(f"portfolio:{name}", args=["H-1"]))
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content


def test_each_date_is_shown_in_the_words_currency_and_unit_of_the_source(harbor: Project, pia: User) -> None:
    text = page(pia).decode()
    assert text.index("1 Oct 2026") < text.index("1 Sep 2026")
    assert all(words in text for words in ("Amber", "Design", "Late permit", "£1.50 M", "£2.50 M", "£77.70", "not reviewed"))


def test_the_project_page_leads_there_only_when_something_was_imported(harbor: Project, pia: User) -> None:
    client = Client()
    client.force_login(pia)
    address = reverse("portfolio:imported-list", args=["H-1"])
    assert address.encode() in client.get(reverse("portfolio:member-list", args=["H-1"])).content


def test_without_the_right_to_see_money_neither_amounts_nor_further_cells_are_there(
    harbor: Project, tess: User, max: User
) -> None:
    from tests.factories import make_member

    make_member(harbor, tess)
    for name in ("imported-list", "imported-list-csv"):
        text = page(tess, name).decode()
        assert "Late permit" in text
        assert "1.50" not in text
        assert "77.70" not in text


def test_others_see_no_such_page(harbor: Project, olaf: User, stella: User) -> None:
    for user in (olaf, stella):
        client = Client()
        client.force_login(user)
        for name in ("imported-list", "imported-list-csv", "imported-list-xlsx"):
            assert client.get(reverse(f"portfolio:{name}", args=["H-1"])).status_code == 404


def test_the_file_has_plain_numbers_with_currency_and_unit_beside_them(harbor: Project, pia: User) -> None:
    rows = list(csv.DictReader(StringIO(page(pia, "imported-list-csv").decode("utf-8-sig"))))
    assert [(row["As of"], row["Budget"], row["Currency"], row["Unit"]) for row in rows] == [
        ("2026-10-01", "2.50", "GBP", "millions"),
        ("2026-09-01", "1.50", "GBP", "millions"),
    ]
    assert page(pia, "imported-list-xlsx")[:2] == b"PK"
