"""What a delegation is worth, what an administrator reaches, and that an auditor writes nothing."""

from __future__ import annotations

import datetime as dt

from django.urls import NoReverseMatch, reverse

from governance import change_requests, conditions, gates, routing
from governance.delegating import give_delegation
from governance.documents.drafting import save_section, start_document
from governance.findings import answer_finding, raise_finding
from governance.models import Condition, Delegation, DeliverableVersion
from governance.reports import save_draft
from governance.waivers import grant_waiver
from pmo.administration.roles import confirm_role, give_role, take_role
from pmo.models import RoleChange
from pmo.roles import Role
from tests.factories import make_member
from tests.governance.duties.changes import a_condition_of
from tests.governance.duties.documents import approving, page, written_by_tess
from tests.governance.duties.stage import HOUR, LATER, Act, Attempt, Stage, in_turn, posting
from tests.governance.gated import TODAY
from tests.governance.pages import signed_in
from tests.governance.stories import NOON, a_draft, a_finding
from tests.governance.written import a_document, a_submitted_document

DELEGATION, ADMINISTRATOR, AUDITOR = "delegation", "administrator", "auditor"
DAY = dt.timedelta(days=1)


# Delegations


def of_who_wrote_it(stage: Stage) -> Act:
    stage.delegated(stage.pia, stage.bea)
    version = a_document(stage.alpha)
    section = version.document.sections.get(section__key="problem")
    save_section(section, by=stage.pia, at=NOON, revision=section.revision, text="Clerks retype 400 forms.")
    version.submit(by=stage.max, at=NOON)
    return approving(version, stage.bea)


def of_who_manages_it_given_after_submission(stage: Stage) -> Act:
    version = a_submitted_document(stage.manages(stage.alpha, stage.pia))
    stage.delegated(stage.pia, stage.bea)
    return in_turn(approving(version, stage.bea), lambda: version.reject(by=stage.bea, at=LATER, reason="No."))


def to_the_submitter_given_after_submission(stage: Stage) -> Act:
    version = a_submitted_document(stage.alpha)
    stage.delegated(stage.pia, stage.max)
    stage.manages(stage.alpha, stage.bea)
    return posting(stage.max, *page(version))


def to_the_manager_of_what_others_wrote(stage: Stage) -> Act:
    version = written_by_tess(stage)
    stage.delegated(stage.pia, stage.max)
    return posting(stage.max, *page(version))


def passed_on(stage: Stage) -> Act:
    stage.delegated(stage.pia, stage.bea)
    stage.delegated(stage.bea, stage.olaf)
    version = a_submitted_document(stage.alpha)
    page_ = posting(stage.bea, "governance:delegation-new", to=stage.olaf.pk)
    assert page_() == 403
    return approving(version, stage.olaf)


def for_other_days_kinds_and_classes(stage: Stage) -> Act:
    today = NOON.date()
    ended = {"starts_on": today - 9 * DAY, "ends_on": today - DAY}
    future = {"starts_on": today + DAY, "ends_on": today + 9 * DAY}
    people = (stage.bea, stage.tess, stage.olaf, stage.fay, stage.hugo)
    terms = (ended, future, {"kinds": ["status_report"]}, {"highest_class": 2}, {"revoked_at": NOON})
    for person, some in zip(people, terms, strict=True):
        stage.delegated(stage.pia, person, **some)
    version = a_submitted_document(stage.alpha)
    return in_turn(*(approving(version, person) for person in people))


def revoked_with_the_page_open(stage: Stage) -> Act:
    given = stage.delegated(stage.pia, stage.bea)
    version = a_submitted_document(stage.alpha)
    client = signed_in(stage.bea)
    address, arguments = page(version)
    assert client.get(reverse(address, args=arguments)).status_code == 200
    Delegation.objects.filter(pk=given.pk).update(revoked_at=NOON)
    return posting(stage.bea, address, arguments, client=client)


def of_who_lost_the_role(stage: Stage) -> Act:
    stage.delegated(stage.pia, stage.bea)
    version = a_submitted_document(stage.alpha)
    stage.pia.remove_role(Role.PMO_MANAGER)
    return approving(version, stage.bea)


def to_oneself_and_backwards(stage: Stage) -> Act:
    stage.delegated(stage.pia, stage.bea)
    row = Delegation.objects.filter(delegate=stage.bea)
    return in_turn(
        lambda: row.update(delegate=stage.pia),
        lambda: row.update(ends_on=NOON.date() - 90 * DAY),
    )


def to_an_auditor_or_administrator(stage: Stage) -> Act:
    values = {"starts_on": TODAY, "ends_on": TODAY + 7 * DAY, "kinds": ["definition"], "highest_class": 4, "reason": "Leave"}
    return in_turn(*(
        lambda to=to: give_delegation(by=stage.pia, to=to, at=NOON, **values) for to in (stage.audrey, stage.adam)
    ))  # fmt: skip


# Administrators, and who gives roles


def an_administrator_on_every_decision_page(stage: Stage) -> Act:
    version = a_submitted_document(stage.alpha)
    return in_turn(*(posting(stage.adam, *page(version, name)) for name in ("approve", "return", "reject", "conditions")))


