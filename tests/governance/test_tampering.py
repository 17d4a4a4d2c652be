"""Somebody with the database in hand: whatever they change in what was signed, `verify_approvals` names the first row."""

from __future__ import annotations

import hashlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from governance.models import ChainHead, SignOff, StoredPdf
from governance.record_copies import copy_of
from governance.states import Copy
from tests.governance.decided import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path


def run(sql: str, *values) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def named() -> str:
    """Return what the command says does not hold, or an empty string where everything does."""
    try:
        call_command("verify_approvals", stdout=StringIO())
    except CommandError as error:
        return str(error)
    return ""


def decision_on(subject) -> SignOff:
    return subject.sign_offs.get(content_sha256=subject.record_sha256)


@pytest.fixture(params=KINDS)
def subject(request, alpha, beta, pia):
    """One decided thing of a kind, with sign-offs before and after it in the chain."""
    KINDS["report"](beta, pia)
    made = KINDS[request.param](alpha, pia)
    KINDS["gate"](beta, pia)
    assert named() == ""
    return made


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("intent", "I did not mean it."),
        ("role", "Executive"),
        ("person_name", "Somebody Else"),
        ("acting_for_name", "Somebody Else"),
        ("action", "reject"),
        ("signed_at", "2026-11-18 12:00:00+00:00"),
        ("content_sha256", "0" * 64),
        ("previous_sha256", "0" * 64),
        ("entry_sha256", "0" * 64),
    ],
)
def test_every_column_of_a_sign_off(column, value, subject) -> None:
    sequence = decision_on(subject).sequence
    assert run(f"UPDATE governance_signoff SET {column} = %s WHERE sequence = %s", value, sequence) == 1  # noqa: S608
    assert named().startswith(f"Sign-off {sequence}:")


def test_another_person_behind_the_same_name(subject, bea) -> None:
    sequence = decision_on(subject).sequence
    run("UPDATE governance_signoff SET person_id = %s WHERE sequence = %s", bea.pk, sequence)
    assert named().startswith(f"Sign-off {sequence}:")


def test_two_sign_offs_in_another_order(subject) -> None:
    sequence = decision_on(subject).sequence
    for old, new in ((sequence, 9999), (sequence - 1, sequence), (9999, sequence - 1)):
        run("UPDATE governance_signoff SET sequence = %s WHERE sequence = %s", new, old)
    assert named().startswith(f"Sign-off {sequence - 1}:")


def test_a_sign_off_taken_out_of_the_middle(subject) -> None:
    sequence = decision_on(subject).sequence
    run("DELETE FROM governance_signoff WHERE sequence = %s", sequence)
    assert named() == f"Sign-off {sequence}: Sign-off {sequence} is missing."


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_sign_off_taken_away_even_with_its_head(kind, alpha, beta, pia) -> None:
    KINDS["report"](beta, pia)
    subject = KINDS[kind](alpha, pia)
    last = SignOff.objects.latest("sequence")
    assert last == decision_on(subject)
    run("DELETE FROM governance_signoff WHERE sequence = %s", last.sequence)
    assert named().startswith(f"Sign-off {last.sequence}:")
    ChainHead.objects.update(sequence=last.sequence - 1, entry_sha256=last.previous_sha256)
    assert str(subject) in named() or named().startswith(f"Sign-off {last.sequence - 1}:")


def test_the_frozen_record(subject) -> None:
    altered = subject.record.replace("Pia Orlov", "Max Harrow").replace("Sid Sponsor", "Max Harrow")
    assert altered != subject.record
    run(f"UPDATE {subject._meta.db_table} SET record = %s WHERE id = %s", altered, subject.pk)  # noqa: S608
    assert named() == f"{subject}: The decided record was altered."


def test_the_frozen_record_together_with_its_digest(subject) -> None:
    altered = subject.record.replace("Pia Orlov", "Max Harrow").replace("Sid Sponsor", "Max Harrow")
    digest = hashlib.sha256(altered.encode()).hexdigest()
    run(f"UPDATE {subject._meta.db_table} SET record = %s, record_sha256 = %s WHERE id = %s", altered, digest, subject.pk)  # noqa: S608
    assert named().startswith(f"Sign-off {decision_on_row(subject)}:")


