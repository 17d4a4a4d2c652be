"""Plain factories: each makes one valid row, checked by `full_clean` before it is saved."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from django.db import models
from django.utils import timezone

from pmo.models import User
from pmo.models.users import MailChoice
from pmo.roles import Role
from portfolio.models import Action, Decision, Department, Dependency, Issue, Milestone, Project, ProjectMember, Risk
from portfolio.models.registers import next_number

PASSWORD = "plumb-line-demo-2026"
_count = count(1)


def made(row: models.Model) -> Any:
    row.full_clean()
    row.save()
    return row


def make_user(name: str, *roles: Role, **overrides: Any) -> User:
    email = overrides.pop("email", f"{name.lower().replace(' ', '.')}@example.org")
    overrides.setdefault("mail_choice", MailChoice.ALL)  # what happens at once is seen at once; digests have tests of their own
    user = User.objects.create_user(email, name, overrides.pop("password", PASSWORD), **overrides)
    for role in roles:
        user.add_role(role)
    return user


def make_project(**overrides: Any) -> Project:
    number = next(_count)
    defaults: dict[str, Any] = {
        "code": f"P-{9000 + number}",
        "name": f"Project {number}",
        "purpose": "Replace the paper form.",
        "governance_class": 2,
        "phase": "build",
    }
    return made(Project(**{**defaults, **overrides}))


def make_department(**overrides: Any) -> Department:
    return made(Department(**{"name": f"Department {next(_count)}", **overrides}))


def make_member(project: Project, user: User, **overrides: Any) -> ProjectMember:
    return made(ProjectMember(project=project, user=user, **overrides))


def make_milestone(project: Project, **overrides: Any) -> Milestone:
    number = next_number(Milestone, project)
    return made(Milestone(**{"project": project, "number": number, "name": f"Milestone {number}", **overrides}))


def _entry(model: type[models.Model], project: Project, **values: Any) -> Any:
    return made(model(project=project, number=next_number(model, project), **values))


def make_risk(project: Project, **overrides: Any) -> Risk:
    return _entry(
        Risk,
        project,
        **{"title": "If the vendor is late, then testing starts late", "probability": 3, "impact": 3, **overrides},
    )


def make_issue(project: Project, **overrides: Any) -> Issue:
    return _entry(Issue, project, **{"title": "Parcel file lacks addresses", "raised_on": timezone.localdate(), **overrides})


def make_decision(project: Project, **overrides: Any) -> Decision:
    values = {
        "title": "Choose the hosting",
        "needed_from": "Governance board",
        "needed_by_on": timezone.localdate() + dt.timedelta(days=7),
    }
    return _entry(Decision, project, **{**values, **overrides})


def make_action(project: Project, **overrides: Any) -> Action:
    return _entry(Action, project, **{"title": "Order the readers", **overrides})


def make_dependency(project: Project, **overrides: Any) -> Dependency:
    values = {
        "title": "Single sign-on is live",
        "on_outside": "County court",
        "needed_on": timezone.localdate() + dt.timedelta(days=30),
    }
    return _entry(Dependency, project, **{**values, **overrides})