def an_administrator_by_the_verbs(stage: Stage) -> Act:
    version = a_submitted_document(stage.alpha)
    return in_turn(approving(version, stage.adam), lambda: version.reject(by=stage.adam, at=LATER, reason="No."))


def an_administrator_gives_themself_the_office(stage: Stage) -> Act:
    return in_turn(*(
        lambda role=role: give_role(stage.adam, role, by=stage.adam, reason="In a hurry", at=NOON)
        for role in (Role.PMO_MANAGER, Role.EXECUTIVE, Role.AUDITOR)
    ))  # fmt: skip


def an_administrator_gives_themself_a_role_on_the_page(stage: Stage) -> Act:
    fields = {"role": Role.PMO_MANAGER.value, "reason": "In a hurry"}
    return posting(stage.adam, "role-give", [stage.adam.pk], **fields)


def the_pmo_manager_makes_themself_executive(stage: Stage) -> Act:
    return lambda: give_role(stage.pia, Role.EXECUTIVE, by=stage.pia, reason="In a hurry", at=NOON)


def an_administrator_agrees_to_what_they_asked(stage: Stage) -> Act:
    change = give_role(stage.olaf, Role.AUDITOR, by=stage.adam, reason="Yearly audit", at=NOON)
    stage.adam.add_role(Role.EXECUTIVE)
    return lambda: confirm_role(change, by=stage.adam, at=LATER)


def the_receiver_agrees(stage: Stage) -> Act:
    stage.olaf.add_role(Role.EXECUTIVE)
    change = give_role(stage.olaf, Role.HR_LIAISON, by=stage.adam, reason="Hiring", at=NOON)
    return lambda: confirm_role(change, by=stage.olaf, at=LATER)


def the_row_says_that_one_person_was_two(stage: Stage) -> Act:
    change = give_role(stage.olaf, Role.AUDITOR, by=stage.adam, reason="Yearly audit", at=NOON)
    row = RoleChange.objects.filter(pk=change.pk)
    return lambda: row.update(state="done", settled_by=stage.adam, settled_at=LATER)


def an_administrator_takes_a_prohibition_away(stage: Stage) -> Act:
    return lambda: take_role(stage.adam, Role.ADMINISTRATOR, by=stage.adam, reason="No longer", at=NOON)


def an_administrator_looks_for_a_site_of_tables(stage: Stage) -> Act:
    """There is no site on which rows are edited by hand: neither its names nor its usual address exist."""
    for name in ("admin:index", "admin:governance_deliverableversion_changelist"):
        try:
            reverse(name)
        except NoReverseMatch:
            continue
        raise AssertionError(name)
    client = signed_in(stage.adam)
    return in_turn(*(lambda path=path: client.get(path).status_code for path in ("/admin/", "/administration/admin/")))


# Auditors


def audited(stage: Stage) -> DeliverableVersion:
    """Return a version that waits in a project where the auditor was put on the team by mistake."""
    make_member(stage.alpha, stage.audrey)
    return a_submitted_document(stage.alpha)


def an_auditor_on_every_decision_page(stage: Stage) -> Act:
    version = audited(stage)
    names = ("approve", "return", "reject", "conditions", "finding-new", "notes")
    return in_turn(*(posting(stage.audrey, *page(version, name)) for name in names))


def an_auditor_by_the_verbs(stage: Stage) -> Act:
    version = audited(stage)
    found = {"section": "problem", "severity": "minor", "text": "Vague."}
    return in_turn(
        approving(version, stage.audrey),
        lambda: raise_finding(version, by=stage.audrey, at=LATER, **found),
    )


def an_auditor_who_is_sponsor_gives_an_opinion(stage: Stage) -> Act:
    stage.alpha.sponsor = stage.audrey
    stage.alpha.save()
    part = a_submitted_document(stage.alpha).reviews.get().parts.filter(seat="sponsor").first()
    return lambda: routing.give_opinion(part, by=stage.audrey, at=LATER, opinion="endorse")


def an_auditor_on_the_team_writes_a_section(stage: Stage) -> Act:
    make_member(stage.alpha, stage.audrey)
    section = a_document(stage.alpha).document.sections.get(section__key="problem")
    return lambda: save_section(section, by=stage.audrey, at=LATER, revision=section.revision, text="Audited.")


def an_auditor_who_manages_a_project_writes_and_submits(stage: Stage) -> Act:
    version = a_draft(stage.alpha)
    stage.manages(stage.alpha, stage.audrey)
    version = DeliverableVersion.objects.get(pk=version.pk)
    return in_turn(
        lambda: save_draft(version, {"headline": "x"}, revision=version.status_report.revision, by=stage.audrey, at=LATER),
        lambda: version.submit(by=stage.audrey, at=LATER),
        lambda: start_document(stage.alpha, "definition", by=stage.audrey, at=LATER),
    )


