"""What a change request does to the baselines: the row that approving opens, milestones and start that it moves, the drift."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.urls import reverse

from governance.change_deciding import approve
from governance.change_facts import Size
from governance.change_requests import options_of, problems, submit
from governance.models import ChangeRequest
from pmo.lib.errors import Refused
from pmo.models.calendar import office_calendar
from portfolio.models import Milestone
from tests.governance.changed import (
    HOUR,
    REASON,
    a_change,
    an_approved_change,
    an_assessed_change,
    with_baseline,
)
from tests.governance.pages import signed_in
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db
GO_LIVE, MOVED = dt.date(2027, 1, 15), dt.date(2027, 2, 26)
NEW = {"wants_baseline": True, "root_cause": "The soil is polluted.", "days_effect": 40, "cost_effect": Decimal(40_000)}


@pytest.fixture
def alpha(alpha, max):
    with_baseline(alpha)
    Milestone.plan(project=alpha, by=max, name="Go-live", is_key=True, baseline_on=GO_LIVE, forecast_on=MOVED)
    Milestone.plan(project=alpha, by=max, name="Training", baseline_on=dt.date(2026, 12, 4))
    return alpha


def codes(change) -> list[str]:
    return [problem.code for problem in problems(change, options_of(change))]


def test_approving_opens_a_row_with_every_part_of_the_new_baseline(alpha, fay, gina) -> None:
    change = an_approved_change(alpha, assessor=fay, decider=gina, **NEW, moved_dates={"1": MOVED.isoformat()})
    alpha.refresh_from_db()
    first, second = alpha.baselines.in_order()
    assert (first.budget_amount, first.finish_on) == (Decimal(1_000_000), alpha.original_finish_on)
    assert (second.budget_amount, second.finish_on) == (Decimal(1_040_000), alpha.baseline_finish_on)
    assert (second.origin, second.agreed_by, second.agreed_at) == ("change", gina, change.decided_at)
    assert second.reason.startswith(change.code)
    assert (first.dates_by_number()[1], second.dates_by_number()[1]) == (GO_LIVE, MOVED)
    assert first.dates_by_number()[2] == second.dates_by_number()[2]
    go_live = alpha.milestones.get(number=1)
    assert (go_live.original_on, go_live.baseline_on) == (GO_LIVE, MOVED)
    record = json.loads(change.record)
    assert record["baseline"]["milestones"] == {"1": "2027-02-26"}
    assert record["change"]["milestones"][0]["was_on"] == "2027-01-15"


def test_a_milestone_that_was_reached_meanwhile_keeps_its_date(alpha, fay, gina, max) -> None:
    change = an_assessed_change(alpha, assessor=fay, **NEW, moved_dates={"1": MOVED.isoformat()})
    alpha.milestones.get(number=1).reach(by=max, on=dt.date(2026, 11, 2))
    approve(change, by=gina, at=NOON + 3 * HOUR, reason=REASON)
    assert alpha.milestones.get(number=1).baseline_on == GO_LIVE


def test_the_start_moves_with_a_new_baseline_and_with_nothing_else(alpha, fay, gina) -> None:
    later = dt.date(2026, 6, 15)
    assert codes(a_change(alpha, moved_start_on=later)) == ["baseline_not_asked"]
    an_approved_change(alpha, assessor=fay, decider=gina, **NEW, moved_start_on=later)
    alpha.refresh_from_db()
    assert (alpha.start_on, alpha.baselines.get(number=1).start_on) == (later, later)
    assert alpha.baselines.get(number=0).start_on == dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"moved_dates": {"1": "2027-02-26"}}, "baseline_not_asked"),
        ({**NEW, "moved_dates": {"1": "2026-05-29"}}, "milestone_outside"),
        ({**NEW, "moved_dates": {"1": "2030-01-02"}}, "milestone_outside"),
    ],
)
def test_dates_that_cannot_be_are_not_submitted(values, code, alpha, max) -> None:
    change = a_change(alpha, **values)
    assert codes(change) == [code]
    with pytest.raises(Refused) as refusal:
        submit(change, by=max, at=NOON)
    assert refusal.value.code == code


def test_the_drift_is_measured_from_baseline_0_however_often_it_was_agreed_anew(alpha, fay, gina) -> None:
    an_approved_change(alpha, assessor=fay, decider=gina, **NEW)
    alpha.refresh_from_db()
    change = an_assessed_change(alpha, assessor=fay, at=NOON + 10 * HOUR, **{**NEW, "days_effect": 10})
    size = Size(ChangeRequest.objects.get(pk=change.pk))
    assert size.verdict.days_sum == 10
    assert (size.drift.days, size.drift.cost) == (50, Decimal(80_000))
    assert (size.drift.days_percent, size.drift.cost_percent) == (Decimal(25), Decimal(8))
    approve(change, by=gina, at=NOON + 13 * HOUR, reason=REASON)
    sealed = json.loads(change.record)["authority"]["original"]
    assert (sealed["days"], sealed["cost"]) == (50, "80000.00")


def test_a_first_budget_in_another_unit_is_not_compared(alpha, fay) -> None:
    change = a_change(alpha, **NEW)
    change.project.amount_unit = 1_000
    assert Size(change).drift.cost is None


# Contingency


def test_the_next_baseline_moves_what_was_used_of_the_contingency_into_the_budget(alpha, fay, gina, sam) -> None:
    an_approved_change(alpha, assessor=fay, decider=sam, cost_effect=Decimal(20_000))
    an_approved_change(alpha, assessor=fay, decider=gina, at=NOON + 9 * HOUR, **NEW)
    alpha.refresh_from_db()
    assert (alpha.budget_amount, alpha.contingency_amount) == (Decimal(1_060_000), Decimal(940_000))
    assert alpha.baselines.get(number=1).contingency_amount == Decimal(940_000)


# Pages


def test_the_form_offers_the_milestones_ahead_and_keeps_their_new_dates(alpha, max) -> None:
    change, client = a_change(alpha, **NEW), signed_in(max)
    address = reverse("governance:change-edit", args=[alpha.code, change.number])
    form = client.get(address).context["form"]
    assert [row.name for row, _ in form.milestones] == ["Training", "Go-live"]
    sent = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value is not False}
    reply = client.post(
        address, {**sent, "version": change.version(), "milestone_1": "2027-02-26", "milestone_2": "2026-12-04"}
    )
    assert reply.status_code == 302
    change.refresh_from_db()
    assert change.moved_dates == {"1": "2027-02-26"}, "a date that stays is not stored as moved"


def test_the_page_shows_what_moves_against_both_baselines(alpha, fay, gina, pia) -> None:
    change = an_assessed_change(alpha, assessor=fay, **NEW, moved_dates={"1": MOVED.isoformat()})
    address = reverse("governance:change-detail", args=[alpha.code, change.number])
    page = signed_in(pia).get(address).context["page"]
    lines = {line.label: line for line in page.effects}
    days = office_calendar().between(GO_LIVE, MOVED)
    assert (lines["Finish"].original, lines["Cost"].original) == ("40 days later", "+$40,000")
    assert (lines["Go-live"].difference, lines["Go-live"].original) == (f"{days} days later", f"{days} days later")
    assert page.panel.original[1].days == "20 %"
    approve(change, by=gina, at=NOON + 3 * HOUR, reason=REASON)
    sealed = signed_in(pia).get(address).context["page"]
    assert sealed.effects == page.effects, "the sealed record says the same"


def test_the_room_shows_every_baseline_and_the_variance_from_both(alpha, fay, gina, pia) -> None:
    alpha.revise(by=pia, changes={"forecast_amount": Decimal(1_100_000), "forecast_finish_on": dt.date(2027, 6, 30)})
    change = an_approved_change(alpha, assessor=fay, decider=gina, **NEW, moved_dates={"1": MOVED.isoformat()})
    page = signed_in(pia).get(reverse("governance:change-room", args=[alpha.code])).context["page"]
    original, current = page.baselines.rows
    assert (original.name, original.budget, original.contingency) == ("Baseline 0, original", "$1,000,000", "$1,000,000")
    assert (current.budget, current.contingency, current.url) == ("$1,040,000", "$960,000", change.get_absolute_url())
    rows = {row.label: row for row in page.baselines.variances}
    assert (rows["Cost"].off_original, rows["Cost"].off_current) == ("+$100,000", "+$60,000")
    assert rows["Go-live"].off_current == "on time"
    assert rows["Go-live"].off_original.endswith("late")
    assert "Training" not in rows, "only key milestones are measured"
    assert page.contingency == [("Contingency approved", "$960,000"), ("Left of it", "$960,000")]


def test_amounts_stay_hidden_from_those_who_do_not_read_them(alpha, tess) -> None:
    page = signed_in(tess).get(reverse("governance:change-room", args=[alpha.code])).context["page"]
    assert page.contingency == []
    assert page.baselines.rows[0].budget == "—"
    assert "Cost" not in {row.label for row in page.baselines.variances}


# Correcting


def address(project) -> str:
    return reverse("governance:baseline-correct", args=[project.code])


def test_the_executive_corrects_a_typing_error_on_a_page(alpha, gina) -> None:
    client = signed_in(gina)
    form = client.get(address(alpha)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    reply = client.post(address(alpha), {**sent, "budget_amount": "900,000", "reason": "One nought too many"})
    assert reply.status_code == 302
    alpha.refresh_from_db()
    assert (alpha.budget_amount, alpha.baselines.count()) == (Decimal(900_000), 2)
    page = client.get(reverse("governance:change-room", args=[alpha.code])).context["page"]
    assert [row.name for row in page.baselines.rows] == ["Baseline 0, original", "Baseline 0, corrected"]
    assert "One nought too many" in page.baselines.rows[1].remark


def test_an_unchanged_or_unreasoned_correction_is_said_on_the_form(alpha, gina) -> None:
    client = signed_in(gina)
    form = client.get(address(alpha)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    assert client.post(address(alpha), {**sent, "reason": ""}).status_code == 422
    assert client.post(address(alpha), {**sent, "reason": "None"}).status_code == 422
    assert alpha.baselines.count() == 1


def test_nothing_agreed_leads_back_to_the_room(beta, gina) -> None:
    assert signed_in(gina).get(address(beta)).status_code == 302
