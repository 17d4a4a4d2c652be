"""What reaches a stakeholder: a whitelist. Unique words stand in every field that is not on it, and none may come out."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from governance.challenging import answer, rule
from governance.findings import raise_finding
from governance.models import RatingChallenge
from governance.publication import WITHHOLDABLE, publish, trend_of
from governance.standings import rebuild_standings
from portfolio.models import Project
from tests.factories import (
    make_action,
    make_decision,
    make_dependency,
    make_issue,
    make_member,
    make_milestone,
    make_risk,
    make_user,
)
from tests.governance.stories import NOON, RED, THURSDAY, WEEK, a_draft, a_submitted, agreed_terms, all_letters

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
#: Begins every word that no stakeholder may read.
CANARY = "canarybirdzq"


def canary(name: str) -> str:
    return f"{CANARY}{name}"


@pytest.fixture
def guarded(alpha: Project, pia: Any, max: Any) -> Project:
    """Return ALPHA with an accepted report, a draft, a report that came back and registers, each full of canaries."""
    alpha.committed_amount, alpha.budget_amount = Decimal("7654321"), Decimal(1000)
    alpha.forecast_amount = Decimal(1100)
    alpha.save()
    member = make_user("Zq-member Person")
    make_member(alpha, member, note=canary("membernote"))
    fill_registers(alpha)
    ratings = all_letters(
        overall={
            **RED,
            "cause": canary("cause"),
            "action_owner": canary("actionowner"),
            "reason": f"{canary('pmreason')} is what I say.",
        },
        risk={"pm_letter": "G", "reason": f"{canary('riskreason')} is what I say."},
    )
    version = a_submitted(alpha, ratings=ratings)
    terms = agreed_terms(version, overall={"letter": "Y", "reason": "The office sees it coming back."})
    terms["ratings"]["risk"] = {"letter": "R", "reason": "The office rates the risk."}
    version.approve(by=pia, at=NOON + HOUR, terms=terms, reason=canary("decisionreason"))
    for challenge in RatingChallenge.objects.all():
        answer(challenge, by=max, answer="justify", text=canary("challengeanswer"), at=NOON + HOUR)
        rule(challenge, by=pia, ruling="upheld", reason=canary("ruling"), at=NOON + 2 * HOUR)
    unfinished(alpha, pia)
    rebuild_standings(at=NOON + 2 * WEEK)
    return alpha


def fill_registers(project: Project) -> None:
    """Put canaries on everything that a report shows to the office but not to the public, and on what is on no report."""
    for shown in (True, False):
        make_risk(
            project,
            title=canary("risk"),
            description=canary("riskdescription"),
            treatment=canary("treatment"),
            show_on_report=shown,
        )
        make_issue(
            project, title=canary("issue"), description=canary("issuedescription"), severity="major", show_on_report=shown
        )
        make_action(project, title=canary("action"), show_on_report=shown)
        make_dependency(project, title=canary("dependency"), on_outside=canary("outside"), show_on_report=shown)
    make_decision(project, title="Choose the hosting", description=canary("decisionbackground"), show_on_report=True)
    make_decision(project, title=canary("hiddendecision"), show_on_report=False)
    make_milestone(project, name="Go-live", baseline_on=THURSDAY, forecast_on=THURSDAY)
    make_milestone(project, name=canary("hiddenmilestone"), baseline_on=THURSDAY, forecast_on=THURSDAY, show_on_report=False)


def unfinished(project: Project, pia: Any) -> None:
    """A report that came back and a draft: nobody outside the office and the project reads either."""
    texts = {"headline": canary("headline"), "accomplishments": canary("accomplished"), "plan": canary("plan")}
    back = a_submitted(project, end_on=THURSDAY + WEEK, at=NOON + WEEK, **texts)
    raise_finding(back, by=pia, section="headline", row="", severity="major", text=canary("finding"), at=NOON + WEEK)
    back.return_for_rework(by=pia, at=NOON + WEEK + HOUR, reason=canary("returnreason"))
    a_draft(project, end_on=THURSDAY + 2 * WEEK, at=NOON + 2 * WEEK, **texts)


def public_addresses(project: Project) -> list[str]:
    code = project.code
    files = [f"/portfolio.{ending}" for ending in ("csv", "json")]
    pages = ["/portfolio/", "/portfolio/?state=all", "/portfolio/changes/?from=2026-01-01", f"/portfolio/?on={THURSDAY + WEEK}"]
    own = [reverse("governance:public-project", args=[code]), reverse("governance:public-report", args=[code, 1])]
    whys = [reverse("governance:public-why", args=[code, name]) for name in ("overall", "schedule", "risk", "quality")]
    return [*pages, *files, *own, *whys]


def text_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode())


def test_no_word_outside_the_whitelist_reaches_a_stakeholder(client: Client, guarded: Project, stella: Any) -> None:
    client.force_login(stella)
    for address in public_addresses(guarded):
        answer = client.get(address)
        assert answer.status_code == 200, address
        leaked = re.findall(rf"(?i){CANARY}[\w-]+", text_of(answer))
        assert not leaked, f"{address} shows {set(leaked)}"


def test_the_same_words_are_there_for_the_office(client: Client, guarded: Project, pia: Any) -> None:
    """The crawl above would also pass on an empty page: the office finds the canaries where it looks."""
    client.force_login(pia)
    html = text_of(client.get(reverse("project-overview", args=[guarded.code])))
    assert canary("risk") in html
    html = text_of(client.get(reverse("governance:report-detail", args=[guarded.code, 1])))
    assert canary("pmreason") in html


def test_what_is_on_the_whitelist_is_there(client: Client, guarded: Project, stella: Any) -> None:
    client.force_login(stella)
    html = text_of(client.get(reverse("governance:public-report", args=[guarded.code, 1])))
    for said in ("The office sees it coming back.", "Go-live", "Choose the hosting", "Forms of 2026-11-19 tested"):
        assert said in html


def test_committed_money_is_not_published(client: Client, guarded: Project, stella: Any) -> None:
    client.force_login(stella)
    for address in public_addresses(guarded):
        shown = text_of(client.get(address)).replace(",", "")
        assert "7654321" not in shown
        assert "Committed" not in shown
        assert "$7.65" not in shown


def test_working_pages_do_not_exist_for_a_stakeholder(client: Client, guarded: Project, stella: Any) -> None:
    client.force_login(stella)
    for name, args in (
        ("project-overview", [guarded.code]),
        ("governance:report-list", [guarded.code]),
        ("governance:report-detail", [guarded.code, 1]),
        ("governance:report-version", [guarded.code, 1, 1]),
        ("governance:report-pdf", [guarded.code, 1, 1]),
        ("portfolio:milestone-list", [guarded.code]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404, name


def test_unfinished_reports_do_not_exist_for_a_stakeholder(client: Client, guarded: Project, stella: Any) -> None:
    client.force_login(stella)
    for number in (2, 3):
        assert client.get(reverse("governance:public-report", args=[guarded.code, number])).status_code == 404
        assert client.get(reverse("governance:public-report-pdf", args=[guarded.code, number])).status_code == 404


@pytest.mark.parametrize("field", WITHHOLDABLE)
def test_a_withheld_field_is_absent_and_said_to_be(client: Client, alpha: Project, pia: Any, stella: Any, field: str) -> None:
    make_milestone(alpha, name=canary("milestones"), baseline_on=THURSDAY, forecast_on=THURSDAY)
    make_decision(alpha, title=canary("decisions"), show_on_report=True)
    texts = {name: canary(name) for name in ("headline", "accomplishments", "plan")}
    version = a_submitted(alpha, **texts)
    yellow = {"letter": "Y", "reason": canary("reasons")}
    version.approve(by=pia, at=NOON + HOUR, terms={**agreed_terms(version, overall=yellow), "withheld": [field]})
    client.force_login(stella)
    for address in public_addresses(alpha):
        assert canary(field) not in text_of(client.get(address)), address
    html = text_of(client.get(reverse("governance:public-report", args=[alpha.code, 1])))
    assert "Withheld by the office" in html
    others = [name for name in WITHHOLDABLE if name != field]
    assert all(canary(name) in html for name in others)


def test_a_path_to_green_is_published_only_where_red_is(alpha: Project, pia: Any) -> None:
    version = a_submitted(alpha, ratings=all_letters(overall=RED, schedule=RED))
    terms = agreed_terms(version, overall={"letter": "Y", "reason": "It comes back."})
    version.approve(by=pia, at=NOON + HOUR, terms=terms)
    assert [path["label"] for path in publish(version).path_to_green] == ["Schedule"]


def test_the_managers_reason_is_published_only_where_the_office_agrees(alpha: Project, pia: Any) -> None:
    yellow = {"pm_letter": "Y", "reason": "The interface is a week late."}
    version = a_submitted(alpha, ratings=all_letters(schedule=yellow, budget=yellow))
    terms = agreed_terms(version, budget={"letter": "R", "reason": "It is a month."})
    terms["ratings"]["schedule"] = {"letter": "Y", "reason": "The office agrees."}
    version.approve(by=pia, at=NOON + HOUR, terms=terms)
    reasons = {rating.dimension: rating.reason for rating in publish(version).ratings}
    assert reasons["budget"] == "It is a month."
    assert "week late" not in reasons["schedule"]


@pytest.mark.parametrize(
    ("now", "before", "trend"),
    [("G", None, ""), ("Y", "", ""), ("Y", "Y", "same"), ("R", "Y", "worse"), ("G", "R", "better")],
)
def test_a_first_report_has_no_trend(now: str, before: str | None, trend: str) -> None:
    assert trend_of(now, before) == trend
