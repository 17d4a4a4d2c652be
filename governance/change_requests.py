"""A change request from its first word to its assessment: who may do what, and what each step needs. Deciding stands beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from governance import change_notices
from governance.change_facts import Size, content_of, moves_of
from governance.change_states import CHANGE_MOVES, ChangeState
from governance.models import ChangeOption, ChangeRequest
from governance.models.changes import ASSESSED
from governance.signing import Signature, sign
from governance.states import SignAction
from pmo.lib.canonical import canonical_json, sha256_of
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.transitions import move
from pmo.models.revising import Stale
from pmo.roles import Role
from portfolio.access import ProjectAccess
from portfolio.models import Project, ProjectMember
from portfolio.models.numbering import next_number

#: Roles that assess any request.
ASSESSING = (Role.PMO_MANAGER, Role.EXECUTIVE, Role.FINANCE)
DO_NOTHING = "Do nothing"
CONTINGENCY_SHORT = "What is left of the contingency does not pay for it. Name another source of the money."
SUBMIT_INTENT = "I ask for this change. What I state about its effects is complete to the best of my knowledge."
#: What has to be said, even when it is “none”.
EFFECTS = {
    "scope_effect": "scope",
    "quality_effect": "quality",
    "risk_effect": "risk",
    "benefits_effect": "benefits",
    "resources_effect": "people",
}


@dataclass(frozen=True)
class Option:
    """One way to answer the need, as it is typed."""

    title: str
    consequence: str = ""
    is_do_nothing: bool = False
    is_recommended: bool = False
    cost_effect: Decimal | None = None
    days_effect: int | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.title.strip() or self.consequence.strip()) and self.cost_effect is None and self.days_effect is None

    @classmethod
    def of(cls, row: ChangeOption) -> Option:
        return cls(row.title, row.consequence, row.is_do_nothing, row.is_recommended, row.cost_effect, row.days_effect)


@dataclass(frozen=True)
class Problem:
    """What stands in the way of submitting: the field, the sentence for the person, the code for tests."""

    field: str
    sentence: str
    code: str


def may_request(project: Project, by: Any) -> bool:
    """Whether `by` may ask for a change: the office, the project's manager and team, its sponsor and business owner."""
    access = ProjectAccess(by, project)
    has_part = by.pk in {project.sponsor_id, project.business_owner_id}
    return bool(by.is_active and not by.only_reads and (access.can_edit or has_part or access.is_member))


def may_write(change: ChangeRequest, by: Any) -> bool:
    """Whether `by` may edit and submit a draft or take a request back: who asked for it, or the project's manager."""
    return by.is_active and not by.only_reads and by.pk in {change.requested_by_id, change.project.project_manager_id}


def may_assess(change: ChangeRequest, by: Any) -> bool:
    is_asked = change.assessor_id == by.pk or by.has_role(*ASSESSING)
    return bool(by.is_active and not by.only_reads and by.pk != change.requested_by_id and is_asked)


def require_writer(change: ChangeRequest, by: Any) -> None:
    if not may_write(change, by):
        raise Refused("Only who asked for the change and the project’s manager do this.", "not_requester")


def lock(change: ChangeRequest) -> None:
    """Let one change verb at a time work on the project, and read the request as it is now. Call it inside a transaction."""
    Project.objects.select_for_update().get(pk=change.project_id)
    change.refresh_from_db()


def begin(project: Project, *, by: Any, at: dt.datetime, title: str, **values: Any) -> ChangeRequest:
    """Begin a draft with the option to do nothing.

    Raises Refused: `not_requester`, `project_over`, `title_missing`, `quicker`.
    """
    if not may_request(project, by):
        raise Refused("Changes are asked for by those who have a part in the project.", "not_requester")
    if not project.is_open:
        raise Refused("The project is over; nothing of it changes any more.", "project_over")
    if not title.strip():
        raise Refused("Give the change a title.", "title_missing")
    try:
        with transaction.atomic():
            number = next_number(ChangeRequest, project)
            change = ChangeRequest(
                project=project, number=number, title=title.strip(), requested_by=by, requested_at=at, **values
            )
            change.full_clean()
            save_as(change, by=by, reason="begun")
            save_as(ChangeOption(change_request=change, position=1, title=DO_NOTHING, is_do_nothing=True), by=by)
    except IntegrityError:
        raise Refused("Somebody began a request at the same moment. Send it again.", "quicker") from None
    return change


