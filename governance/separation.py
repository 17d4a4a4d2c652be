"""Separation of duties: who may decide on a version, and in whose place. The verbs ask it, so shell and scripts obey it too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from governance.managing import Managing
from governance.signing import Signature
from pmo.lib.errors import Refused
from pmo.roles import Role

if TYPE_CHECKING:
    from governance.models import Delegation, DeliverableVersion

#: The roles that decide on deliverables.
DECIDING = (Role.PMO_MANAGER, Role.EXECUTIVE)


def deciding_role(version: DeliverableVersion) -> Role:
    """Return the role that decides: the PMO manager, or the executive where the office would decide on its own work."""
    managing = Managing.of_project(version.deliverable.project)
    return _role_for(version, _holders()[Role.PMO_MANAGER], managing)


_kept: ContextVar[dict[Role, frozenset[int]] | None] = ContextVar("holders_kept", default=None)


@contextmanager
def holders_kept() -> Iterator[None]:
    """Ask once who holds the deciding roles, for all that happens inside: for work on many reports."""
    token = _kept.set(_holders())
    try:
        yield
    finally:
        _kept.reset(token)


def _holders() -> dict[Role, frozenset[int]]:
    """Return who holds each deciding role today. One query; none inside `holders_kept`."""
    from pmo.models import User

    kept = _kept.get()
    if kept is not None:
        return kept

    names = [role.value for role in DECIDING]
    rows = User.objects.filter(is_active=True, groups__name__in=names).values_list("groups__name", "pk")
    held: dict[Role, set[int]] = {role: set() for role in DECIDING}
    for name, person in rows:
        held[Role(name)].add(person)
    return {role: frozenset(people) for role, people in held.items()}


def people_behind(version: DeliverableVersion) -> set[int]:
    """Return everybody whose own work a version is: its author, its submitter, and whoever saved a part of what it says."""
    return {pk for pk in (version.author_id, version.submitted_by_id, *version.writers) if pk is not None}


def deciding_holders() -> Mapping[Role, frozenset[int]]:
    """Return who holds each deciding role today. One query; none inside `holders_kept`."""
    return _holders()


def _managers_of(version: DeliverableVersion, managing: Managing) -> frozenset[int]:
    """Return who manages the project, or did at any time since the version was begun: handing it over frees nobody."""
    return managing.since(version.deliverable.project, version.created_at)


def _role_for(version: DeliverableVersion, office: frozenset[int], managing: Managing) -> Role:
    own = people_behind(version) | _managers_of(version, managing)
    return Role.EXECUTIVE if own & office else Role.PMO_MANAGER


@dataclass(frozen=True)
class Duties:
    """Who holds the deciding roles on one day, what they managed, and what was delegated to one person.

    Enough to say, without another query, what this person may decide among any number of versions.
    """

    person: Any
    holders: Mapping[Role, frozenset[int]]
    held: tuple[Delegation, ...]
    managing: Managing

    @classmethod
    def of(cls, person: Any, on: dt.date) -> Duties:
        """Return the duties of `person` on day `on`. Three queries."""
        holders, held = _holders(), _held_by(person, on)
        deciders = {key for people in holders.values() for key in people} | {person.pk}
        return cls(person, holders, held, Managing.of_people(deciders))

    def role_for(self, version: DeliverableVersion) -> Role:
        return _role_for(version, self.holders[Role.PMO_MANAGER], self.managing)

    def signature(self, version: DeliverableVersion) -> Signature:
        """Return in which role, and for whom, the person may decide on `version`. Raises Refused as `authority` says."""
        if self.person.pk in people_behind(version):
            raise Refused("You wrote or submitted this yourself. Somebody else decides on it.", "own_work")
        if self.person.pk == version.deliverable.project.project_manager_id:
            raise Refused("You manage this project. Somebody else decides on its deliverables.", "own_project")
        if self.person.pk in _managers_of(version, self.managing):
            raise Refused("You managed this project since this was begun. Somebody else decides on it.", "own_project")
        role = self.role_for(version)
        if self.person.pk in self.holders[role]:
            return Signature(self.person, role.value)
        delegator = self._delegator_for(version, role)
        if delegator is None:
            who = "executive" if role == Role.EXECUTIVE else "PMO manager"
            raise Refused(f"This waits for the {who}. Ask for a delegation if you are to stand in.", "not_reviewer")
        return Signature(self.person, role.value, acting_for=delegator)

    def may_decide(self, version: DeliverableVersion) -> bool:
        return self.signature_or_none(version) is not None

    def signature_or_none(self, version: DeliverableVersion) -> Signature | None:
        try:
            return self.signature(version)
        except Refused:
            return None

    @property
    def decides_anything(self) -> bool:
        """Whether the person holds a deciding role or an active delegation of one."""
        return bool(self.held) or any(self.person.pk in people for people in self.holders.values())

    def _delegator_for(self, version: DeliverableVersion, role: Role) -> Any:
        """Return who has delegated: an active holder of the role, for this kind and class, who may decide it themself."""
        project = version.deliverable.project
        barred = people_behind(version) | _managers_of(version, self.managing)
        for delegation in self.held:
            # A delegation carries the delegator's own prohibitions: nobody passes on what they may not do.
            if (
                delegation.highest_class >= project.governance_class
                and version.deliverable.kind in delegation.kinds
                and delegation.delegator_id in self.holders[role]
                and delegation.delegator_id not in barred
            ):
                return delegation.delegator
        return None


def authority(version: DeliverableVersion, by: Any, on: dt.date) -> Signature:
    """Return in which role, and for whom, `by` may decide on `version` on day `on`. Three queries.

    Raises Refused: `own_work` for author, submitter and writers, `own_project` for who manages the project or did since the
    version was begun, `not_reviewer` for anyone else who neither holds the role nor a delegation of it.
    """
    by_role = Duties(by, _holders(), (), Managing.of_project(version.deliverable.project))
    return by_role.signature_or_none(version) or replace(by_role, held=_held_by(by, on)).signature(version)


def _held_by(person: Any, on: dt.date) -> tuple[Delegation, ...]:
    return tuple(person.delegations_held.active(on).select_related("delegator"))


def may_decide(version: DeliverableVersion, by: Any, on: dt.date) -> bool:
    return Duties.of(by, on).may_decide(version)


def require_writer(version: DeliverableVersion, by: Any) -> None:
    """Raise Refused(`not_writer`) unless `by` is the project's manager, the author, or the PMO manager."""
    project = version.deliverable.project
    if by.only_reads:
        raise Refused("Auditors read everything and write nothing.", "not_writer")
    if by.pk not in {project.project_manager_id, version.author_id} and not by.has_role(Role.PMO_MANAGER):
        raise Refused("Only the project manager, the author or the PMO manager writes this.", "not_writer")


def require_section_writer(version: DeliverableVersion, by: Any) -> None:
    """Raise Refused(`not_writer`) unless `by` may write sections: those who may submit, and the project's team. One query."""
    if not by.only_reads and version.deliverable.project.members.filter(pk=by.pk, is_active=True).exists():
        return
    require_writer(version, by)


def writing_role(version: DeliverableVersion, by: Any) -> str:
    return (
        "Project manager"
        if by.pk == version.deliverable.project.project_manager_id
        else Role.PMO_MANAGER.value
        if by.has_role(Role.PMO_MANAGER)
        else "Author"
    )
