"""Whoever managed a project while a thing was begun or prepared does not decide on it, even once somebody else manages it."""

from __future__ import annotations

from decimal import Decimal

from governance import change_deciding, conditions, gates
from governance.compliance import close_finding, open_finding
from governance.gate_past import enter_past
from governance.models import ChangeRequest, ComplianceFinding, Condition, DeliverableVersion, GateReview, Waiver
from governance.waivers import grant_waiver, revoke_waiver
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.changed import REASON, an_assessed_change, with_baseline
from tests.governance.duties.changes import a_condition_of, closing_page
from tests.governance.duties.documents import approving
from tests.governance.duties.documents import page as document_page
from tests.governance.duties.gates import at_the_gate, deciding, granting
from tests.governance.duties.gates import page as gate_page
from tests.governance.duties.stage import LATER, Act, Attempt, Stage, in_turn, posting
from tests.governance.gated import DAY, TODAY, a_prepared
from tests.governance.stories import NOON
from tests.governance.test_gate_pages import decision, typed
from tests.governance.test_queue import agreed
from tests.governance.written import a_submitted_document

HANDED = "handed over"


def handed_over(stage: Stage, project: Project) -> None:
    """Let pia take the project over and give it back to max, as the office does on its page."""
    stage.as_office(stage.gina)
    for manager in (stage.pia, stage.max):
        project = Project.objects.get(pk=project.pk)
        project.revise(by=stage.gina, changes={"project_manager": manager}, reason="So.")


def managed_meanwhile(stage: Stage) -> DeliverableVersion:
    """Return a document that max wrote and that waits; pia managed the project for a while since."""
    version = a_submitted_document(stage.alpha)
    handed_over(stage, stage.alpha)
    return DeliverableVersion.objects.get(pk=version.pk)


def who_managed_it_meanwhile_approves(stage: Stage) -> Act:
    return approving(managed_meanwhile(stage), stage.pia)


def who_managed_it_meanwhile_decides_on_the_pages(stage: Stage) -> Act:
    version = managed_meanwhile(stage)
    names = ("approve", "return", "reject", "conditions")
    return in_turn(*(posting(stage.pia, *document_page(version, name)) for name in names))


def who_managed_it_meanwhile_accepts_a_report_among_many(stage: Stage) -> Act:
    version = agreed(stage.alpha, stage.pia)
    handed_over(stage, stage.alpha)
    return posting(stage.pia, "governance:review-accept-many", pick=[version.pk])


def a_colleague_in_the_office_approves_for_who_managed_it(stage: Stage) -> Act:
    return approving(managed_meanwhile(stage), stage.as_office(stage.bea))


def a_delegate_of_who_managed_it_approves(stage: Stage) -> Act:
    stage.delegated(stage.pia, stage.bea)
    return approving(managed_meanwhile(stage), stage.bea)


def gate_handed_over(stage: Stage) -> GateReview:
    review = at_the_gate(stage)
    handed_over(stage, review.project)
    return GateReview.objects.get(pk=review.pk)


def who_managed_it_decides_at_the_gate(stage: Stage) -> Act:
    return deciding(gate_handed_over(stage), stage.pia)


def who_managed_it_decides_on_the_page_of_the_gate(stage: Stage) -> Act:
    review = gate_handed_over(stage)
    return posting(stage.pia, *gate_page(review), **typed(review, **decision()))


def who_hands_it_over_before_the_gate_is_planned_decides(stage: Stage) -> Act:
    project = make_project(code="P-3003", project_manager=stage.pia, sponsor=stage.sam, governance_class=3, phase="intake")
    stage.as_office(stage.gina)
    project.revise(by=stage.gina, changes={"project_manager": stage.max}, reason="So that somebody else prepares it.")
    return deciding(a_prepared(Project.objects.get(pk=project.pk)), stage.pia)


def a_colleague_decides_at_the_gate_for_who_managed_it(stage: Stage) -> Act:
    return deciding(gate_handed_over(stage), stage.as_office(stage.bea))


