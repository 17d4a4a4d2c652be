"""Who wrote, submitted or manages it decides nothing of it; what is approved stays as it is."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from governance import routing
from governance.attachments import attach
from governance.documents.drafting import save_section, start_document
from governance.findings import answer_checklist, answer_finding, close_finding, raise_finding
from governance.models import DeliverableVersion, DocumentSection, ReviewFinding
from governance.reports import save_draft
from pmo.roles import Role
from tests.governance.duties.stage import LATER, Act, Attempt, Stage, in_turn, posting
from tests.governance.pages import signed_in, typed
from tests.governance.stories import NOON, THURSDAY, WEEK, a_draft, a_finding, a_submitted, agreed_terms, an_accepted
from tests.governance.test_queue import agreed, sound
from tests.governance.written import a_document, a_submitted_document, an_approved_document, review_all

OWN, MANAGED, APPROVED = "own work", "own project", "after the approval"
APPROVE = "governance:document-review-approve"


def page(version: DeliverableVersion, name: str = "approve") -> tuple[str, list[object]]:
    kind = version.deliverable.kind.replace("_", "-")
    return f"governance:document-review-{name}", [version.deliverable.project.code, kind, version.number]


def approving(version: DeliverableVersion, by: object) -> Act:
    return lambda: DeliverableVersion.objects.get(pk=version.pk).approve(by=by, at=LATER, terms={})


def written_by(stage: Stage, writer: str) -> DeliverableVersion:
    """Return a version that max submitted and into which somebody else wrote one section; ready but for the decision."""
    version = a_document(stage.alpha)
    section = version.document.sections.get(section__key="problem")
    save_section(section, by=stage.people[writer], at=NOON, revision=section.revision, text="Clerks retype 400 forms.")
    version.submit(by=stage.max, at=NOON)
    return version


# Own work


def an_author_who_became_pmo_manager_approves(stage: Stage) -> Act:
    version = a_submitted_document(stage.alpha)
    stage.manages(stage.alpha, stage.bea)
    return posting(stage.as_office(stage.max), *page(version))


def a_page_opened_before_the_words_were_found_to_be_ones_own(stage: Stage) -> Act:
    """The office opens the decision in one tab; the version is withdrawn, mended by the same person, and waits again."""
    first = a_submitted_document(stage.alpha)
    client = signed_in(stage.pia)
    address, arguments = page(first)
    assert client.get(reverse(address, args=arguments)).status_code == 200
    first.withdraw(by=stage.max, at=NOON)
    second = start_document(stage.alpha, "definition", by=stage.max, at=NOON, change_summary="Mended.")
    section = second.document.sections.get(section__key="problem")
    save_section(section, by=stage.pia, at=NOON, revision=section.revision, text="Clerks retype 400 forms.")
    second.submit(by=stage.max, at=NOON)
    return posting(stage.pia, *page(second), client=client)


def a_writer_signs_in_again_and_approves(stage: Stage) -> Act:
    version = written_by(stage, "pia")
    first, second = signed_in(stage.pia), signed_in(stage.again("pia"))
    return in_turn(posting(stage.pia, *page(version), client=first), posting(stage.pia, *page(version), client=second))


def a_writer_lets_a_colleague_submit_and_approves(stage: Stage) -> Act:
    return approving(written_by(stage, "pia"), stage.pia)


def who_added_a_file_to_a_section_approves(stage: Stage) -> Act:
    version = a_document(stage.alpha)
    section = version.document.sections.get(section__key="problem")
    attach(SimpleUploadedFile("letter.txt", b"The vendor agrees."), by=stage.pia, at=NOON, section=section)
    version.submit(by=stage.max, at=NOON)
    return in_turn(approving(version, stage.pia), lambda: raise_finding(
        version, by=stage.pia, at=LATER, section="problem", severity="minor", text="Vague."
    ))  # fmt: skip


def a_writer_of_a_version_that_came_back_approves_the_next(stage: Stage) -> Act:
    version = written_by(stage, "pia")
    finding = a_finding(version, by=stage.gina, section="problem")
    version.return_for_rework(by=stage.gina, at=NOON)
    answer_finding(finding, by=stage.max, text="Mended.", at=NOON)
    start_document(stage.alpha, "definition", by=stage.max, at=NOON, change_summary="Mended.")
    second = DeliverableVersion.objects.get(number=2)
    second.submit(by=stage.max, at=NOON)
    close_finding(ReviewFinding.objects.get(pk=finding.pk), by=stage.gina, at=NOON)
    return approving(second, stage.pia)


def a_writer_with_every_deciding_role_reviews(stage: Stage) -> Act:
    version = written_by(stage, "pia")
    pia = stage.as_office(stage.pia, Role.EXECUTIVE)
    return in_turn(
        approving(version, pia),
        lambda: answer_checklist(version, {}, by=pia, at=LATER),
        lambda: routing.give_opinion(version.reviews.get().parts.get(seat="sponsor"), by=pia, at=LATER, opinion="endorse"),
    )


def who_mended_a_draft_report_accepts_it(stage: Stage) -> Act:
    """The office writes the headline of a draft; its manager submits; the office accepts its own words."""
    version = a_draft(stage.alpha)
    words = {"headline": "The office says that all is well."}
    save_draft(version, words, revision=version.status_report.revision, by=stage.pia, at=NOON)
    version.submit(by=stage.max, at=NOON)
    return lambda: version.approve(by=stage.pia, at=LATER, terms=agreed_terms(version))


def who_mended_a_draft_report_accepts_many(stage: Stage) -> Act:
    sound(stage.alpha)
    an_accepted(stage.alpha, by=stage.pia, at=NOON - WEEK, end_on=THURSDAY - WEEK)
    version = a_draft(stage.alpha)
    save_draft(version, {"headline": "Well."}, revision=version.status_report.revision, by=stage.pia, at=NOON)
    version.submit(by=stage.max, at=NOON)
    return posting(stage.pia, "governance:review-accept-many", pick=[version.pk])


def an_author_writes_the_decision_into_the_row(stage: Stage) -> Act:
    version = a_submitted_document(stage.alpha)
    row = DeliverableVersion.objects.filter(pk=version.pk)
    return in_turn(
        lambda: row.update(state="approved", decided_by=stage.max, decided_at=LATER),
        lambda: _saved(row.get(), state="approved", decided_by=stage.max, decided_at=LATER),
    )


def _saved(version: DeliverableVersion, **values: object) -> None:
    for name, value in values.items():
        setattr(version, name, value)
    version.save()


# Own project


def a_project_manager_who_became_pmo_manager_approves(stage: Stage) -> Act:
    version = written_by_tess(stage)
    return posting(stage.as_office(stage.max), *page(version))


def written_by_tess(stage: Stage) -> DeliverableVersion:
    """Return a version that waits in a project whose manager had no hand in it: tess managed it while it was written."""
    stage.manages(stage.alpha, stage.tess)
    version = a_submitted_document(stage.alpha)
    stage.manages(stage.alpha, stage.max)
    return DeliverableVersion.objects.get(pk=version.pk)


def who_takes_the_project_over_meanwhile_approves_from_the_open_page(stage: Stage) -> Act:
    version = written_by_tess(stage)
    client = signed_in(stage.pia)
    address, arguments = page(version)
    assert client.get(reverse(address, args=arguments)).status_code == 200
    stage.manages(stage.alpha, stage.pia)
    return posting(stage.pia, address, arguments, client=client)


def a_manager_returns_rejects_and_puts_conditions(stage: Stage) -> Act:
    version = written_by_tess(stage)
    manager = stage.as_office(stage.max, Role.EXECUTIVE)
    return in_turn(*(posting(manager, *page(version, name)) for name in ("approve", "return", "reject", "conditions")))


def a_manager_with_both_roles_decides_by_the_verbs(stage: Stage) -> Act:
    version = written_by_tess(stage)
    manager = stage.as_office(stage.max, Role.EXECUTIVE)
    return in_turn(
        approving(version, manager),
        lambda: version.reject(by=manager, at=LATER, reason="No."),
        lambda: version.take_up(by=manager, at=LATER),
    )


def a_manager_accepts_their_report_among_many(stage: Stage) -> Act:
    version = agreed(stage.alpha, stage.pia)
    return posting(stage.as_office(stage.max), "governance:review-accept-many", pick=[version.pk])


def a_manager_accepts_their_report_on_its_page(stage: Stage) -> Act:
    version = a_submitted(stage.alpha)
    arguments = [stage.alpha.code, version.deliverable.number, version.number]
    return posting(stage.as_office(stage.max), "governance:review-accept", arguments, **typed())


def a_manager_sends_the_number_of_another_project(stage: Stage) -> Act:
    """They decide on BETA by right; the same form with the address of ALPHA is no way in, nor a finding of ALPHA under BETA."""
    own, other = a_submitted_document(stage.alpha), a_submitted_document(stage.beta)
    finding = a_finding(own, by=stage.pia, section="problem")
    manager = stage.as_office(stage.max)
    return posting(manager, "governance:document-review-finding-close", [*page(other)[1], finding.pk])


def the_office_decides_where_the_office_manages(stage: Stage) -> Act:
    """Where a PMO manager manages the project, no other PMO manager decides on it either: the executive does."""
    version = a_submitted_document(stage.manages(stage.alpha, stage.pia))
    return approving(version, stage.as_office(stage.bea))


# After the approval


def an_approved_one(stage: Stage) -> DeliverableVersion:
    return an_approved_document(stage.alpha, by=stage.pia)


def a_new_pmo_manager_decides_again(stage: Stage) -> Act:
    version = an_approved_one(stage)
    bea = stage.as_office(stage.bea)
    return in_turn(*(posting(bea, *page(version, name)) for name in ("approve", "conditions")))


def a_new_pmo_manager_decides_again_by_the_verbs(stage: Stage) -> Act:
    version = an_approved_one(stage)
    bea = stage.as_office(stage.bea)
    return in_turn(approving(version, bea), lambda: version.reject(by=bea, at=LATER, reason="Second thoughts."))


def the_second_tab_of_whoever_decided(stage: Stage) -> Act:
    version = a_submitted_document(stage.alpha)
    review_all(version, by=stage.pia)
    client = signed_in(stage.pia)
    address, arguments = page(version, "reject")
    assert client.get(reverse(address, args=arguments)).status_code == 200
    version.approve(by=stage.pia, at=LATER, terms={})
    return posting(stage.pia, address, arguments, client=client)


def a_stale_object_in_the_shell(stage: Stage) -> Act:
    version = a_submitted_document(stage.alpha)
    stale = DeliverableVersion.objects.get(pk=version.pk)
    review_all(version, by=stage.pia)
    version.approve(by=stage.pia, at=LATER, terms={})
    return in_turn(
        lambda: stale.reject(by=stage.pia, at=LATER, reason="No."),
        lambda: stale.approve(by=stage.pia, at=LATER, terms={}),
    )


def its_text_is_typed_over(stage: Stage) -> Act:
    section = DocumentSection.objects.get(document=an_approved_one(stage).document, section__key="problem")
    return lambda: save_section(section, by=stage.max, at=LATER, revision=section.revision, text="Later.")


def a_file_is_added_to_it(stage: Stage) -> Act:
    section = DocumentSection.objects.get(document=an_approved_one(stage).document, section__key="problem")
    upload = SimpleUploadedFile("letter.txt", b"The vendor agrees.")
    return lambda: attach(upload, by=stage.max, at=LATER, section=section)


def it_is_withdrawn(stage: Stage) -> Act:
    version = an_approved_one(stage)
    return lambda: version.withdraw(by=stage.max, at=LATER)


def its_state_is_set_back_in_the_row(stage: Stage) -> Act:
    version = an_approved_one(stage)
    row = DeliverableVersion.objects.filter(pk=version.pk)
    return in_turn(lambda: row.update(state="draft"), lambda: row.update(state="submitted"))


def a_sign_off_is_changed_or_taken_away(stage: Stage) -> Act:
    signed = an_approved_one(stage).sign_offs.get(action="approve")
    signed.person_name = "Somebody else"
    return in_turn(signed.save, signed.delete)


def who_was_asked_and_lost_the_part_closes_a_finding(stage: Stage) -> Act:
    version = a_submitted_document(stage.alpha)
    finding = a_finding(version, by=stage.sam, section="problem", severity="comment")
    review_all(version, by=stage.pia)
    version.approve(by=stage.pia, at=LATER, terms={})
    return lambda: close_finding(finding, by=stage.sam, at=LATER)


ATTEMPTS = [
    Attempt(OWN, "role gained", an_author_who_became_pmo_manager_approves, 403),
    Attempt(OWN, "stale page", a_page_opened_before_the_words_were_found_to_be_ones_own, 403),
    Attempt(OWN, "signed in again, two tabs", a_writer_signs_in_again_and_approves, 403),
    Attempt(OWN, "submitted by a colleague", a_writer_lets_a_colleague_submit_and_approves, "own_work"),
    Attempt(OWN, "file", who_added_a_file_to_a_section_approves, "own_work"),
    Attempt(OWN, "next version", a_writer_of_a_version_that_came_back_approves_the_next, "own_work"),
    Attempt(OWN, "two roles", a_writer_with_every_deciding_role_reviews, "own_work"),
    Attempt(OWN, "draft of another", who_mended_a_draft_report_accepts_it, "own_work"),
    Attempt(OWN, "bulk", who_mended_a_draft_report_accepts_many, 302),
    Attempt(OWN, "database", an_author_writes_the_decision_into_the_row, "IntegrityError"),
    Attempt(MANAGED, "role gained", a_project_manager_who_became_pmo_manager_approves, 403),
    Attempt(MANAGED, "stale page", who_takes_the_project_over_meanwhile_approves_from_the_open_page, 403),
    Attempt(MANAGED, "pages", a_manager_returns_rejects_and_puts_conditions, 403),
    Attempt(MANAGED, "two roles", a_manager_with_both_roles_decides_by_the_verbs, "own_project"),
    Attempt(MANAGED, "bulk", a_manager_accepts_their_report_among_many, 302),
    Attempt(MANAGED, "page", a_manager_accepts_their_report_on_its_page, 403),
    Attempt(MANAGED, "crafted number", a_manager_sends_the_number_of_another_project, 404),
    Attempt(MANAGED, "colleague of the manager", the_office_decides_where_the_office_manages, "not_reviewer"),
    Attempt(APPROVED, "page", a_new_pmo_manager_decides_again, 409),
    Attempt(APPROVED, "shell", a_new_pmo_manager_decides_again_by_the_verbs, "already_decided"),
    Attempt(APPROVED, "two tabs", the_second_tab_of_whoever_decided, 409),
    Attempt(APPROVED, "stale object", a_stale_object_in_the_shell, "already_decided"),
    Attempt(APPROVED, "text", its_text_is_typed_over, "frozen"),
    Attempt(APPROVED, "file", a_file_is_added_to_it, "frozen"),
    Attempt(APPROVED, "withdrawal", it_is_withdrawn, "not_waiting"),
    Attempt(APPROVED, "database", its_state_is_set_back_in_the_row, "IntegrityError"),
    Attempt(APPROVED, "sign-off", a_sign_off_is_changed_or_taken_away, "TypeError"),
    Attempt(APPROVED, "part lost", who_was_asked_and_lost_the_part_closes_a_finding, "not_reviewer"),
]
