"""Gates, waivers, baselines and policies: the project's manager decides none of theirs, and what is published stays."""

from __future__ import annotations

from django.urls import reverse

from governance import gates, policies
from governance.gate_history.planning import Origin
from governance.gate_history.run import import_gates
from governance.imports import carry_out
from governance.models import GateReview, PolicyVersion, Waiver
from governance.waivers import grant_waiver, revoke_waiver
from pmo.roles import Role
from portfolio.models import Project
from tests.factories import make_project
from tests.governance.changed import an_assessed_change, with_baseline
from tests.governance.duties.stage import LATER, Act, Attempt, Stage, in_turn, posting
from tests.governance.gated import DAY, TODAY, a_passed, a_prepared, terms
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.test_gate_pages import decision, typed
from tests.portfolio.importing import brought_in, checked

GATE, WAIVER, BASELINE, POLICY = "gate", "waiver", "phase and baseline", "policy"


def at_the_gate(stage: Stage) -> GateReview:
    """Return a prepared review of a project that max manages."""
    project = make_project(code="P-3001", project_manager=stage.max, sponsor=stage.sam, governance_class=3, phase="intake")
    return a_prepared(project)


def deciding(review: GateReview, by: object) -> Act:
    return lambda: gates.decide(GateReview.objects.get(pk=review.pk), by=by, at=LATER, **terms())


def page(review: GateReview) -> tuple[str, list[object]]:
    return "governance:gate-decide", [review.project.code, review.number]


def the_manager_on_the_page(stage: Stage) -> Act:
    review = at_the_gate(stage)
    return posting(stage.max, *page(review), **typed(review, **decision()))


def the_manager_who_became_pmo_manager_on_the_page(stage: Stage) -> Act:
    review = at_the_gate(stage)
    return posting(stage.as_office(stage.max, Role.EXECUTIVE), *page(review), **typed(review, **decision()))


def the_manager_with_both_roles(stage: Stage) -> Act:
    return deciding(at_the_gate(stage), stage.as_office(stage.max, Role.EXECUTIVE))


def a_colleague_of_the_manager_in_the_office(stage: Stage) -> Act:
    review = at_the_gate(stage)
    stage.manages(review.project, stage.pia)
    return deciding(review, stage.as_office(stage.bea))


def who_takes_the_project_over_with_the_page_open(stage: Stage) -> Act:
    review = at_the_gate(stage)
    client = signed_in(stage.pia)
    assert client.get(review.get_absolute_url()).status_code == 200
    stage.manages(review.project, stage.pia)
    return posting(stage.pia, *page(review), client=client, **typed(review, **decision()))


def a_delegate_of_the_pmo_manager(stage: Stage) -> Act:
    stage.delegated(stage.pia, stage.bea)
    return deciding(at_the_gate(stage), stage.bea)


def the_manager_writes_the_offices_recommendation(stage: Stage) -> Act:
    review = at_the_gate(stage)
    return lambda: gates.prepare(review, by=stage.max, at=LATER, recommendation="Go at once.")


def it_is_decided_a_second_time(stage: Stage) -> Act:
    review = at_the_gate(stage)
    gates.decide(review, by=stage.pia, at=NOON, **terms())
    return deciding(review, stage.gina)


def the_row_is_decided_without_a_decision(stage: Stage) -> Act:
    row = GateReview.objects.filter(pk=at_the_gate(stage).pk)
    return in_turn(
        lambda: row.update(state="decided", decided_by=stage.max, held_on=TODAY),
        lambda: row.update(decision="go"),
    )


def the_manager_brings_it_in_as_history(stage: Stage) -> Act:
    """The import of other houses' gates is the office's; a manager gets no gate passed by a file."""
    at_the_gate(stage)
    content, origin = b"Code,G0\nP-3001,2026-01-01\n", Origin("Another house", "USD")
    return lambda: import_gates(content, "gates.csv", origin, by=stage.max, at=LATER)


# Waivers


def granting(stage: Stage, by: object, **some: object) -> Act:
    values = {"gate": "G1", "artefact": "definition", "reason": "Law", "expires_on": TODAY + 30 * DAY}
    return lambda: grant_waiver(stage.alpha, by=by, at=LATER, **{**values, **some})


def sent(**some: object) -> dict[str, object]:
    return {"gate": "G1", "artefact": "definition", "reason": "Law", "expires_on": (TODAY + 30 * DAY).isoformat(), **some}


def the_manager_waives(stage: Stage) -> Act:
    return granting(stage, stage.max)


def the_manager_waives_with_both_roles(stage: Stage) -> Act:
    return granting(stage, stage.as_office(stage.max, Role.EXECUTIVE))


def the_manager_waives_on_the_page(stage: Stage) -> Act:
    return posting(stage.as_office(stage.max), "governance:waiver-new", [stage.alpha.code], **sent())


