"""Policies of the office: written, published, acknowledged by everybody who is asked, and reminded of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from governance import policy_notices
from governance.clock import Office
from governance.models import Acknowledgement, Policy, PolicyVersion
from governance.periods import after_workdays
from governance.policy_states import PolicyState
from pmo.lib.canonical import canonical_json, sha256_of
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.transitions import move
from pmo.models import User
from pmo.roles import Role
from portfolio.models import Project
from portfolio.states import ProjectStatus

#: Holders of these roles are members of the office; with every manager of an open project they are asked to read.
ASKED_ROLES = (Role.PMO_MANAGER, Role.EXECUTIVE, Role.FINANCE, Role.HR_LIAISON, Role.AUDITOR)
#: Working days after publication at which those are reminded who have not acknowledged.
REMINDED_AFTER = (5, 10)


def members_asked() -> QuerySet[User]:
    """Return everybody who is asked to acknowledge a policy, by name."""
    over = [ProjectStatus.CLOSED, ProjectStatus.CANCELLED]
    managed = Project.objects.exclude(status__in=over).filter(project_manager=OuterRef("pk"))
    roles = User.groups.through.objects.filter(user=OuterRef("pk"), group__name__in=[role.value for role in ASKED_ROLES])
    return User.objects.filter(Q(Exists(roles)) | Q(Exists(managed)), is_active=True).order_by("name")


def not_acknowledged(version: PolicyVersion) -> QuerySet[User]:
    """Return who is asked and has not said that they read `version`."""
    return members_asked().exclude(acknowledgements__version=version)


def is_asked(person: Any, version: PolicyVersion) -> bool:
    """Say whether `version` waits for this person's acknowledgement. One query."""
    return version.state == PolicyState.PUBLISHED and not_acknowledged(version).filter(pk=person.pk).exists()


def open_policy(
    *, by: Any, at: dt.datetime, code: str, title: str, owner: Any, review_by: dt.date, text: str, effective_on: dt.date
) -> Policy:
    """Enter a policy with its first draft. Raises Refused: `not_office`; ValidationError for bad values."""
    _office(by)
    with transaction.atomic():
        policy = Policy.enter(by=by, code=code, title=title, owner=owner, review_by=review_by)
        _new_version(policy, by=by, at=at, number=1, text=text, effective_on=effective_on)
    return policy


def begin_version(policy: Policy, *, by: Any, at: dt.datetime) -> PolicyVersion:
    """Return the draft of the next version, with the text in force; the one that exists when somebody began it already.

    Raises Refused: `not_office`.
    """
    _office(by)
    newest = policy.versions.order_by("-number").first()
    assert newest is not None  # a policy is entered with its first draft
    if newest.state == PolicyState.DRAFT:
        return newest
    day = Office.load().day(at)
    try:
        with transaction.atomic():
            return _new_version(policy, by=by, at=at, number=newest.number + 1, text=newest.text, effective_on=day)
    except IntegrityError:
        return policy.versions.get(state=PolicyState.DRAFT)


def _new_version(policy: Policy, *, by: Any, at: dt.datetime, number: int, **values: Any) -> PolicyVersion:
    version = PolicyVersion(policy=policy, number=number, created_at=at, **values)
    version.full_clean(validate_constraints=False)
    save_as(version, by=by, reason=f"version {number} begun")
    return version


@transaction.atomic
def publish(version: PolicyVersion, *, by: Any, at: dt.datetime) -> None:
    """Put a draft in force and ask everybody to read it.

    Raises Refused: `not_office`, `change_note_missing`, `already_published`.
    """
    _office(by)
    stored = PolicyVersion.objects.select_for_update().select_related("policy").get(pk=version.pk)
    before = stored.policy.versions.in_force().first()  # type: ignore[attr-defined]
    if stored.state != PolicyState.DRAFT:
        raise Refused("This version is published already.", "already_published")
    if before is not None and not stored.change_note.strip():
        raise Refused("Say in one or two sentences what changes; everybody who is asked reads it first.", "change_note_missing")
    if before is not None:
        move(
            before,
            sources=[PolicyState.PUBLISHED],
            target=PolicyState.SUPERSEDED,
            refusal="Somebody else has just published a version. Reload the page.",
            code="already_published",
        )
        save_as(before, by=by, fields=["state"], reason=f"superseded by version {stored.number}")
    move(
        stored,
        sources=[PolicyState.DRAFT],
        target=PolicyState.PUBLISHED,
        refusal="This version is published already.",
        code="already_published",
        sha256=digest_of(stored),
        published_at=at,
        published_by=by,
    )
    save_as(stored, by=by, fields=["state"], reason="published")
    version.refresh_from_db()
    policy_notices.published(stored, not_acknowledged(stored), at=at)


def digest_of(version: PolicyVersion) -> str:
    """Return the SHA-256 of what a version says: code, title at that time left out, since titles may be corrected."""
    said = {
        "policy": version.policy.code,
        "number": version.number,
        "text": version.text,
        "effective_on": version.effective_on,
        "change_note": version.change_note,
    }
    return sha256_of(canonical_json(said))


def acknowledge(version: PolicyVersion, *, by: Any, at: dt.datetime) -> Acknowledgement:
    """Record that `by` has read the version in force. Raises Refused: `not_in_force`, `not_asked`, `already_acknowledged`."""
    if version.state != PolicyState.PUBLISHED:
        raise Refused("Only the version in force is acknowledged. Read that one.", "not_in_force")
    if not members_asked().filter(pk=by.pk).exists():
        raise Refused("Members of the office and project managers are asked to acknowledge policies.", "not_asked")
    row = Acknowledgement(version=version, person=by, at=at)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused("You have acknowledged this version already.", "already_acknowledged") from error
    policy_notices.acknowledged(version, by, at=at)
    return row


def reminders_due(at: dt.datetime) -> list[tuple[PolicyVersion, int]]:
    """Return the versions in force whose reminder after so many working days has come by `at`."""
    office = Office.load()
    versions = PolicyVersion.objects.in_force().select_related("policy")
    return [
        (version, days)
        for version in versions
        for days in REMINDED_AFTER
        if version.published_at and after_workdays(version.published_at, days, office.calendar, office.zone) <= at
    ]


def remind(version: PolicyVersion, days: int, *, at: dt.datetime) -> int:
    """Remind everybody who has not acknowledged; returns how many were told."""
    return policy_notices.reminded(version, not_acknowledged(version), days, at=at)


def _office(by: Any) -> None:
    if not by.has_role(Role.PMO_MANAGER):
        raise Refused("The PMO manager writes and publishes policies.", "not_office")