def who_managed_it_writes_the_offices_recommendation(stage: Stage) -> Act:
    review = gate_handed_over(stage)
    return lambda: gates.prepare(review, by=stage.pia, at=LATER, recommendation="Go at once.")


def who_managed_it_waives(stage: Stage) -> Act:
    handed_over(stage, stage.alpha)
    fields = {"gate": "G1", "artefact": "definition", "reason": "Law", "expires_on": TODAY + 30 * DAY}
    project = Project.objects.get(pk=stage.alpha.pk)
    return lambda: grant_waiver(project, by=stage.pia, at=LATER, **fields)


def who_managed_it_revokes_a_waiver(stage: Stage) -> Act:
    granting(stage, stage.gina)()
    handed_over(stage, stage.alpha)
    return lambda: revoke_waiver(Waiver.objects.get(), by=stage.pia, at=LATER, reason="It is in.")


def who_managed_it_decides_on_a_change(stage: Stage) -> Act:
    with_baseline(stage.alpha)
    change = an_assessed_change(stage.alpha, by=stage.max, assessor=stage.fay, cost_effect=Decimal(60_000))
    handed_over(stage, stage.alpha)
    change = ChangeRequest.objects.get(pk=change.pk)
    verbs = (change_deciding.approve, change_deciding.reject, change_deciding.defer)
    return in_turn(*(lambda verb=verb: verb(change, by=stage.pia, at=LATER, reason=REASON) for verb in verbs))


def who_managed_it_moves_the_date_of_a_condition(stage: Stage) -> Act:
    condition = a_condition_of(stage, evidenced=False)
    handed_over(stage, stage.alpha)
    condition = type(condition).objects.get(pk=condition.pk)
    later = condition.due_on + 5 * DAY
    return lambda: conditions.extend(condition, due_on=later, reason="Late.", by=stage.pia, at=NOON)


def evidenced_and_managed(stage: Stage, *, still: bool = True) -> Condition:
    """Return a condition whose verifier tess became manager of the project after it was put, and is it `still` or not."""
    condition = a_condition_of(stage, owner="bea", verifier="tess")
    stage.as_office(stage.gina)
    for manager in (stage.tess, stage.max)[: 1 if still else 2]:
        project = Project.objects.get(pk=stage.alpha.pk)
        project.revise(by=stage.gina, changes={"project_manager": manager}, reason="So.")
    return Condition.objects.select_related("project", "owner", "verifier").get(pk=condition.pk)


def judging(condition: Condition, by: object) -> Act:
    return in_turn(
        lambda: conditions.close(condition, by=by, at=LATER),
        lambda: conditions.refuse_evidence(condition, by=by, at=LATER, reason="No."),
    )


def the_verifier_who_became_manager_judges_the_evidence(stage: Stage) -> Act:
    return judging(evidenced_and_managed(stage), stage.tess)


def the_verifier_who_managed_it_meanwhile_judges_the_evidence(stage: Stage) -> Act:
    return judging(evidenced_and_managed(stage, still=False), stage.tess)


def the_verifier_who_became_manager_closes_it_on_the_page(stage: Stage) -> Act:
    return closing_page(stage, evidenced_and_managed(stage), "tess")


def the_verifier_closes_it_with_a_page_and_an_object_of_before(stage: Stage) -> Act:
    condition = a_condition_of(stage, owner="bea", verifier="tess")
    stale = Condition.objects.select_related("project", "verifier").get(pk=condition.pk)
    stage.manages(Project.objects.get(pk=stage.alpha.pk), stage.tess)
    return judging(stale, stage.tess)


def the_office_names_who_managed_it_as_verifier(stage: Stage) -> Act:
    condition = evidenced_and_managed(stage, still=False)
    people = {"owner": stage.max, "verifier": stage.tess}
    return lambda: conditions.reassign(condition, by=stage.pia, at=LATER, reason="So.", **people)


