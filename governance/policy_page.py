"""One policy as its page shows it: one version's text, what the person is asked, all versions, who has not read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from governance.models import Acknowledgement, Policy, PolicyVersion
from governance.policies import digest_of, is_asked, not_acknowledged
from governance.policy_states import PolicyState
from governance.policy_tabs import RulebookAccess
from pmo.lib import markdown, words
from pmo.lib.markdown_changes import MarkedText, beside


@dataclass(frozen=True)
class VersionLine:
    """One version with what it is today, in words."""

    version: PolicyVersion
    words: str


@dataclass(frozen=True)
class PolicyPage:
    policy: Policy
    shown: PolicyVersion | None
    shown_words: str
    still: PolicyVersion | None
    """The version that still binds, where the published one is in force from a later day only."""
    html: SafeString
    lines: list[VersionLine]
    before: PolicyVersion | None
    read_at: dt.datetime | None
    waits_for_me: bool
    outstanding: int | None
    is_review_overdue: bool
    draft: PolicyVersion | None
    can_edit: bool
    is_intact: bool

    @property
    def is_in_force(self) -> bool:
        return self.shown is not None and self.shown.state == PolicyState.PUBLISHED

    @property
    def is_draft(self) -> bool:
        return self.shown is not None and self.shown.state == PolicyState.DRAFT


def policy_page(policy: Policy, user: Any, on: dt.date, *, number: int | None = None) -> PolicyPage | None:
    """Return the page of version `number`, by default that in force; None when `user` sees no such version."""
    access = RulebookAccess(user)
    versions = list(PolicyVersion.objects.visible_to(user).filter(policy=policy).select_related("published_by"))
    for version in versions:
        version.policy = policy
    shown = _shown(versions, number)
    if shown is None and number is not None:
        return None
    said = Acknowledgement.objects.filter(version=shown, person=user).first() if shown else None
    is_current = shown is not None and shown.state == PolicyState.PUBLISHED
    return PolicyPage(
        policy=policy,
        shown=shown,
        shown_words=standing_words(shown, versions, on) if shown else "",
        still=still_in_force(versions, on),
        html=markdown.render(shown.text if shown else ""),
        lines=[VersionLine(version, standing_words(version, versions, on)) for version in versions],
        before=_before(versions, shown),
        read_at=said.at if said else None,
        waits_for_me=shown is not None and said is None and is_asked(user, shown),
        outstanding=not_acknowledged(shown).count() if shown and is_current and access.can_see_outstanding else None,
        is_review_overdue=policy.is_review_overdue(on),
        draft=next((version for version in versions if version.state == PolicyState.DRAFT), None),
        can_edit=access.can_write,
        is_intact=shown is None or shown.state == PolicyState.DRAFT or digest_of(shown) == shown.sha256,
    )


def still_in_force(versions: list[PolicyVersion], on: dt.date) -> PolicyVersion | None:
    """Return the version that binds on day `on` though a later one is published already; None where the published one binds."""
    coming = next((row for row in versions if row.state == PolicyState.PUBLISHED and row.effective_on > on), None)
    if coming is None:
        return None
    return next((row for row in versions if row.number < coming.number and row.effective_on <= on), None)


def standing_words(version: PolicyVersion, versions: list[PolicyVersion], on: dt.date) -> str:
    """Return what a version is on day `on`: a draft, published for a later day, in force until then, or superseded."""
    if version.state == PolicyState.PUBLISHED and version.effective_on > on:
        return f"published, in force from {words.day_without_weekday(version.effective_on)}"
    if version == still_in_force(versions, on):
        coming = next(row for row in versions if row.state == PolicyState.PUBLISHED)
        return f"in force until {words.day_without_weekday(coming.effective_on - dt.timedelta(days=1))}"
    return version.get_state_display().lower()


def _shown(versions: list[PolicyVersion], number: int | None) -> PolicyVersion | None:
    if number is not None:
        return next((version for version in versions if version.number == number), None)
    in_force = [version for version in versions if version.state == PolicyState.PUBLISHED]
    return in_force[0] if in_force else versions[0] if versions else None


def _before(versions: list[PolicyVersion], shown: PolicyVersion | None) -> PolicyVersion | None:
    """Return the version before the one that is shown; the newest stands first."""
    return next((version for version in versions if shown and version.number < shown.number), None)


@dataclass(frozen=True)
class PolicyChanges:
    """Two versions side by side: the later text with its changes in place."""

    was: PolicyVersion
    now: PolicyVersion
    text: MarkedText


def changes_between(was: PolicyVersion, now: PolicyVersion) -> PolicyChanges:
    return PolicyChanges(was, now, beside(was.text, now.text))