def an_auditor_answers_a_finding(stage: Stage) -> Act:
    version = a_submitted_document(stage.alpha)
    finding = a_finding(version, by=stage.pia, section="problem")
    version.return_for_rework(by=stage.pia, at=NOON)
    DeliverableVersion.objects.filter(pk=version.pk).update(author=stage.audrey)
    finding.refresh_from_db()
    return lambda: answer_finding(finding, by=stage.audrey, text="Mended.", at=LATER)


def an_auditor_on_the_team_asks_for_a_change(stage: Stage) -> Act:
    make_member(stage.alpha, stage.audrey)
    return lambda: change_requests.begin(stage.alpha, by=stage.audrey, at=LATER, title="Later")


def an_auditor_plans_a_gate_of_a_project_they_manage(stage: Stage) -> Act:
    stage.manages(stage.alpha, stage.audrey)
    return lambda: gates.plan(stage.alpha, "G0", planned_on=TODAY, by=stage.audrey, at=LATER)


def an_auditor_verifies_or_gives_evidence(stage: Stage) -> Act:
    condition = a_condition_of(stage, evidenced=False)
    Condition.objects.filter(pk=condition.pk).update(owner=stage.audrey)
    condition = Condition.objects.get(pk=condition.pk)
    return lambda: conditions.give_evidence(condition, by=stage.audrey, at=LATER, text="Done.")


def an_auditor_waives(stage: Stage) -> Act:
    until = TODAY + 30 * DAY
    values = {"gate": "G1", "artefact": "definition", "reason": "Law", "expires_on": until}
    return lambda: grant_waiver(stage.alpha, by=stage.audrey, at=LATER, **values)


def an_auditor_is_given_the_office(stage: Stage) -> Act:
    return lambda: give_role(stage.audrey, Role.PMO_MANAGER, by=stage.adam, reason="Both", at=NOON + HOUR)


ATTEMPTS = [
    Attempt(DELEGATION, "of a writer", of_who_wrote_it, "not_reviewer"),
    Attempt(DELEGATION, "given later", of_who_manages_it_given_after_submission, "not_reviewer"),
    Attempt(DELEGATION, "to the submitter, page", to_the_submitter_given_after_submission, 403),
    Attempt(DELEGATION, "to the manager, page", to_the_manager_of_what_others_wrote, 403),
    Attempt(DELEGATION, "passed on", passed_on, "not_reviewer"),
    Attempt(DELEGATION, "limits", for_other_days_kinds_and_classes, "not_reviewer"),
    Attempt(DELEGATION, "stale page", revoked_with_the_page_open, 404),
    Attempt(DELEGATION, "role lost", of_who_lost_the_role, "not_reviewer"),
    Attempt(DELEGATION, "database", to_oneself_and_backwards, "IntegrityError"),
    Attempt(DELEGATION, "to who watches", to_an_auditor_or_administrator, "delegate_barred"),
    Attempt(ADMINISTRATOR, "pages", an_administrator_on_every_decision_page, 404),
    Attempt(ADMINISTRATOR, "shell", an_administrator_by_the_verbs, "not_reviewer"),
    Attempt(ADMINISTRATOR, "own roles", an_administrator_gives_themself_the_office, "own_roles"),
    Attempt(ADMINISTRATOR, "own roles, page", an_administrator_gives_themself_a_role_on_the_page, 403),
    Attempt(ADMINISTRATOR, "own roles of the office", the_pmo_manager_makes_themself_executive, "own_roles"),
    Attempt(ADMINISTRATOR, "two roles", an_administrator_agrees_to_what_they_asked, "asked_it"),
    Attempt(ADMINISTRATOR, "receiver", the_receiver_agrees, "gets_it"),
    Attempt(ADMINISTRATOR, "database", the_row_says_that_one_person_was_two, "IntegrityError"),
    Attempt(ADMINISTRATOR, "own prohibition", an_administrator_takes_a_prohibition_away, "own_roles"),
    Attempt(ADMINISTRATOR, "admin site", an_administrator_looks_for_a_site_of_tables, 404),
    Attempt(AUDITOR, "pages", an_auditor_on_every_decision_page, 403),
    Attempt(AUDITOR, "shell", an_auditor_by_the_verbs, "not_reviewer"),
    Attempt(AUDITOR, "sponsor", an_auditor_who_is_sponsor_gives_an_opinion, "own_work"),
    Attempt(AUDITOR, "team", an_auditor_on_the_team_writes_a_section, "not_writer"),
    Attempt(AUDITOR, "manager", an_auditor_who_manages_a_project_writes_and_submits, "not_writer"),
    Attempt(AUDITOR, "author", an_auditor_answers_a_finding, "not_writer"),
    Attempt(AUDITOR, "change", an_auditor_on_the_team_asks_for_a_change, "not_requester"),
    Attempt(AUDITOR, "gate", an_auditor_plans_a_gate_of_a_project_they_manage, "not_planner"),
    Attempt(AUDITOR, "condition", an_auditor_verifies_or_gives_evidence, "not_owner"),
    Attempt(AUDITOR, "waiver", an_auditor_waives, "not_waiver_giver"),
    Attempt(AUDITOR, "two roles", an_auditor_is_given_the_office, "roles_conflict"),
]