def a_pmo_manager_waives_from_the_page_of_another_project(stage: Stage) -> Act:
    """They may waive for BETA, whose form they have open; the address of ALPHA is another matter."""
    manager = stage.as_office(stage.max)
    client = signed_in(manager)
    assert client.get(reverse("governance:waiver-new", args=[stage.beta.code])).status_code == 200
    return posting(manager, "governance:waiver-new", [stage.alpha.code], client=client, **sent(project=stage.beta.pk))


def the_sponsor_the_team_and_finance_waive(stage: Stage) -> Act:
    return in_turn(*(granting(stage, person) for person in (stage.sam, stage.tess, stage.fay, stage.audrey, stage.adam)))


def a_delegate_waives(stage: Stage) -> Act:
    stage.delegated(stage.pia, stage.bea)
    return granting(stage, stage.bea)


def the_manager_revokes_what_was_waived(stage: Stage) -> Act:
    granting(stage, stage.pia)()
    waiver = Waiver.objects.get()
    manager = stage.as_office(stage.max)
    page_ = posting(manager, "governance:waiver-revoke", [waiver.pk])
    assert page_() in {302, 403}
    return lambda: revoke_waiver(Waiver.objects.get(), by=manager, at=LATER, reason="It is in.")


def the_row_is_made_to_end_before_it_began(stage: Stage) -> Act:
    granting(stage, stage.pia)()
    return lambda: Waiver.objects.update(expires_on=TODAY - 90 * DAY)


# Phase and baseline


def office_manager(stage: Stage) -> Project:
    """Return ALPHA, managed by a PMO manager, with what was agreed."""
    with_baseline(stage.alpha)
    stage.alpha.phase = "build"
    return stage.manages(stage.alpha, stage.pia)


def the_office_moves_its_own_phase(stage: Stage) -> Act:
    project = office_manager(stage)
    return lambda: project.revise(by=stage.pia, changes={"phase": "closing"}, reason="It is time.")


def the_office_hands_it_over_and_moves_the_phase_at_once(stage: Stage) -> Act:
    project = office_manager(stage)
    changes = {"phase": "closing", "project_manager": stage.max}
    return lambda: project.revise(by=stage.pia, changes=changes, reason="It is time.")


def the_office_changes_its_own_budget(stage: Stage) -> Act:
    project = office_manager(stage)
    return lambda: project.revise(by=stage.pia, changes={"budget_amount": 9_000_000}, reason="It is time.")


def a_manager_moves_phase_or_baseline(stage: Stage) -> Act:
    with_baseline(stage.alpha)
    return lambda: stage.alpha.revise(by=stage.max, changes={"phase": "closing"}, reason="It is time.")


def anybody_moves_the_baseline_by_hand(stage: Stage) -> Act:
    with_baseline(stage.alpha)
    changes = {"baseline_finish_on": stage.alpha.baseline_finish_on + 90 * DAY}
    return lambda: stage.alpha.revise(by=stage.pia, changes=changes, reason="It is time.")


def the_office_imports_another_phase_for_its_own(stage: Stage) -> Act:
    project = office_manager(stage)
    return importing_for(stage, f"code,name,phase\n{project.code},{project.name},Closing\n")


def the_office_imports_another_budget_for_its_own(stage: Stage) -> Act:
    project = office_manager(stage)
    project.source = "City list"
    project.save()
    return importing_for(stage, f"code,name,budget\n{project.code},{project.name},9000000\n")


def importing_for(stage: Stage, text: str) -> Act:
    run = checked(brought_in(text, by=stage.pia))
    return lambda: carry_out(run, by=stage.pia, at=LATER, is_accepting_rows=True)


def the_requester_of_a_baseline_decides_it(stage: Stage) -> Act:
    with_baseline(stage.alpha)
    change = an_assessed_change(stage.alpha, by=stage.max, assessor=stage.fay, wants_baseline=True, root_cause="The vendor.")
    arguments = [stage.alpha.code, change.number]
    return posting(stage.as_office(stage.max), "governance:change-approve", arguments, **{"decision-reason": "So."})


# Policies


def published(stage: Stage) -> PolicyVersion:
    policy = policies.open_policy(
        by=stage.pia, at=NOON, code="PP-1", title="Reporting", owner=stage.pia, review_by=TODAY + 365 * DAY,
        text="# Purpose\n\nReports are weekly.", effective_on=TODAY,
    )  # fmt: skip
    version = policy.versions.get()
    policies.publish(version, by=stage.pia, at=NOON)
    version.refresh_from_db()
    return version


def others_publish(stage: Stage) -> Act:
    draft = policies.begin_version(published(stage).policy, by=stage.pia, at=NOON)
    draft.revise(by=stage.pia, changes={"change_note": "Two weeks."})
    people = (stage.gina, stage.max, stage.audrey, stage.adam, stage.hugo)
    return in_turn(*(lambda person=person: policies.publish(draft, by=person, at=LATER) for person in people))


def its_owner_publishes_without_the_role(stage: Stage) -> Act:
    version = published(stage)
    version.policy.revise(by=stage.pia, changes={"owner": stage.gina})
    draft = policies.begin_version(version.policy, by=stage.pia, at=NOON)
    return posting(stage.gina, "governance:policy-publish", [version.policy.code, draft.number])


