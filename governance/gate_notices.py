"""Who is told of what at the gates: a decision, a gate that is late, a waiver that runs out."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from governance.mails import Letter
from governance.models import GateReview, Waiver
from governance.notices import is_news, settle, tell
from pmo.lib import words
from pmo.models import User
from pmo.roles import Role


def decided(review: GateReview, *, at: dt.datetime) -> int:
    if not is_news(at):
        return 0
    settle(f"gate-late-{review.pk}", at=at)
    project = review.project
    people = {one.pk: one for one in (project.project_manager, project.sponsor) if one is not None}
    title = f"{project.name}: {review.get_gate_display()}, {review.get_decision_display().lower()}"
    return tell(
        people.values(),
        key=f"gate-decided-{review.pk}",
        title=title,
        url=review.get_absolute_url(),
        at=at,
        kind="gate",
        code=project.code,
        letter=Letter(title, "Read the decision and what it asks of the project.", review.get_absolute_url()),
    )


def late(review: GateReview, *, at: dt.datetime) -> int:
    project = review.project
    title = f"{project.name}: {review.get_gate_display()} was planned for {words.day_without_weekday(review.planned_on)}"
    return tell(
        [project.project_manager, *User.objects.with_role(Role.PMO_MANAGER)],
        key=f"gate-late-{review.pk}",
        title=f"{title} and was not held",
        url=review.get_absolute_url(),
        at=at,
        kind="gate",
        code=project.code,
    )


def waiver_ends(waiver: Waiver, *, at: dt.datetime) -> int:
    project = waiver.project
    ends = words.day_without_weekday(waiver.expires_on)
    return tell(
        [project.project_manager, *User.objects.with_role(Role.PMO_MANAGER)],
        key=f"waiver-ends-{waiver.pk}",
        title=f"{project.name}: the waiver for {waiver.get_gate_display()} ends {ends}",
        url=reverse("governance:waiver-list"),
        at=at,
        kind="waiver",
        code=project.code,
    )
