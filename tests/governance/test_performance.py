"""The pages of the office's own performance: figures from the records, the rows behind them, files, and who may read them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest
from django.urls import reverse

from governance.clock import Office
from governance.condition_terms import put_conditions
from governance.documents.drafting import start_document
from governance.findings import answer_finding
from governance.gate_states import Gate
from governance.models import Deliverable, GateReview, Waiver
from governance.performance import metrics, sources
from governance.performance.compliance import compliance_of
from governance.performance.figures import months_until
from governance.performance.sources import Scope
from portfolio.models import Project
from tests.conftest import FRIDAY
from tests.factories import make_project
from tests.governance.stories import NOON, a_finding, a_submitted, an_accepted
from tests.governance.written import a_condition, a_submitted_document, an_approved_document, review_all

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def scope() -> Scope:
    return Scope(dt.date(2025, 12, 1), TODAY, Office.load(), FRIDAY)


def value_of(key: str, scope: Scope):
    measured = {row.metric.key: row for _, group in metrics.measure(scope, months_until(TODAY)) for row in group}
    return measured[key]


def test_turnaround_counts_working_days_from_submission_to_decision(alpha, beta, pia, scope) -> None:
    first = a_submitted(alpha, at=NOON - dt.timedelta(days=7), end_on=NOON.date() - dt.timedelta(days=7))
    a_finding(first, by=pia, at=NOON)
    first.return_for_rework(by=pia, at=NOON)  # a week later: Thursday to Thursday, five working days
    an_accepted(beta, by=pia)  # within two hours: none
    row = value_of("turnaround-median", scope)
    assert (row.value, row.parts) == ("2.5 working days", "of 2")
    assert value_of("turnaround-p90", scope).value == "5 working days"


def test_first_pass_yield_looks_at_first_submissions_only(alpha, beta, pia, scope) -> None:
    returned = a_submitted(alpha)
    a_finding(returned, by=pia)
    returned.return_for_rework(by=pia, at=NOON)
    an_accepted(beta, by=pia)
    row = value_of("first-pass", scope)
    assert (row.value, row.parts) == ("50 %", "1 of 2")


def test_a_figure_of_one_kind_leaves_the_others_out(alpha, beta, pia, max, scope) -> None:
    an_accepted(beta, by=pia)
    version = a_submitted_document(alpha)
    a_finding(version, by=pia, section="problem")
    version.return_for_rework(by=pia, at=NOON)
    narrowed = Scope(scope.start, scope.end, scope.office, scope.at, kind="definition")
    assert value_of("first-pass", narrowed).parts == "0 of 1"
    assert value_of("first-pass", scope).parts == "1 of 2"


def test_rework_counts_how_often_what_was_approved_had_come_back(alpha, pia, max, scope) -> None:
    version = a_submitted_document(alpha)
    a_finding(version, by=pia, section="problem", severity="comment")
    version.return_for_rework(by=pia, at=NOON)
    answer_finding(version.findings.get(), by=max, text="The fiscal year that ended in June.", at=NOON)
    again = start_document(alpha, "definition", by=max, at=NOON, change_summary="The period is named.")
    again.submit(by=max, at=NOON)
    review_all(again, by=pia, at=NOON)
    again.approve(by=pia, at=NOON, terms={})
    assert [row.amount for row in sources.rework(scope)] == [1]


def test_a_report_that_never_came_is_late_and_an_excused_one_does_not_count(alpha, beta, pia, scope) -> None:
    an_accepted(alpha, by=pia)
    missing = an_accepted(beta, by=pia).deliverable
    missing.first_submitted_at = None
    missing.save(update_fields=["first_submitted_at"])
    assert value_of("reports-in-time", scope).parts == "1 of 2"
    missing.excused_at = NOON
    missing.save(update_fields=["excused_at"])
    assert value_of("reports-in-time", scope).parts == "1 of 1"


def test_a_condition_closed_after_its_day_is_not_on_time(alpha, pia, max, tess, scope) -> None:
    version = a_submitted_document(alpha)
    terms = [a_condition(max, tess, due_on=NOON.date() - dt.timedelta(days=back)) for back in (2, 1)]
    late, timely = put_conditions(terms, project=alpha, version=version, by=pia, at=NOON)
    for condition, closed_at in ((late, NOON), (timely, NOON - dt.timedelta(days=1, hours=1))):
        condition.state, condition.closed_at, condition.closed_by = "closed", closed_at, tess
        condition.save()
    assert value_of("conditions-in-time", scope).parts == "1 of 2"


def test_gates_are_held_against_the_day_first_planned(alpha, pia, scope) -> None:
    gate = GateReview(project=alpha, gate=Gate.G1, number=1, planned_on=TODAY, first_planned_on=TODAY - dt.timedelta(days=9))
    gate.state, gate.decision, gate.held_on, gate.decided_by = "decided", "go", TODAY, pia
    gate.save()
    assert value_of("gates-in-time", scope).parts == "0 of 1"


def test_an_expired_waiver_does_not_stand_any_more(alpha, pia, scope) -> None:
    for days in (-3, 30):
        Waiver.objects.create(
            project=alpha,
            gate=Gate.G2,
            artefact="schedule",
            reason="The vendor's plan follows.",
            granted_by=pia,
            granted_on=TODAY - dt.timedelta(days=40),
            expires_on=TODAY + dt.timedelta(days=days),
        )
    row = value_of("waivers-open", scope)
    assert (row.value, row.cells()[-2]) == ("1", "2")


def test_each_check_of_a_project_weighs_the_same(alpha, max, pia, scope) -> None:
    an_accepted(alpha, by=pia)
    for number, gate in enumerate((Gate.G1, Gate.G2), start=1):
        values = {"gate": gate, "number": number, "planned_on": TODAY, "first_planned_on": TODAY - dt.timedelta(days=9)}
        GateReview.objects.create(project=alpha, **values)
    (row,) = compliance_of([alpha], scope)
    assert [str(check) for check in row.checks] == ["1 of 1", "0 of 2", "—", "—", "—", "—"]
    assert row.percent == 50


def a_passed(project, gate: str, held_on: dt.date, by, source: str = "") -> GateReview:
    values = {"decision": "go", "held_on": held_on, "decided_by": by, "source": source, "state": "decided"}
    return GateReview.objects.create(
        project=project,
        gate=gate,
        number=GateReview.objects.count() + 1,
        planned_on=held_on,
        first_planned_on=held_on,
        **values,
    )


def owed_of(project, scope) -> str:
    return str(compliance_of([project], scope)[0].checks[2])


def test_a_document_counts_by_the_day_of_its_gate_and_from_records_by_today(alpha, beta, pia, scope) -> None:
    for project, source in ((alpha, ""), (beta, "Minutes of the board")):
        a_passed(project, Gate.G1, TODAY - dt.timedelta(days=60), pia, source)
        assert owed_of(project, scope) == "0 of 1"
        an_approved_document(project, by=pia)
    assert (owed_of(alpha, scope), owed_of(beta, scope)) == ("0 of 1", "1 of 1")


def test_what_is_waived_is_not_owed_and_a_waiver_is_never_counted_as_kept(alpha, pia, scope) -> None:
    a_passed(alpha, Gate.G1, TODAY - dt.timedelta(days=60), pia)
    Waiver.objects.create(
        project=alpha,
        gate=Gate.G1,
        artefact="definition",
        reason="It stands on paper.",
        granted_by=pia,
        granted_on=TODAY - dt.timedelta(days=70),
        expires_on=TODAY + dt.timedelta(days=5),
    )
    (row,) = compliance_of([alpha], scope)
    assert (str(row.checks[2]), row.waivers) == ("—", 1)


def test_what_is_due_later_today_is_not_late_yet(alpha, max, tess, pia, scope) -> None:
    report = a_submitted(alpha)
    due = FRIDAY + dt.timedelta(hours=2)
    type(report.deliverable).objects.filter(pk=report.deliverable.pk).update(due_at=due, first_submitted_at=None)
    GateReview.objects.create(project=alpha, gate=Gate.G1, number=1, planned_on=TODAY, first_planned_on=TODAY)
    assert [value_of(key, scope).parts for key in ("reports-in-time", "gates-in-time")] == ["none", "none"]
    later = replace(scope, at=FRIDAY + dt.timedelta(days=1))
    assert [value_of(key, later).parts for key in ("reports-in-time", "gates-in-time")] == ["0 of 1", "0 of 1"]


def test_a_project_to_which_nothing_applies_has_no_percentage(beta, scope) -> None:
    assert compliance_of([beta], scope)[0].percent is None


def test_the_rows_behind_a_figure_say_what_the_figure_says(client, alpha, beta, pia) -> None:
    an_accepted(alpha, by=pia)
    client.force_login(pia)
    page = client.get(reverse("governance:performance-rows", args=["reports-in-time"]))
    assert page.context["measured"].parts == "1 of 1"
    assert [row.code for row in page.context["page"].object_list] == [alpha.code]
    assert reverse("governance:report-detail", args=[alpha.code, 1]) in page.content.decode()


def test_files_hold_the_same_figures_as_the_page(client, alpha, pia) -> None:
    an_accepted(alpha, by=pia)
    client.force_login(pia)
    text = b"".join(client.get(reverse("governance:performance-csv"))).decode("utf-8-sig")
    rows = {row["Figure"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == len(metrics.METRICS)
    assert (rows["Reports in on time"]["Numerator"], rows["Reports in on time"]["Denominator"]) == ("1", "1")
    assert rows["Gates on time"]["Twelve months"] == ""


def test_an_unknown_figure_does_not_exist(client, pia) -> None:
    client.force_login(pia)
    assert client.get(reverse("governance:performance-rows", args=["luck"])).status_code == 404


def test_nonsense_in_the_address_narrows_nothing(client, alpha, pia) -> None:
    an_accepted(alpha, by=pia)
    client.force_login(pia)
    page = client.get(reverse("governance:performance"), {"governance_class": "9", "reviewer": "x", "kind": "poem"})
    assert page.status_code == 200


def test_as_many_queries_for_many_projects_as_for_few(client, django_assert_max_num_queries, alpha, pia) -> None:
    client.force_login(pia)
    client.get(reverse("governance:performance"))  # the first page of a session notes when it was
    counts = []
    for batch in (2, 12):
        for number in range(batch):
            project = make_project(
                code=f"Q-{batch}{number:03d}", name=f"Kiosk {batch}-{number}", project_manager=alpha.project_manager
            )
            an_accepted(project, by=pia)
        for name in ("performance", "compliance-by-project"):
            with django_assert_max_num_queries(60) as counted:
                client.get(reverse(f"governance:{name}"))
            counts.append(len(counted))
    assert counts[:2] == counts[2:]
    assert Project.objects.count() > 12


def a_known_from_records(number: int = 1):
    """Return an active project of which only the gate records of another house tell."""
    project = make_project(name=f"Main {number}", is_reporting=False, source="Water works")
    values = {"planned_on": TODAY, "first_planned_on": TODAY, "held_on": TODAY, "decision": "go", "state": "decided"}
    GateReview.objects.create(
        project=project, gate="G1", number=1, source="Water works", kind_in_source="3 Gate Works", **values
    )
    return project


def test_projects_known_from_gate_records_only_are_left_out_and_counted(client, alpha, pia) -> None:
    for number in range(3):
        a_known_from_records(number)
    client.force_login(pia)
    page = client.get(reverse("governance:compliance-by-project"))
    assert [row.project for row in page.context["page"].object_list] == [alpha]
    assert "3 projects known only from gate records of elsewhere are left out" in page.content.decode()
    text = b"".join(client.get(reverse("governance:compliance-by-project-csv"))).decode()
    assert "Main" not in text


@pytest.mark.parametrize("kept", ["gate", "document", "reports", "own source"])
def test_a_project_of_which_anything_is_kept_here_counts(kept, client, alpha, max, pia) -> None:
    project = a_known_from_records()
    if kept == "gate":
        GateReview.objects.create(project=project, gate="G2", number=2, planned_on=TODAY, first_planned_on=TODAY)
    elif kept == "document":
        Deliverable.objects.create(project=project, kind="definition", number=1, opened_at=FRIDAY)
    elif kept == "reports":
        Project.objects.filter(pk=project.pk).update(is_reporting=True)
    else:
        Project.objects.filter(pk=project.pk).update(source="Portfolio list")
    client.force_login(pia)
    page = client.get(reverse("governance:compliance-by-project"))
    assert {row.project for row in page.context["page"].object_list} == {alpha, project}
    assert "left out" not in page.content.decode()