def decision_on_row(subject) -> int:
    return int(SignOff.objects.get(content_sha256=subject.record_sha256).sequence)


def test_a_record_that_is_blotted_out(subject) -> None:
    run(f"UPDATE {subject._meta.db_table} SET record = '', record_sha256 = '' WHERE id = %s", subject.pk)  # noqa: S608
    assert named().startswith(f"Sign-off {decision_on_row(subject)}:")


COLUMNS = {
    "report": [("state", "returned"), ("decision_reason", "Because."), ("decided_at", "2026-11-18 12:00:00+00:00")],
    "document": [("state", "conditional"), ("decision_reason", "Because."), ("decided_at", "2026-11-18 12:00:00+00:00")],
    "gate": [
        ("decision", "stop"),
        ("rationale", "Because."),
        ("minutes", "Nobody objected."),
        ("held_on", "2026-11-01"),
        ("phase_after", "closed"),
        ("gate", "G5"),
        ("decided_at", "2026-11-18 12:00:00+00:00"),
    ],
    "change": [
        ("state", "rejected"),
        ("decision_reason", "Because."),
        ("title", "Another change"),
        ("days_effect", "3"),
        ("cost_effect", "12"),
        ("assessment", "It is fine."),
        ("authority", "board"),
        ("decided_at", "2026-11-18 12:00:00+00:00"),
    ],
}


@pytest.mark.parametrize(("kind", "column", "value"), [(kind, *row) for kind, rows in COLUMNS.items() for row in rows])
def test_the_columns_beside_the_record(kind, column, value, alpha, pia) -> None:
    subject = KINDS[kind](alpha, pia)
    assert named() == ""
    assert run(f"UPDATE {subject._meta.db_table} SET {column} = %s WHERE id = %s", value, subject.pk) == 1  # noqa: S608
    assert "The row was changed after the decision" in named()


@pytest.mark.parametrize("kind", KINDS)
def test_another_decider_beside_the_record(kind, alpha, pia, bea) -> None:
    subject = KINDS[kind](alpha, pia)
    run(f"UPDATE {subject._meta.db_table} SET decided_by_id = %s WHERE id = %s", bea.pk, subject.pk)  # noqa: S608
    assert named() == f"{subject}: The row was changed after the decision: who decided."


@pytest.mark.pdf
@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_file_that_was_replaced(kind, alpha, beta, pia) -> None:
    stored = copy_of(KINDS[kind](alpha, pia), Copy.RECORD)
    assert named() == ""
    other = copy_of(KINDS["gate"](beta, pia), Copy.RECORD)
    reading = bytes(copy_of(stored.subject, Copy.READING).file)

    def replaced(file: bytes) -> str:
        StoredPdf.objects.filter(pk=stored.pk).update(file=file, sha256=hashlib.sha256(file).hexdigest())
        return named()

    file = bytes(stored.file)
    run("UPDATE governance_storedpdf SET file = %s WHERE id = %s", reading, stored.pk)
    assert named() == f"{stored}: The stored file is not the one that was built."
    assert replaced(bytes(other.file)) == f"{stored}: The stored file names another record."
    assert replaced(reading) == f"{stored}: Its seal is gone."
    assert replaced(file + b"\n% more") == f"{stored}: Its seal is broken."
    assert replaced(file) == ""
    run("UPDATE governance_storedpdf SET record_sha256 = %s WHERE id = %s", "0" * 64, stored.pk)
    assert named() == f"{stored}: Nobody signed the record that it was built from."


@pytest.mark.pdf
def test_what_is_sealed_with_another_key_or_not_at_all_is_counted(alpha, pia, settings, tmp_path, capsys) -> None:
    copy_of(KINDS["gate"](alpha, pia), Copy.RECORD)
    settings.VAR_DIR = tmp_path / "elsewhere"
    settings.PRODUCTION = True
    copy_of(KINDS["report"](alpha, pia), Copy.RECORD)
    settings.PRODUCTION = False
    call_command("verify_approvals")
    said = capsys.readouterr().out
    assert "Stored PDFs: 2" in said
    assert "without a seal, because there was no key: 1" in said
    assert "not in use today (IT Project Management Office (self-made key)): 1" in said
