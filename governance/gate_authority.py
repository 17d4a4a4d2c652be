"""Who plans a gate, who decides at it, and who waives: never the manager of the project, nor who was it since its last gate."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from governance.class_gates import class_gates
from governance.deputies import DEPUTY, office_is_away
from governance.gate_states import GOES
from governance.managing import managers_since
from governance.models import GateReview, Waiver
from governance.separation import deciding_holders
from governance.signing import Signature
from pmo.lib.errors import Refused
from pmo.models import User
from pmo.roles import Role
from portfolio.models import Project

#: From this class on the governance board decides, chaired by the executive or the PMO manager.
BOARD_FROM = 3


def stage_began(project: Any) -> QuerySet[GateReview, dt.datetime]:
    """Return, latest first, when `project` (or an OuterRef) passed its gates here: what lies after the first is the stage."""
    passed = GateReview.objects.filter(project=project, decision__in=GOES, decided_at__isnull=False)
    return passed.order_by("-decided_at").values_list("decided_at", flat=True)  # type: ignore[return-value]


def with_stage(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return rows of projects with the moment at which the stage of each began; None where no gate was passed here."""
    return rows.annotate(stage_began=Subquery(stage_began(OuterRef("project"))[:1]))


def stage_managers(project: Project) -> frozenset[int]:
    """Return who manages the project, or did since it passed its last gate here: handing it over frees nobody. Two queries."""
    return managers_since(project, stage_began(project).first())


def deciding_roles(project: Project) -> tuple[Role, ...]:
    """Return the roles that decide at the gates of `project`. Four queries.

    The PMO manager; from class 3 on the executive too, as chair of the board; the executive alone where the class asks for that
    signature. Where a PMO manager manages the project, or did since its last gate, the office would decide on its own work, so
    the executive alone decides. While the whole office is away, the executive is its deputy.
    """
    return _roles(project, stage_managers(project))


def _roles(project: Project, managers: frozenset[int]) -> tuple[Role, ...]:
    if class_gates(project.governance_class).executive_signs or managers & deciding_holders()[Role.PMO_MANAGER]:
        return (Role.EXECUTIVE,)
    with_executive = project.governance_class >= BOARD_FROM or office_is_away(timezone.localdate())
    return (Role.PMO_MANAGER, Role.EXECUTIVE) if with_executive else (Role.PMO_MANAGER,)


def deciders(project: Project) -> list[User]:
    """Return who decides at the gates of `project` today, by name."""
    managers = stage_managers(project)
    people = {person.pk: person for role in _roles(project, managers) for person in User.objects.with_role(role)}
    return [person for key, person in people.items() if key not in managers]


def gate_signature(project: Project, by: Any) -> Signature:
    """Return in which role `by` decides at the gates of `project`. Raises Refused: `own_project`, `not_decider`."""
    if by.pk == project.project_manager_id:
        raise Refused("You manage this project. Somebody else decides at its gates.", "own_project")
    managers = stage_managers(project)
    if by.pk in managers:
        raise Refused("You managed this project since its last gate. Somebody else decides at this one.", "own_project")
    holders, roles = deciding_holders(), _roles(project, managers)
    if Role.EXECUTIVE not in roles and by.pk in holders[Role.EXECUTIVE] and _office_waived(project):
        roles = (*roles, Role.EXECUTIVE)
    for role in roles:
        if by.pk in holders[role]:
            is_deputy = role == Role.EXECUTIVE and len(roles) > 1 and project.governance_class < BOARD_FROM
            return Signature(by, DEPUTY if is_deputy else _as_what(project, role))
    who = "executive" if roles == (Role.EXECUTIVE,) else "PMO manager"
    raise Refused(f"The {who} decides at this gate.", "not_decider")


def _office_waived(project: Project) -> bool:
    """Say whether a PMO manager waived something here: who waives does not decide, so the executive may."""
    givers = deciding_holders()[Role.PMO_MANAGER]
    return Waiver.objects.filter(project=project, revoked_at=None, granted_by__in=givers).exists()


def require_recorder(project: Project, by: Any) -> None:
    """Raise Refused unless `by` may enter what a record says of the project's gates: `own_project`, `not_decider`."""
    if by.pk == project.project_manager_id:
        raise Refused("You manage this project. Somebody else enters its gates from the record.", "own_project")
    if not by.has_role(Role.PMO_MANAGER, Role.EXECUTIVE) or by.only_reads:
        raise Refused("The office enters gates from a record.", "not_decider")
    if by.pk in stage_managers(project):
        raise Refused("You managed this project since its last gate. Somebody else enters it from the record.", "own_project")


def may_record_gate(project: Project, by: Any) -> bool:
    try:
        require_recorder(project, by)
    except Refused:
        return False
    return True


def _as_what(project: Project, role: Role) -> str:
    return f"{role.value}, chair of the board" if project.governance_class >= BOARD_FROM else role.value


def may_decide_gate(project: Project, by: Any) -> bool:
    try:
        gate_signature(project, by)
    except Refused:
        return False
    return True


def require_planner(project: Project, by: Any) -> None:
    """Raise Refused(`not_planner`) unless `by` manages the project or holds a deciding role."""
    if by.only_reads or (by.pk != project.project_manager_id and not by.has_role(Role.PMO_MANAGER, Role.EXECUTIVE)):
        raise Refused("The project manager or the office plans and prepares a gate.", "not_planner")


def require_waiver_giver(project: Project, by: Any) -> None:
    """Raise Refused: `own_project`, `not_waiver_giver`."""
    if by.pk == project.project_manager_id:
        raise Refused("You manage this project. Somebody else waives what it owes.", "own_project")
    if not by.has_role(Role.PMO_MANAGER, Role.EXECUTIVE):
        raise Refused("The PMO manager or the executive grants a waiver.", "not_waiver_giver")
    if by.pk in stage_managers(project):
        raise Refused("You managed this project since its last gate. Somebody else waives what it owes.", "own_project")


class GateAccess:
    """What a person may do at the gates of one project that they see."""

    def __init__(self, user: Any, project: Project) -> None:
        self.user = user
        self.project = project

    @property
    def is_manager(self) -> bool:
        return bool(self.project.project_manager_id == self.user.pk)

    @property
    def can_plan(self) -> bool:
        may = self.is_manager or self.user.has_role(Role.PMO_MANAGER, Role.EXECUTIVE)
        return bool(may and not self.user.only_reads)

    @property
    def can_waive(self) -> bool:
        try:
            require_waiver_giver(self.project, self.user)
        except Refused:
            return False
        return True

    @property
    def can_record(self) -> bool:
        return may_record_gate(self.project, self.user)

    @property
    def can_decide(self) -> bool:
        return may_decide_gate(self.project, self.user)
