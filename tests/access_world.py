"""One of everything, so that every URL of the product has an address: project ALPHA with its entries and three reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.usersessions.models import UserSession
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from governance.clock import Office
from governance.models import Delegation, DeliverableVersion, RatingChallenge
from governance.periods import current_period
from pmo.administration.roles import give_role
from pmo.models import CityHoliday, Notification, SavedView, User
from pmo.roles import Role
from portfolio.models import ImportRun, Program, Project, ProjectMember
from tests import factories
from tests.access_matrix import AREAS
from tests.governance.stories import a_draft, a_finding, a_submitted, an_accepted

WEEK = dt.timedelta(days=7)


def named_urls() -> dict[str, set[str]]:
    """Return every URL name of the product with the parameters of its pattern. Raises AssertionError for one without a name."""
    found: dict[str, set[str]] = {}

    def walk(resolver: URLResolver, namespace: str, parameters: set[str]) -> None:
        for pattern in resolver.url_patterns:
            here = parameters | set(pattern.pattern.regex.groupindex)
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                walk(pattern, inner, here)
            else:
                assert isinstance(pattern, URLPattern)
                assert pattern.name, f"{pattern} has no name"
                found[namespace + pattern.name] = here

    walk(get_resolver(), "", set())
    return found


#: Pages of a report that are looked at on an accepted one.
ACCEPTED = {"report-detail", "report-version", "report-pdf", "report-record-pdf", "report-why", "report-correct"}


class World:
    """ALPHA with one entry of each register, report 1 accepted, report 2 waiting with a finding, report 3 a draft."""

    def __init__(self, alpha: Project, people: dict[str, User]) -> None:
        self.alpha = alpha
        self.people = people
        self.now = timezone.now()
        self.entries()
        self.reports()
        self.belongings()
        for area in AREAS:
            area.prepare(self)

    def entries(self) -> None:
        for make in ("make_milestone", "make_risk", "make_issue", "make_decision", "make_action", "make_dependency"):
            getattr(factories, make)(self.alpha)
        self.program = Program.objects.create(code="G-1", name="Courts")
        self.department = factories.make_department()

    def reports(self) -> None:
        office = Office.load(self.alpha.governance_class)
        end_on = current_period(office.day(self.now), self.alpha.governance_class, office.rules).end_on
        pia, max_ = self.people["pia"], self.people["max"]
        self.accepted = an_accepted(self.alpha, by=pia, end_on=end_on - 2 * WEEK, at=self.now - dt.timedelta(days=14))
        self.waiting = a_submitted(self.alpha, end_on=end_on - WEEK, at=self.now - dt.timedelta(days=1))
        self.finding = a_finding(self.waiting, by=pia, at=self.now)
        self.draft = a_draft(self.alpha, end_on=end_on, at=self.now)
        self.challenge = RatingChallenge.objects.filter(project=self.alpha).first() or self.a_challenge()
        assert self.draft.author == max_

    def a_challenge(self) -> RatingChallenge:
        return RatingChallenge.objects.create(
            project=self.alpha,
            version=self.waiting,
            check_code="W1",
            dimension="schedule",
            sentence="Schedule is rated green.",
            opened_at=self.now,
            due_at=self.now + dt.timedelta(days=2),
        )

    def belongings(self) -> None:
        pia, bea = self.people["pia"], self.people["bea"]
        self.view = SavedView.objects.create(owner=pia, list_name="projects", name="Mine", query="phase=build")
        Notification.objects.all().tell([pia], key="n", title="A report waits", url="/", at=self.now)
        self.notification = Notification.objects.get(recipient=pia, key="n")
        self.session = UserSession.objects.create(
            user=pia, ip="127.0.0.1", session_key="of-another-browser", user_agent="Firefox"
        )
        self.run = ImportRun.objects.create(
            uploaded_by=pia, uploaded_at=self.now, file_name="city.csv", sha256="0" * 64, raw=b"code,name\nP-7001,Kiosks\n"
        )
        self.role_change = give_role(
            self.people["olaf"], Role.AUDITOR, by=self.people["adam"], reason="Yearly audit", at=self.now
        )
        self.holiday = CityHoliday.objects.create(on=dt.date(2026, 12, 24), name="Christmas Eve")
        self.delegation = Delegation.objects.create(
            delegator=pia,
            delegate=bea,
            starts_on=dt.date(2027, 3, 1),
            ends_on=dt.date(2027, 3, 5),
            kinds=["status_report"],
            reason="Leave",
            created_at=self.now,
        )

    def report_for(self, name: str) -> DeliverableVersion:
        noun = name.split(":")[-1]
        if noun.startswith("public-") or noun in ACCEPTED:
            return self.accepted
        if noun.startswith(("review-", "finding-")) or noun == "report-withdraw":
            return self.waiting
        return self.draft

    def arguments(self, name: str, parameters: set[str]) -> dict[str, Any]:
        """Return what the pattern of `name` needs, for an object of ALPHA (or of pia, for what belongs to a person)."""
        area = next((area for area in AREAS if name in area.ROWS), None)
        if area:
            known = area.arguments(self, name)
            return {parameter: known[parameter] for parameter in parameters}
        version = self.report_for(name)
        is_report = "report" in name or "review-" in name or "finding-" in name
        known = {
            "code": self.program.code if "program" in name else self.alpha.code,
            "number": version.deliverable.number if is_report else 1,
            "version": version.number,
            "finding": self.finding.number if name.endswith("-answer") else self.finding.pk,
            "dimension": "schedule",
            "digest": self.accepted.record_sha256,
            "uidb36": "1",
            "key": "set-password",
            "role": "finance-analyst",
            "pk": self.primary_key(name),
        }
        return {parameter: known[parameter] for parameter in parameters}

    def primary_key(self, name: str) -> int:
        noun = name.split(":")[-1]
        rows = {
            "member": ProjectMember.objects.filter(project=self.alpha).first(),
            "department": self.department,
            "person": self.people["fay"],
            "role": self.people["fay"] if name in {"role-give", "role-take"} else self.role_change,
            "challenge": self.challenge,
            "delegation": self.delegation,
            "holiday": self.holiday,
            "saved": self.view,
            "import": self.run,
            "session": self.session,
            "notification": self.notification,
        }
        row = rows.get(noun.split("-")[0])
        return row.pk if row else 1
