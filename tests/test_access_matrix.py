"""Every URL and every person, by real requests, against the table in tests/access_matrix.py. A URL without a row fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.access_matrix import EVERYONE, MATRIX, OWN, Row
from tests.access_world import World, named_urls

#: What a refused request may still write: the session and the lock-out counter of signing in.
OWN_BOOKS = ("django_session", "usersessions", "axes_", "SAVEPOINT", "RELEASE", "ROLLBACK")


def test_every_url_has_a_row_and_every_row_a_url() -> None:
    urls = set(named_urls())
    assert urls - set(MATRIX) == set(), "URLs without a row in tests/access_matrix.py"
    assert set(MATRIX) - urls == set(), "rows without a URL"


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collect the statements that change the database while the block runs, and undo them all."""
    seen: list[str] = []

    def watch(execute: Any, sql: str, *arguments: Any) -> Any:
        if sql.split(" ", 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"} and not any(book in sql for book in OWN_BOOKS):
            seen.append(sql[:120])
        return execute(sql, *arguments)

    with connection.execute_wrapper(watch), transaction.atomic():
        yield seen
        transaction.set_rollback(True)


def ask(client: Client, row: Row, url: str) -> HttpResponse:
    return client.post(url, {}) if row.method == "POST" else client.get(url)


def outcome(response: HttpResponse) -> str:
    """Return allow, forbid, hide, login or no such method for what came back; a failure of the server raises AssertionError."""
    assert response.status_code < 500, response.content[:500]
    if response.status_code in (301, 302, 303) and "/accounts/login/" in response["Location"]:
        return "login"
    return {403: "forbid", 404: "hide", 401: "login", 405: "no such method"}.get(response.status_code, "allow")


@pytest.mark.parametrize("person", sorted(EVERYONE))
def test_each_person_gets_what_the_table_says(person: str, world: World) -> None:
    client = Client(raise_request_exception=True)
    client.force_login(world.people[person])
    wrong = []
    for name, parameters in named_urls().items():
        row = MATRIX[name]
        url = reverse(name, kwargs=world.arguments(name, parameters))
        with writes() as written:
            found = outcome(ask(client, row, url))
            expected = row.verdict(person)
            if found != expected:
                wrong.append(f"{name}: {found}, the table says {expected}")
            elif found != "allow" and written:
                wrong.append(f"{name}: refused, yet it wrote {written[0]}")
            elif row.method == "GET" and written and name not in SAVES_ON_GET:
                wrong.append(f"{name}: a GET wrote {written[0]}")
        client.force_login(world.people[person])
    assert not wrong, "\n".join(wrong)


#: A PDF is built and stored when it is first asked for, and who is handed what is confidential is written down; codes are made
#: when first shown; who opens a section is said to write.
SAVES_ON_GET = {
    "governance:document-section-edit",
    "governance:report-pdf",
    "governance:document-pdf",
    "governance:document-record-pdf",
    "governance:document-office-pdf",
    "governance:report-record-pdf",
    "governance:gate-record-pdf",
    "governance:change-record-pdf",
    "governance:public-report-pdf",
    "mfa_activate_totp",
    "account_logout",
}


def test_signed_out_every_page_leads_to_sign_in(world: World) -> None:
    wrong = []
    for name, parameters in named_urls().items():
        row = MATRIX[name]
        with writes() as written:
            found = outcome(ask(Client(), row, reverse(name, kwargs=world.arguments(name, parameters))))
            if (found == "login") == row.public and not (row.public and name.startswith(("account", "mfa"))):
                wrong.append(f"{name}: {found}")
            if written:
                wrong.append(f"{name}: wrote {written[0]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "head"])
def test_no_url_fails_for_any_method(method: str, world: World) -> None:
    client = Client(raise_request_exception=True)
    client.force_login(world.people["pia"])
    failed = []
    for name, parameters in named_urls().items():
        with writes():
            response = getattr(client, method)(reverse(name, kwargs=world.arguments(name, parameters)))
            if response.status_code >= 500:
                failed.append(f"{method} {name}: {response.status_code}")
        client.force_login(world.people["pia"])
    assert not failed, "\n".join(failed)


def test_what_belongs_to_one_person_is_nobody_elses() -> None:
    assert all(len(row.allow) == 1 for row in OWN.values())