@transaction.atomic
def edit(
    change: ChangeRequest,
    *,
    by: Any,
    changes: Mapping[str, Any],
    options: Sequence[Option] | None = None,
    version: int | None = None,
    options_seen: str | None = None,
) -> None:
    """Store what was typed into a draft, incomplete as it may be. Raises Refused: `not_requester`, `not_draft`; Stale.

    `version` and `options_seen` say which stored state the person had before them.
    """
    lock(change)
    require_writer(change, by)
    if change.state != ChangeState.DRAFT:
        raise Refused("The request was submitted, so its words stand. Withdraw it and begin another.", "not_draft")
    if options is not None and options_seen is not None and options_mark(change) != options_seen:
        raise Stale
    change.revise(by=by, changes=changes, version=version)
    if options is not None:
        _store_options(change, [one for one in options if one.is_do_nothing or not one.is_empty], by=by)


def options_of(change: ChangeRequest) -> list[Option]:
    return [Option.of(row) for row in change.options.all()]


def options_mark(change: ChangeRequest) -> str:
    """Return a short word that changes whenever one of the options does."""
    return sha256_of(repr(options_of(change)))[:16]


def _store_options(change: ChangeRequest, options: Sequence[Option], *, by: Any) -> None:
    rows = list(change.options.all())
    if [Option.of(row) for row in rows] == list(options):
        return
    for row in rows:
        row._history_user = by  # type: ignore[attr-defined]
        row.delete()
    for position, one in enumerate(options, start=1):
        row = ChangeOption(change_request=change, position=position, **vars(one))
        row.full_clean(validate_unique=False, validate_constraints=False)
        save_as(row, by=by, reason="edited")


def problems(change: ChangeRequest, options: Sequence[Option]) -> list[Problem]:
    """Return everything that stands in the way of submitting, in the order of the form."""
    found = []
    if not change.reason_code:
        found.append(Problem("reason_code", "Choose the reason of the change.", "reason_code_missing"))
    if not change.description.strip():
        found.append(Problem("description", "Describe what is to change and why.", "description_missing"))
    for name, word in EFFECTS.items():
        if not getattr(change, name).strip():
            found.append(Problem(name, f"Say what it does to {word}; “none” is an answer.", "effect_missing"))
    if change.cost_effect > 0 and not change.within_contingency and not change.funding_source.strip():
        found.append(Problem("funding_source", "Say where the money comes from.", "funding_missing"))
    if change.cost_effect > 0 and change.within_contingency and Size(change).is_short:
        found.append(Problem("within_contingency", CONTINGENCY_SHORT, "contingency_short"))
    return [*found, *_baseline_problems(change), *_move_problems(change), *_option_problems(options, change)]


def _baseline_problems(change: ChangeRequest) -> list[Problem]:
    if not change.wants_baseline:
        return []
    found = []
    if not change.root_cause.strip():
        sentence = "A new baseline needs the root cause: it is never set to make a red rating green."
        found.append(Problem("root_cause", sentence, "root_cause_missing"))
    if change.project.baseline_finish_on is None and change.project.budget_amount is None:
        sentence = "The project has no baseline yet, so there is none to replace."
        found.append(Problem("wants_baseline", sentence, "baseline_missing"))
    return found


def _move_problems(change: ChangeRequest) -> list[Problem]:
    """Say which new dates of milestones cannot be: without a new baseline, or outside of the project's time."""
    moves = moves_of(change)
    if (moves or change.moved_start_on) and not change.wants_baseline:
        sentence = "Start and milestones move with a new baseline only. Ask for one, or leave their dates as they are."
        return [Problem("wants_baseline", sentence, "baseline_not_asked")]
    start, finish = change.moved_start_on or change.project.start_on, Size(change).outcome.new_finish_on if moves else None
    outside = [one for one in moves if (start and one.new_on < start) or (finish and one.new_on > finish)]
    return [
        Problem(f"milestone_{one.number}", f"“{one.name}” would lie outside of start and new finish.", "milestone_outside")
        for one in outside
    ]


