"""Who asked for a change, assessed it or manages the project does not decide on it; who owes a condition does not verify it."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse

from governance import change_deciding, conditions
from governance.change_requests import assess, begin
from governance.models import ChangeRequest, Condition
from pmo.roles import Role
from tests.governance.changed import REASON, a_submitted_change, an_approved_change, an_assessed_change, with_baseline
from tests.governance.duties.stage import HOUR, LATER, Act, Attempt, Stage, in_turn, posting
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.written import a_condition, a_submitted_document, review_all

CHANGE, CONDITION = "own change", "own condition"
VERBS = ("approve", "reject", "defer")


def deciding(change: ChangeRequest, by: object, *verbs: str) -> Act:
    return in_turn(*(
        lambda verb=verb: getattr(change_deciding, verb)(change, by=by, at=LATER, reason=REASON) for verb in verbs or VERBS
    ))  # fmt: skip


def deciding_pages(change: ChangeRequest, by: object, *verbs: str) -> Act:
    arguments = [change.project.code, change.number]
    answers = (posting(by, f"governance:change-{verb}", arguments, **{"decision-reason": "So."}) for verb in verbs or VERBS)
    return in_turn(*answers)


def assessed(stage: Stage, *, by: str = "max", assessor: str = "fay", **values: object) -> ChangeRequest:
    with_baseline(stage.alpha)
    return an_assessed_change(stage.alpha, by=stage.people[by], assessor=stage.people[assessor], **values)


def the_requester_with_every_role(stage: Stage) -> Act:
    change = assessed(stage, by="tess", cost_effect=Decimal(60_000))
    return deciding(change, stage.as_office(stage.tess, Role.EXECUTIVE))


def the_requester_by_the_pages_after_gaining_the_role(stage: Stage) -> Act:
    change = assessed(stage, by="tess", cost_effect=Decimal(60_000))
    return deciding_pages(change, stage.as_office(stage.tess, Role.EXECUTIVE))


def the_assessor_by_the_pages(stage: Stage) -> Act:
    return deciding_pages(assessed(stage, assessor="pia", cost_effect=Decimal(60_000)), stage.pia)


def the_assessor_who_became_the_sponsor(stage: Stage) -> Act:
    change = assessed(stage, assessor="fay")
    stage.alpha.sponsor = stage.fay
    stage.alpha.save()
    return deciding(ChangeRequest.objects.get(pk=change.pk), stage.fay)


def the_projects_manager_who_became_executive(stage: Stage) -> Act:
    change = assessed(stage, by="tess", cost_effect=Decimal(200_000))
    stage.max.add_role(Role.EXECUTIVE)
    return deciding(change, stage.max)


def the_manager_from_a_page_opened_before(stage: Stage) -> Act:
    """The PMO manager opens what they may decide, then takes the project over."""
    change = assessed(stage, by="tess", cost_effect=Decimal(60_000))
    client = signed_in(stage.pia)
    assert client.get(change.get_absolute_url()).status_code == 200
    stage.manages(stage.alpha, stage.pia)
    arguments = [stage.alpha.code, change.number]
    return posting(stage.pia, "governance:change-approve", arguments, client=client, **{"decision-reason": "So."})


def slices_under_the_limit_by_the_sponsor(stage: Stage) -> Act:
    """Each alone is the sponsor's; together with what was approved before they are not."""
    with_baseline(stage.alpha)
    an_approved_change(stage.alpha, assessor=stage.fay, decider=stage.sam, cost_effect=Decimal(30_000))
    second = an_assessed_change(stage.alpha, assessor=stage.fay, at=NOON + 4 * HOUR, cost_effect=Decimal(30_000))
    return deciding(second, stage.sam)


def a_delegate_of_the_pmo_manager(stage: Stage) -> Act:
    stage.delegated(stage.pia, stage.bea)
    return deciding(assessed(stage, cost_effect=Decimal(60_000)), stage.bea)


def the_requester_assesses(stage: Stage) -> Act:
    with_baseline(stage.alpha)
    change = a_submitted_change(stage.alpha, by=stage.pia)
    said = {"assessment": "Plausible.", "recommendation": "Approve."}
    found = {"changes_scope": "no", "within_contingency": "yes", "days_effect": "0", "cost_effect": "0"}
    arguments = [stage.alpha.code, change.number]
    page = posting(stage.pia, "governance:change-assess", arguments, **said, **found)
    assert page() == 403
    return lambda: assess(change, by=stage.pia, at=LATER, **said)


def the_row_is_decided_in_the_database(stage: Stage) -> Act:
    change = assessed(stage, by="tess")
    row = ChangeRequest.objects.filter(pk=change.pk)
    return in_turn(*(
        lambda person=person: row.update(state="approved", decided_by=person, decided_at=LATER)
        for person in (stage.tess, stage.fay)
    ))  # fmt: skip


def an_approved_one_is_decided_again(stage: Stage) -> Act:
    with_baseline(stage.alpha)
    change = an_approved_change(stage.alpha, assessor=stage.fay, decider=stage.sam)
    return deciding_pages(change, stage.sam)


# Conditions


def a_condition_of(stage: Stage, *, evidenced: bool = True, owner: str = "tess", verifier: str = "sam") -> Condition:
    version = a_submitted_document(stage.alpha)
    review_all(version, by=stage.pia)
    people = stage.people[owner], stage.people[verifier]
    version.approve_with_conditions(by=stage.pia, at=NOON, conditions=[a_condition(*people)])
    condition = Condition.objects.select_related("project", "owner", "verifier").get()
    if evidenced:
        conditions.give_evidence(condition, by=condition.owner, at=NOON, text="Filed under 2026/114.")
    return condition


