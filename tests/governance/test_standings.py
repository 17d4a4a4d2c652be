"""The read model: what each act makes of it, and that rebuilding it changes nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from governance.models import ProjectStanding, StandingSnapshot
from governance.standings import rebuild_standings
from portfolio.models import ImportedStanding, ImportRun
from tests.factories import make_milestone, make_project
from tests.governance.stories import NOON, THURSDAY, WEEK, a_submitted, agreed_terms, all_letters, an_accepted

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def standing_of(project: Any) -> ProjectStanding:
    return ProjectStanding.objects.get(project=project)


def test_a_submitted_report_publishes_nothing(alpha: Any) -> None:
    a_submitted(alpha)
    assert (standing_of(alpha).overall, standing_of(alpha).report_number) == ("-", None)


def test_acceptance_publishes_the_offices_rating_not_the_managers(alpha: Any, pia: Any) -> None:
    version = a_submitted(alpha)
    red = {"letter": "R", "reason": "The vendor is bankrupt."}
    version.approve(by=pia, at=NOON + HOUR, terms=agreed_terms(version, overall=red))
    standing = standing_of(alpha)
    assert (standing.overall, standing.pm_overall, standing.reason) == ("R", "G", "The vendor is bankrupt.")


def test_a_withheld_reason_is_not_in_the_standing(alpha: Any, pia: Any) -> None:
    version = a_submitted(alpha)
    red = {"letter": "R", "reason": "A secret."}
    version.approve(by=pia, at=NOON + HOUR, terms={**agreed_terms(version, overall=red), "withheld": ["reasons"]})
    assert "secret" not in standing_of(alpha).reason


def test_a_stale_report_turns_grey_and_says_why(alpha: Any, pia: Any) -> None:
    an_accepted(alpha, by=pia)
    rebuild_standings(at=NOON + 3 * WEEK)
    standing = standing_of(alpha)
    assert {standing.overall, standing.schedule, standing.risk} == {"-"}
    assert "21 days" in standing.reason
    assert StandingSnapshot.objects.as_of(THURSDAY).get(project=alpha).overall == "G"


def test_imported_ratings_publish_nothing(pia: Any) -> None:
    project = make_project(source="Another portfolio", currency="GBP", amount_unit=1_000_000, budget_amount=Decimal("12.40"))
    run = ImportRun.objects.create(uploaded_at=NOON, file_name="x.csv", sha256="0" * 64, raw=b"")
    ImportedStanding.objects.create(project=project, run=run, as_of=THURSDAY, rating_text="Green")
    rebuild_standings(at=NOON)
    standing = standing_of(project)
    assert (standing.overall, standing.imported_rating, standing.currency) == ("-", "Green", "GBP")


def test_rebuilding_changes_nothing_after_any_story(alpha: Any, beta: Any, pia: Any) -> None:
    make_milestone(alpha, name="Go-live", is_key=True, baseline_on=THURSDAY - 4 * WEEK, forecast_on=THURSDAY + WEEK)
    yellow = {"pm_letter": "Y", "reason": "The interface is a week late."}
    for week in range(3):
        an_accepted(
            alpha,
            by=pia,
            at=NOON + week * WEEK,
            end_on=THURSDAY + week * WEEK,
            ratings=all_letters(schedule=yellow, overall=yellow),
        )
    a_submitted(beta, at=NOON + 2 * WEEK, end_on=THURSDAY + 2 * WEEK)
    at = NOON + 2 * WEEK + 3 * HOUR
    rebuild_standings(at=at)
    before = list(ProjectStanding.objects.order_by("pk").values()), list(StandingSnapshot.objects.order_by("pk").values())
    assert rebuild_standings(at=at) == 0
    after = list(ProjectStanding.objects.order_by("pk").values()), list(StandingSnapshot.objects.order_by("pk").values())
    assert after == before


def test_what_the_verbs_wrote_is_what_a_rebuild_of_that_moment_finds(alpha: Any, pia: Any) -> None:
    an_accepted(alpha, by=pia)
    written = ProjectStanding.objects.values().get(project=alpha)
    ProjectStanding.objects.filter(project=alpha).delete()
    rebuild_standings([alpha.pk], at=NOON + 2 * HOUR)
    rebuilt = ProjectStanding.objects.values().get(project=alpha)
    assert {**rebuilt, "id": 0} == {**written, "id": 0}