def who_managed_it_enters_its_gate_from_a_record(stage: Stage) -> Act:
    handed_over(stage, stage.alpha)
    project = Project.objects.get(pk=stage.alpha.pk)
    held = TODAY - 900 * DAY
    return lambda: enter_past(project, "G0", planned_on=held, held_on=held, source="Minutes 7", by=stage.pia, at=LATER)


def who_managed_it_opens_the_page_that_enters_its_gate(stage: Stage) -> Act:
    handed_over(stage, stage.alpha)
    return posting(stage.pia, "governance:gate-past", [stage.alpha.code], gate="G0", source="Minutes 7")


def found_and_handed_over(stage: Stage) -> ComplianceFinding:
    finding = open_finding(stage.alpha, "work_before_gate", "k1", "Work went on.", at=NOON, owner=stage.max)
    handed_over(stage, stage.alpha)
    return ComplianceFinding.objects.select_related("project").get(pk=finding.pk)


def who_managed_it_since_closes_a_finding(stage: Stage) -> Act:
    finding = found_and_handed_over(stage)
    return lambda: close_finding(finding, by=stage.pia, at=LATER, evidence="Mended.")


def who_managed_it_since_closes_a_finding_on_the_page(stage: Stage) -> Act:
    finding = found_and_handed_over(stage)
    return posting(stage.pia, "governance:compliance-close", [finding.pk], evidence="Mended.")


ATTEMPTS = [
    Attempt(HANDED, "shell", who_managed_it_meanwhile_approves, "own_project"),
    Attempt(HANDED, "page", who_managed_it_meanwhile_decides_on_the_pages, 403),
    Attempt(HANDED, "bulk", who_managed_it_meanwhile_accepts_a_report_among_many, 302),
    Attempt(HANDED, "colleague", a_colleague_in_the_office_approves_for_who_managed_it, "not_reviewer"),
    Attempt(HANDED, "delegation", a_delegate_of_who_managed_it_approves, "not_reviewer"),
    Attempt(HANDED, "gate", who_managed_it_decides_at_the_gate, "own_project"),
    Attempt(HANDED, "page of the gate", who_managed_it_decides_on_the_page_of_the_gate, 403),
    Attempt(HANDED, "before the plan", who_hands_it_over_before_the_gate_is_planned_decides, "own_project"),
    Attempt(HANDED, "colleague at the gate", a_colleague_decides_at_the_gate_for_who_managed_it, "not_decider"),
    Attempt(HANDED, "recommendation", who_managed_it_writes_the_offices_recommendation, "own_project"),
    Attempt(HANDED, "waiver", who_managed_it_waives, "own_project"),
    Attempt(HANDED, "waiver revoked", who_managed_it_revokes_a_waiver, "own_project"),
    Attempt(HANDED, "change", who_managed_it_decides_on_a_change, "own_project"),
    Attempt(HANDED, "verifier", the_verifier_who_became_manager_judges_the_evidence, "own_project"),
    Attempt(HANDED, "verifier for a while", the_verifier_who_managed_it_meanwhile_judges_the_evidence, "own_project"),
    Attempt(HANDED, "verifier, page", the_verifier_who_became_manager_closes_it_on_the_page, 403),
    Attempt(HANDED, "verifier, stale object", the_verifier_closes_it_with_a_page_and_an_object_of_before, "own_project"),
    Attempt(HANDED, "verifier named", the_office_names_who_managed_it_as_verifier, "verifier_is_manager"),
    Attempt(HANDED, "gate from a record", who_managed_it_enters_its_gate_from_a_record, "own_project"),
    Attempt(HANDED, "page of a past gate", who_managed_it_opens_the_page_that_enters_its_gate, 403),
    Attempt(HANDED, "finding", who_managed_it_since_closes_a_finding, "own_project"),
    Attempt(HANDED, "page of a finding", who_managed_it_since_closes_a_finding_on_the_page, 403),
    Attempt(HANDED, "condition", who_managed_it_moves_the_date_of_a_condition, "own_project"),
]