def _option_problems(options: Sequence[Option], change: ChangeRequest) -> list[Problem]:
    found = []
    if len(options) < 2:
        found.append(Problem("options", "Give at least one option beside doing nothing.", "options_missing"))
    if sum(one.is_do_nothing for one in options) != 1:
        found.append(Problem("options", "Exactly one option is to do nothing.", "do_nothing_missing"))
    if sum(one.is_recommended for one in options) != 1:
        found.append(Problem("options", "Recommend exactly one option.", "recommendation_missing"))
    if any(one.is_recommended and _differs(one, change) for one in options):
        sentence = "The recommended option is what is asked for: give it the cost and the days of the request."
        found.append(Problem("options", sentence, "option_differs"))
    if any(not one.title.strip() or not one.consequence.strip() for one in options):
        found.append(Problem("options", "Say for each option what it is and what follows from it.", "option_blank"))
    return found


def _differs(option: Option, change: ChangeRequest) -> bool:
    """Whether an option states another effect than the request; one that states none has that of the request."""
    cost = change.cost_effect if option.cost_effect is None else option.cost_effect
    days = change.days_effect if option.days_effect is None else option.days_effect
    return (cost, days) != (change.cost_effect, change.days_effect)


@transaction.atomic
def submit(change: ChangeRequest, *, by: Any, at: dt.datetime) -> None:
    """Freeze a draft and hand it to the assessors. Raises Refused: `not_requester`, `own_request`, `project_over`, `not_draft`,
    and the code of the first of `problems`.
    """
    lock(change)
    require_writer(change, by)
    if not change.project.is_open:
        raise Refused("The project is over; nothing of it changes any more.", "project_over")
    _check_assessor(change)
    found = problems(change, options_of(change))
    if found and change.state == ChangeState.DRAFT:
        raise Refused(found[0].sentence, found[0].code)
    also: dict[str, Any] = {"submitted_at": at}
    if change.project.project_manager_id in {by.pk, change.requested_by_id}:
        also |= {"agreed_by_id": change.project.project_manager_id, "agreed_at": at}
    _step(change, ChangeState.SUBMITTED, by=by, reason="submitted", authority=str(Size(change).authority), **also)
    digest = _seal(change, content_of(change, change.options.all()), by=by)
    change_notices.submitted(change, at=at)
    role = "Project manager" if by.pk == change.project.project_manager_id else "Requester"
    sign(change, action=SignAction.SUBMIT, signature=Signature(by, role), intent=SUBMIT_INTENT, digest=digest, at=at)


def _check_assessor(change: ChangeRequest) -> None:
    if change.assessor_id is None:
        return
    if change.assessor_id == change.requested_by_id:
        raise Refused("Who asks for a change does not assess it. Name somebody else.", "own_request")
    if not ProjectMember.objects.filter(project=change.project, user=change.assessor_id).exists():
        raise Refused("Name somebody of the project’s team to assess it, or nobody.", "assessor_not_in_team")


def _seal(change: ChangeRequest, record: dict[str, Any], *, by: Any) -> str:
    change.record = canonical_json(record)
    change.record_sha256 = sha256_of(change.record)
    save_as(change, by=by, fields=["record", "record_sha256"], reason="sealed")
    return change.record_sha256


def _step(change: ChangeRequest, target: ChangeState, *, by: Any, reason: str, code: str = "", **also: Any) -> None:
    sources = [state for state, targets in CHANGE_MOVES.items() if target in targets]
    sentence = f"This request is {change.get_state_display().lower()}; somebody else may have been quicker."
    move(change, sources=sources, target=target, refusal=sentence, code=code or "wrong_state", **also)
    save_as(change, by=by, fields=["state"], reason=reason)


@transaction.atomic
def agree(change: ChangeRequest, *, by: Any, at: dt.datetime) -> None:
    """Let the project's manager agree to what somebody else asked for.

    Raises Refused: `not_manager`, `wrong_state`, `already_agreed`.
    """
    lock(change)
    if by.pk != change.project.project_manager_id or not by.is_active or by.only_reads:
        raise Refused("The project’s manager agrees to it.", "not_manager")
    if change.state not in (ChangeState.SUBMITTED, ChangeState.ASSESSED, ChangeState.DEFERRED):
        raise Refused("There is nothing to agree to at this time.", "wrong_state")
    if change.agreed_by_id == by.pk:
        raise Refused("You have agreed already.", "already_agreed")
    change.agreed_by, change.agreed_at = by, at
    save_as(change, by=by, fields=["agreed_by", "agreed_at"], reason="the manager agrees")
    change_notices.agreed(change, at=at)