def closing_page(stage: Stage, condition: Condition, name: str) -> Act:
    return posting(stage.people[name], "governance:condition-close", [condition.project.code, condition.number])


def the_owner_on_the_page(stage: Stage) -> Act:
    return closing_page(stage, a_condition_of(stage), "tess")


def the_owner_with_every_role(stage: Stage) -> Act:
    condition = a_condition_of(stage)
    owner = stage.as_office(stage.tess, Role.EXECUTIVE)
    return in_turn(
        lambda: conditions.close(condition, by=owner, at=LATER),
        lambda: conditions.refuse_evidence(condition, by=owner, at=LATER, reason="No."),
        lambda: conditions.extend(condition, by=owner, at=LATER, due_on=condition.due_on + 9 * 24 * HOUR, reason="Later."),
    )


def the_owner_names_themself_as_verifier(stage: Stage) -> Act:
    condition = a_condition_of(stage)
    owner = stage.as_office(stage.tess)
    people = {"owner": stage.max, "verifier": owner}
    return lambda: conditions.reassign(condition, by=owner, at=LATER, reason="So.", **people)


def who_gave_the_evidence_is_made_verifier(stage: Stage) -> Act:
    condition = a_condition_of(stage, evidenced=False)
    conditions.give_evidence(condition, by=stage.max, at=NOON, text="Filed under 2026/114.")
    people = {"owner": stage.tess, "verifier": stage.max}
    return lambda: conditions.reassign(condition, by=stage.pia, at=LATER, reason="So.", **people)


def the_verifier_of_before_with_a_stale_object(stage: Stage) -> Act:
    condition = a_condition_of(stage)
    stale = Condition.objects.select_related("verifier").get(pk=condition.pk)
    people = {"owner": stage.tess, "verifier": stage.pia}
    conditions.reassign(condition, by=stage.pia, at=NOON, reason="On leave.", **people)
    return in_turn(
        lambda: conditions.close(stale, by=stage.sam, at=LATER),
        lambda: conditions.refuse_evidence(stale, by=stage.sam, at=LATER, reason="No."),
    )


def the_verifier_gives_the_evidence(stage: Stage) -> Act:
    condition = a_condition_of(stage, evidenced=False)
    return lambda: conditions.give_evidence(condition, by=stage.sam, at=LATER, text="Done.")


def the_manager_moves_the_date_as_office(stage: Stage) -> Act:
    condition = a_condition_of(stage)
    address = reverse("governance:condition-extend", args=[condition.project.code, condition.number])
    client = signed_in(stage.as_office(stage.max))
    return lambda: client.post(address, {"due_on": "2027-12-01", "reason": "Later."}).status_code


def the_row_is_closed_in_the_database(stage: Stage) -> Act:
    row = Condition.objects.filter(pk=a_condition_of(stage).pk)
    return in_turn(
        lambda: row.update(state="closed", closed_by=stage.tess, closed_at=LATER),
        lambda: row.update(verifier=stage.tess),
    )


def the_pmo_manager_closes_for_the_verifier(stage: Stage) -> Act:
    return closing_page(stage, a_condition_of(stage), "pia")


def who_is_not_asked_begins_a_change(stage: Stage) -> Act:
    return lambda: begin(stage.alpha, by=stage.bea, at=LATER, title="Not theirs")


ATTEMPTS = [
    Attempt(CHANGE, "two roles", the_requester_with_every_role, "own_request"),
    Attempt(CHANGE, "role gained", the_requester_by_the_pages_after_gaining_the_role, 403),
    Attempt(CHANGE, "pages", the_assessor_by_the_pages, 403),
    Attempt(CHANGE, "seat gained", the_assessor_who_became_the_sponsor, "own_assessment"),
    Attempt(CHANGE, "role gained", the_projects_manager_who_became_executive, "own_project"),
    Attempt(CHANGE, "stale page", the_manager_from_a_page_opened_before, 403),
    Attempt(CHANGE, "slices", slices_under_the_limit_by_the_sponsor, "not_authority"),
    Attempt(CHANGE, "delegation", a_delegate_of_the_pmo_manager, "not_authority"),
    Attempt(CHANGE, "page and shell", the_requester_assesses, "own_request"),
    Attempt(CHANGE, "database", the_row_is_decided_in_the_database, "IntegrityError"),
    Attempt(CHANGE, "second tab", an_approved_one_is_decided_again, 409),
    Attempt(CHANGE, "outsider", who_is_not_asked_begins_a_change, "not_requester"),
    Attempt(CONDITION, "page", the_owner_on_the_page, 403),
    Attempt(CONDITION, "two roles", the_owner_with_every_role, "own_condition"),
    Attempt(CONDITION, "reassigned", the_owner_names_themself_as_verifier, "own_condition"),
    Attempt(CONDITION, "reassigned by a colleague", who_gave_the_evidence_is_made_verifier, "own_evidence"),
    Attempt(CONDITION, "stale object", the_verifier_of_before_with_a_stale_object, "not_verifier"),
    Attempt(CONDITION, "both sides", the_verifier_gives_the_evidence, "verifier_gives_none"),
    Attempt(CONDITION, "page", the_manager_moves_the_date_as_office, 403),
    Attempt(CONDITION, "page", the_pmo_manager_closes_for_the_verifier, 403),
    Attempt(CONDITION, "database", the_row_is_closed_in_the_database, "IntegrityError"),
]
