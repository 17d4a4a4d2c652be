"""The chain of sign-offs and the digests: any one row edited, deleted, swapped or cut off is found and named."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from governance.models import ChainHead, DeliverableVersion, SignOff
from governance.signing import verify_chain, verify_versions
from tests.governance.stories import NOON, THURSDAY, WEEK, an_accepted

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_reports(alpha, pia) -> list[DeliverableVersion]:
    return [an_accepted(alpha, by=pia, end_on=THURSDAY - WEEK * back, at=NOON - WEEK * back) for back in (2, 1, 0)]


def test_an_unbroken_chain_verifies(three_reports, capsys) -> None:
    call_command("verify_approvals")
    assert "holds" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("person_name", "Somebody Else"),
        ("intent", "I agree."),
        ("content_sha256", "0" * 64),
        ("role", "Executive"),
        ("acting_for_name", "Nobody"),
    ],
)
def test_an_edited_row_is_named(column, text, three_reports) -> None:
    SignOff.objects.filter(sequence=3).update(**{column: text})
    broken = verify_chain()
    assert broken is not None
    assert broken.sequence == 3


def test_a_changed_time_is_named(three_reports) -> None:
    SignOff.objects.filter(sequence=2).update(signed_at=NOON - dt.timedelta(days=400))
    assert verify_chain().sequence == 2  # type: ignore[union-attr]


def test_a_deleted_row_is_named(three_reports) -> None:
    SignOff.objects.filter(sequence=4).delete()
    assert verify_chain().sequence == 4  # type: ignore[union-attr]


def test_two_swapped_rows_are_named(three_reports) -> None:
    SignOff.objects.filter(sequence=2).update(sequence=99)
    SignOff.objects.filter(sequence=3).update(sequence=2)
    SignOff.objects.filter(sequence=99).update(sequence=3)
    assert verify_chain().sequence == 2  # type: ignore[union-attr]


def test_a_cut_tail_is_found(three_reports) -> None:
    SignOff.objects.filter(sequence=6).delete()
    assert verify_chain().sequence == 6  # type: ignore[union-attr]


def test_a_chain_rewritten_without_its_head_is_found(three_reports) -> None:
    ChainHead.objects.update(entry_sha256="0" * 64)
    assert verify_chain() is not None


def test_altered_content_and_record_are_found(three_reports) -> None:
    first, second, _ = three_reports
    DeliverableVersion.objects.filter(pk=first.pk).update(content=first.content.replace("tested", "passed"))
    DeliverableVersion.objects.filter(pk=second.pk).update(record=second.record.replace("tested", "passed"))
    assert [version.pk for version, _ in verify_versions()] == [first.pk, second.pk]
    with pytest.raises(CommandError):
        call_command("verify_approvals")


def test_content_and_digest_altered_together_are_found(three_reports) -> None:
    from pmo.lib.canonical import sha256_of

    version = three_reports[0]
    content = version.content.replace("tested", "passed")
    DeliverableVersion.objects.filter(pk=version.pk).update(content=content, content_sha256=sha256_of(content))
    assert [found.pk for found, _ in verify_versions()] == [version.pk]


def test_an_altered_row_of_a_frozen_report_is_found(three_reports) -> None:
    report = three_reports[1].status_report
    with connection.cursor() as cursor:
        cursor.execute("UPDATE governance_statusreport SET headline = 'All is well' WHERE id = %s", [report.pk])
    assert [found.pk for found, _ in verify_versions()] == [three_reports[1].pk]


def test_a_sign_off_is_never_saved_again_or_deleted(three_reports) -> None:
    sign_off = SignOff.objects.first()
    with pytest.raises(TypeError):
        sign_off.save()
    with pytest.raises(TypeError):
        sign_off.delete()