def a_published_text_is_written_over(stage: Stage) -> Act:
    version = published(stage)
    return lambda: version.revise(by=stage.pia, changes={"text": "Anything goes."})


def a_published_text_is_sent_again_from_an_open_tab(stage: Stage) -> Act:
    version = published(stage)
    fields = {"text": "Anything goes.", "effective_on": TODAY.isoformat()}
    return posting(stage.pia, "governance:policy-text", [version.policy.code, version.number], **fields)


def the_row_goes_back_to_a_draft(stage: Stage) -> Act:
    row = PolicyVersion.objects.filter(pk=published(stage).pk)
    return in_turn(lambda: row.update(state="draft"), lambda: row.update(sha256=""))


def an_acknowledgement_is_given_for_another(stage: Stage) -> Act:
    """Whoever is not asked acknowledges nothing, and a form cannot say in whose name."""
    version = published(stage)
    arguments = [version.policy.code, version.number]
    assert posting(stage.stella, "governance:policy-acknowledge", arguments, acknowledged_by=stage.max.pk)() == 404
    return lambda: policies.acknowledge(version, by=stage.stella, at=LATER)


def an_acknowledgement_is_taken_back(stage: Stage) -> Act:
    row = policies.acknowledge(published(stage), by=stage.max, at=NOON)
    return in_turn(row.delete, row.save)


def a_gate_passed_is_planned_again(stage: Stage) -> Act:
    project = make_project(code="P-3002", project_manager=stage.max, sponsor=stage.sam, governance_class=2, phase="intake")
    a_passed(project, by=stage.pia)
    return lambda: gates.plan(project, "G0", planned_on=TODAY, by=stage.max, at=LATER)


ATTEMPTS = [
    Attempt(GATE, "page", the_manager_on_the_page, 403),
    Attempt(GATE, "role gained", the_manager_who_became_pmo_manager_on_the_page, 403),
    Attempt(GATE, "two roles", the_manager_with_both_roles, "own_project"),
    Attempt(GATE, "colleague", a_colleague_of_the_manager_in_the_office, "not_decider"),
    Attempt(GATE, "stale page", who_takes_the_project_over_with_the_page_open, 403),
    Attempt(GATE, "delegation", a_delegate_of_the_pmo_manager, "not_decider"),
    Attempt(GATE, "shell", the_manager_writes_the_offices_recommendation, "own_project"),
    Attempt(GATE, "second time", it_is_decided_a_second_time, "already_decided"),
    Attempt(GATE, "database", the_row_is_decided_without_a_decision, "IntegrityError"),
    Attempt(GATE, "import", the_manager_brings_it_in_as_history, "not_importer"),
    Attempt(GATE, "planned again", a_gate_passed_is_planned_again, "already_passed"),
    Attempt(WAIVER, "shell", the_manager_waives, "own_project"),
    Attempt(WAIVER, "two roles", the_manager_waives_with_both_roles, "own_project"),
    Attempt(WAIVER, "page", the_manager_waives_on_the_page, 403),
    Attempt(WAIVER, "crafted number", a_pmo_manager_waives_from_the_page_of_another_project, 403),
    Attempt(WAIVER, "other roles", the_sponsor_the_team_and_finance_waive, "not_waiver_giver"),
    Attempt(WAIVER, "delegation", a_delegate_waives, "not_waiver_giver"),
    Attempt(WAIVER, "revoked", the_manager_revokes_what_was_waived, "own_project"),
    Attempt(WAIVER, "database", the_row_is_made_to_end_before_it_began, "IntegrityError"),
    Attempt(BASELINE, "two roles", the_office_moves_its_own_phase, "own_project"),
    Attempt(BASELINE, "handed over", the_office_hands_it_over_and_moves_the_phase_at_once, "own_project"),
    Attempt(BASELINE, "budget", the_office_changes_its_own_budget, "by_change_only"),
    Attempt(BASELINE, "manager", a_manager_moves_phase_or_baseline, "office_only"),
    Attempt(BASELINE, "by hand", anybody_moves_the_baseline_by_hand, "by_change_only"),
    Attempt(BASELINE, "import of a phase", the_office_imports_another_phase_for_its_own, "own_project"),
    Attempt(BASELINE, "import of a budget", the_office_imports_another_budget_for_its_own, "own_project"),
    Attempt(BASELINE, "change request", the_requester_of_a_baseline_decides_it, 403),
    Attempt(POLICY, "other roles", others_publish, "not_office"),
    Attempt(POLICY, "owner", its_owner_publishes_without_the_role, 403),
    Attempt(POLICY, "shell", a_published_text_is_written_over, "published"),
    Attempt(POLICY, "open tab", a_published_text_is_sent_again_from_an_open_tab, 422),
    Attempt(POLICY, "database", the_row_goes_back_to_a_draft, "IntegrityError"),
    Attempt(POLICY, "another's name", an_acknowledgement_is_given_for_another, "not_asked"),
    Attempt(POLICY, "acknowledgement", an_acknowledgement_is_taken_back, "TypeError"),
]
