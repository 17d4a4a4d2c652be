"""The verbs of the registers: from each state, with what they need, and what they leave behind."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.lib.errors import Refused
from portfolio.models import Action, Decision, Dependency, Issue, Risk
from portfolio.states import ActionStatus, DecisionStatus, DependencyStatus, IssueStatus, RiskStatus
from tests import factories as make

TODAY = timezone.localdate
ON = {"day": None}


def today() -> dt.date:
    return timezone.localdate()


MAKE = {
    Risk: make.make_risk,
    Issue: make.make_issue,
    Decision: make.make_decision,
    Action: make.make_action,
    Dependency: make.make_dependency,
}
#: model, verb, target, how it is called
VERBS = [
    (Risk, RiskStatus.CLOSED, lambda row, by: row.close(by=by, reason="Can no longer happen")),
    (Risk, RiskStatus.REALISED, lambda row, by: row.becomes_issue(by=by, on=today())),
    (Risk, RiskStatus.OPEN, lambda row, by: row.reopen(by=by, reason="It is back")),
    (Issue, IssueStatus.RESOLVED, lambda row, by: row.resolve(by=by, resolution="New extract", on=today())),
    (Issue, IssueStatus.OPEN, lambda row, by: row.reopen(by=by, reason="It is back")),
    (Decision, DecisionStatus.DECIDED, lambda row, by: row.decide(by=by, outcome="City cloud", on=today())),
    (Decision, DecisionStatus.DROPPED, lambda row, by: row.drop(by=by, reason="Scope changed")),
    (Decision, DecisionStatus.NEEDED, lambda row, by: row.reopen(by=by, reason="New facts")),
    (Action, ActionStatus.DONE, lambda row, by: row.finish(by=by, outcome="", on=today())),
    (Action, ActionStatus.DROPPED, lambda row, by: row.drop(by=by, reason="Not needed")),
    (Action, ActionStatus.OPEN, lambda row, by: row.reopen(by=by, reason="Not done after all")),
    (Dependency, DependencyStatus.MET, lambda row, by: row.meet(by=by)),
    (Dependency, DependencyStatus.BROKEN, lambda row, by: row.fail(by=by, reason="Will not come")),
    (Dependency, DependencyStatus.DROPPED, lambda row, by: row.drop(by=by, reason="Not needed")),
    (Dependency, DependencyStatus.OPEN, lambda row, by: row.reopen(by=by, reason="Again")),
]
DATES = {
    (Issue, "resolved"): {"resolved_on": dt.date(2026, 1, 5)},
    (Decision, "decided"): {"decided_on": dt.date(2026, 1, 5)},
    (Action, "done"): {"done_on": dt.date(2026, 1, 5)},
}
CASES = [
    (model, target, act, source)
    for model, target, act in VERBS
    for source in model._meta.get_field("status").choices and [key for key, _ in model._meta.get_field("status").choices]
]


def entry_in(model, project, source):
    raised = {"raised_on": dt.date(2026, 1, 5)} if model is Issue else {}
    return MAKE[model](project, status=source, **raised, **DATES.get((model, source), {}))


@pytest.mark.parametrize(("model", "target", "act", "source"), CASES)
def test_a_verb_works_from_the_states_of_the_table_and_from_no_other(pia, alpha, model, target, act, source):
    entry = entry_in(model, alpha, source)
    changes = entry.history.count()
    if target in model.MOVES[source]:
        act(entry, pia)
        entry.refresh_from_db()
        assert entry.status == target
        latest = entry.history.first()
        assert (latest.status, latest.history_user) == (target, pia)
        assert latest.history_change_reason
        return
    with pytest.raises(Refused) as refusal:
        act(entry, pia)
    assert refusal.value.code == "wrong_status"
    entry.refresh_from_db()
    assert (entry.status, entry.history.count()) == (source, changes)


@pytest.mark.parametrize("model", list(MAKE))
def test_the_table_of_moves_names_every_state(model):
    assert set(model.MOVES) == {key for key, _ in model._meta.get_field("status").choices}


@pytest.mark.parametrize(
    "act",
    [
        lambda rows, by: rows[Risk].close(by=by, reason=" "),
        lambda rows, by: rows[Issue].resolve(by=by, resolution="", on=today()),
        lambda rows, by: rows[Decision].decide(by=by, outcome="", on=today()),
        lambda rows, by: rows[Decision].drop(by=by, reason=""),
        lambda rows, by: rows[Action].drop(by=by, reason=""),
        lambda rows, by: rows[Dependency].fail(by=by, reason=""),
        lambda rows, by: rows[Dependency].drop(by=by, reason=""),
    ],
)
def test_what_needs_words_is_refused_without_them(pia, alpha, act):
    rows = {model: factory(alpha) for model, factory in MAKE.items()}
    with pytest.raises(Refused) as refusal:
        act(rows, pia)
    assert refusal.value.code == "reason_missing"


@pytest.mark.parametrize(
    "act",
    [
        lambda rows, by, on: rows[Risk].becomes_issue(by=by, on=on),
        lambda rows, by, on: rows[Issue].resolve(by=by, resolution="x", on=on),
        lambda rows, by, on: rows[Decision].decide(by=by, outcome="x", on=on),
        lambda rows, by, on: rows[Action].finish(by=by, outcome="x", on=on),
    ],
)
def test_nothing_has_happened_in_the_future(pia, alpha, act):
    rows = {model: factory(alpha) for model, factory in MAKE.items()}
    with pytest.raises(Refused) as refusal:
        act(rows, pia, today() + dt.timedelta(days=1))
    assert refusal.value.code == "day_in_future"
    assert not Issue.objects.filter(from_risk__isnull=False).exists()


def test_an_issue_is_not_resolved_before_it_was_raised(pia, alpha):
    issue = make.make_issue(alpha)
    with pytest.raises(Refused) as refusal:
        issue.resolve(by=pia, resolution="x", on=today() - dt.timedelta(days=1))
    assert refusal.value.code == "resolved_before_raised"


def test_a_risk_that_happened_is_an_issue_and_each_names_the_other(pia, tess, alpha):
    risk = make.make_risk(alpha, owner=tess, show_on_report=True, description="Old format")
    issue = risk.becomes_issue(by=pia, on=today(), severity="critical")
    risk.refresh_from_db()
    assert (risk.status, risk.closed_on, risk.became_issue) == ("realised", today(), issue)
    assert (issue.from_risk, issue.title, issue.owner, issue.severity) == (risk, risk.title, tess, "critical")
    assert (issue.description, issue.show_on_report, issue.raised_on) == ("Old format", True, today())


def test_a_risk_becomes_one_issue_only(pia, alpha):
    risk = make.make_risk(alpha)
    same = Risk.objects.get(pk=risk.pk)
    risk.becomes_issue(by=pia, on=today())
    with pytest.raises(Refused):
        same.becomes_issue(by=pia, on=today())
    assert Issue.objects.count() == 1


def test_a_risk_that_cannot_become_an_issue_stays_open(pia, alpha, monkeypatch):
    risk = make.make_risk(alpha)
    monkeypatch.setattr(Issue, "record", classmethod(lambda cls, **values: (_ for _ in ()).throw(Refused("No.", "no"))))
    with pytest.raises(Refused):
        risk.becomes_issue(by=pia, on=today())
    assert Risk.objects.get(pk=risk.pk).status == "open"


@pytest.mark.parametrize("model", list(MAKE))
def test_entries_are_numbered_per_project_and_register(pia, alpha, beta, model):
    first, second, other = MAKE[model](alpha), MAKE[model](alpha), MAKE[model](beta)
    assert (first.number, second.number, other.number) == (1, 2, 1)


def test_recording_writes_who_and_refuses_on_a_project_that_is_over(pia, max, alpha):
    risk = Risk.record(project=alpha, by=max, title="If", probability=2, impact=2)
    assert risk.history.get().history_user == max
    alpha.cancel(by=pia, reason="Over")
    with pytest.raises(Refused) as refusal:
        Risk.record(project=alpha, by=max, title="If", probability=2, impact=2)
    assert refusal.value.code == "project_over"


@pytest.mark.parametrize(("probability", "impact"), [(0, 3), (6, 3), (3, 0), (3, 6)])
def test_scales_run_from_one_to_five(pia, alpha, probability, impact):
    with pytest.raises(ValidationError):
        Risk.record(project=alpha, by=pia, title="If", probability=probability, impact=impact)


@pytest.mark.parametrize("field", ["status", "number", "project"])
def test_state_number_and_project_do_not_change_by_editing(pia, alpha, beta, field):
    risk = make.make_risk(alpha)
    with pytest.raises(Refused) as refusal:
        risk.revise(by=pia, changes={field: {"status": "closed", "number": 9, "project": beta}[field]})
    assert refusal.value.code == "fixed_for_ever"


def test_the_tick_for_the_report_is_written_once(pia, alpha):
    risk = make.make_risk(alpha)
    risk.show(by=pia, on_report=True)
    risk.show(by=pia, on_report=True)
    risk.refresh_from_db()
    assert risk.show_on_report
    assert risk.history.count() == 2


@pytest.mark.parametrize(
    ("chance", "cost", "expected"),
    [
        ("30", "120000", "36000.00"),
        ("0", "120000", "0.00"),
        ("33.33", "100", "33.33"),
        ("12.5", "0.10", "0.01"),
        (None, "5", None),
    ],
)
def test_the_expected_value_is_chance_times_cost(chance, cost, expected):
    risk = Risk(chance_pct=Decimal(chance) if chance else None, cost_amount=Decimal(cost))
    assert risk.expected_amount == (Decimal(expected) if expected else None)


def test_a_dependency_has_one_source_and_not_itself(pia, alpha, beta):
    values = {"title": "Sign-on", "needed_on": today()}
    for wrong in ({}, {"on_project": beta, "on_outside": "Court"}, {"on_project": alpha}):
        with pytest.raises(ValidationError):
            Dependency.record(project=alpha, by=pia, **values, **wrong)
    assert Dependency.record(project=alpha, by=pia, **values, on_project=beta).source == "P-1002 Beta"