@transaction.atomic
def assess(change: ChangeRequest, *, by: Any, at: dt.datetime, assessment: str, recommendation: str, **found: Any) -> None:
    """Assess a submitted request: `found` corrects what was stated (ASSESSED), what it leaves out is confirmed.

    Who decides is computed anew from what was found; what was stated stays beside it. The project's manager agrees anew to a
    corrected one. Raises Refused: `own_request`, `not_assessor`, `assessment_missing`, `wrong_state`, `contingency_short`.
    """
    lock(change)
    if by.pk == change.requested_by_id:
        raise Refused("You asked for this change, so somebody else assesses it.", "own_request")
    if not may_assess(change, by):
        raise Refused("The office, finance, or the team member named in the request assesses it.", "not_assessor")
    if not assessment.strip() or not recommendation.strip():
        raise Refused("Write the assessment and what you recommend.", "assessment_missing")
    if change.state != ChangeState.SUBMITTED:
        raise Refused(f"This request is {change.get_state_display().lower()}, not waiting for assessment.", "wrong_state")
    facts = _found(change, found)
    change.assessed_by = by
    size = Size(change)
    if size.is_short:
        raise Refused(f"{CONTINGENCY_SHORT} Say that it is not paid from contingency.", "contingency_short")
    said = {"assessment": assessment.strip(), "recommendation": recommendation.strip(), "authority": str(size.authority)}
    _step(change, ChangeState.ASSESSED, by=by, reason="assessed", assessed_by=by, assessed_at=at, **said, **facts)
    change_notices.assessed(change, at=at)


def _found(change: ChangeRequest, found: Mapping[str, Any]) -> dict[str, Any]:
    """Set on the request what the assessor found, and return every field that this writes."""
    facts = {name: found.get(name) for name in ASSESSED}
    facts = {name: getattr(change, name) if value is None else value for name, value in facts.items()}
    stated = {f"stated_{name}": getattr(change, name) for name in ASSESSED}
    agreed: dict[str, Any] = {"agreed_by": None, "agreed_at": None}
    corrected = any(facts[name] != getattr(change, name) for name in ASSESSED)
    values = {**stated, **facts, **(agreed if corrected else {})}
    for name, value in values.items():
        setattr(change, name, value)
    return values


@transaction.atomic
def withdraw(change: ChangeRequest, *, by: Any, at: dt.datetime, reason: str = "") -> None:
    """Take a request back before it is decided. Raises Refused: `not_requester`, `reason_missing`, `wrong_state`."""
    lock(change)
    require_writer(change, by)
    if change.state != ChangeState.DRAFT and not reason.strip():
        raise Refused("Say why it is taken back; it stands in the history.", "reason_missing")
    _step(change, ChangeState.WITHDRAWN, by=by, reason=reason.strip() or "withdrawn", decision_reason=reason.strip())
    change_notices.withdrawn(change, at=at)


@transaction.atomic
def resume(change: ChangeRequest, *, by: Any, at: dt.datetime, reason: str) -> None:
    """Put a deferred request before its deciders again. Raises Refused: `not_requester`, `reason_missing`, `wrong_state`."""
    lock(change)
    if not may_write(change, by) and by.pk != change.decided_by_id:
        raise Refused("Who asked for it, the project’s manager or who deferred it takes it up again.", "not_requester")
    if not reason.strip():
        raise Refused("Say what is different now.", "reason_missing")
    if change.state != ChangeState.DEFERRED:
        raise Refused("Only a deferred request is taken up again.", "wrong_state")
    undecided: dict[str, Any] = {"decided_by": None, "decided_at": None, "decision_reason": ""}
    _step(change, ChangeState.ASSESSED, by=by, reason=reason, authority=str(Size(change).authority), **undecided)
    change_notices.resumed(change, at=at)
