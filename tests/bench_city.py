"""A city of any size for the benchmark, made straight into a throw-away database: rows count, not stories."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from governance.clock import Office
from governance.models import ProjectStanding, StandingSnapshot
from governance.models.standings import StandingFields
from governance.periods import current_period, previous_ends
from pmo.roles import Role
from portfolio.models import Department, Milestone, Program, Project, Risk
from portfolio.states import Phase
from tests.governance.stories import an_accepted

PHASES = [Phase.PLANNING, Phase.BUILD, Phase.TEST, Phase.ROLLOUT]


#: The project whose page is measured: it has a quarter of reports, as a running project has.
REPORTED = 7
REPORTS = 13


def people() -> list[object]:
    User = get_user_model()
    manager = User.objects.create_user("pia@bench.example", "Pia Orlov", "plumb-line-bench-2026")
    manager.add_role(Role.PMO_MANAGER)
    reader = User.objects.create_user("stella@bench.example", "Stella Brandt", "plumb-line-bench-2026")
    reader.add_role(Role.STAKEHOLDER)
    return [User.objects.create_user(f"pm{number}@bench.example", f"Manager {number}") for number in range(12)]


def project(number: int, chance: random.Random, managers: list, departments: list, programs: list) -> Project:
    start = dt.date(2025, 6, 2) + dt.timedelta(days=chance.randrange(200))
    finish = start + dt.timedelta(days=300 + chance.randrange(300))
    budget = Decimal(chance.randrange(100_000, 9_000_000))
    return Project(
        code=f"P-{10000 + number}",
        name=f"Replacement of system {number}",
        purpose="Replace a system that is out of support.",
        department=chance.choice(departments),
        program=chance.choice(programs),
        project_manager=chance.choice(managers),
        phase=chance.choice(PHASES),
        governance_class=chance.randrange(1, 5),
        start_on=start,
        original_finish_on=finish,
        baseline_finish_on=finish,
        forecast_finish_on=finish + dt.timedelta(days=chance.randrange(40)),
        budget_amount=budget,
        spent_amount=budget / 2,
        committed_amount=budget / 10,
        forecast_amount=budget + chance.randrange(90_000),
        money_as_of=timezone.localdate(),
    )


def standing_values(row: Project, chance: random.Random) -> dict[str, object]:
    letters = {
        name: chance.choice("GGGGYR") for name in ("overall", "scope", "schedule", "budget", "quality", "risk", "resources")
    }
    return {
        **letters,
        "previous_overall": chance.choice("GGGY"),
        "evidence_overall": chance.choice("GGY"),
        "pm_overall": "G",
        "reason": "Two tests are outside green.",
        "strip": "".join(chance.choice("GGGGYR") for _ in range(12)),
        "phase": row.phase,
        "original_finish_on": row.original_finish_on,
        "baseline_finish_on": row.baseline_finish_on,
        "forecast_finish_on": row.forecast_finish_on,
        "slip_days": chance.randrange(30),
        "budget_amount": row.budget_amount,
        "forecast_amount": row.forecast_amount,
        "variance_amount": row.forecast_amount - row.budget_amount,
        "next_milestone": "Go-live",
        "next_milestone_on": row.forecast_finish_on,
        "report_number": 40,
        "report_period_end_on": timezone.localdate() - dt.timedelta(days=4),
        "accepted_at": timezone.now(),
    }


def build(count: int) -> None:
    """Fill an empty, migrated database with `count` projects, their standings, milestones, risks and two snapshots each."""
    chance = random.Random(20261122)
    managers = people()
    departments = [Department.objects.create(name=f"Department {number}") for number in range(20)]
    programs = [Program.objects.create(code=f"G-{number}", name=f"Program {number}") for number in range(15)]
    rows = Project.objects.bulk_create(
        [project(number, chance, managers, departments, programs) for number in range(count)], batch_size=500
    )
    made: dict[Any, list[Any]] = {ProjectStanding: [], StandingSnapshot: [], Milestone: [], Risk: []}
    for row in rows:
        values = standing_values(row, chance)
        made[ProjectStanding].append(ProjectStanding(project=row, **values))
        made[StandingSnapshot] += snapshots_of(row, values)
        made[Milestone] += milestones_of(row)
        made[Risk] += risks_of(row)
    for model, added in made.items():
        model._base_manager.bulk_create(added, batch_size=500)
    with Office.kept():
        report_on(rows[REPORTED])


def snapshots_of(row: Project, values: dict[str, Any]) -> list[StandingSnapshot]:
    older = {name: values[name] for name in values if name in StandingFields.field_names()}
    changed_on = timezone.localdate() - dt.timedelta(days=4)
    begun_on = timezone.localdate() - dt.timedelta(days=60)
    return [
        StandingSnapshot(project=row, from_on=begun_on, until_on=changed_on, status="active", **older),
        StandingSnapshot(project=row, from_on=changed_on, status="active", **older),
    ]


def milestones_of(row: Project) -> list[Milestone]:
    dates = {"baseline_on": row.baseline_finish_on, "forecast_on": row.forecast_finish_on}
    return [
        Milestone(project=row, number=place, name=f"Milestone {place}", is_key=place == 3, **dates) for place in range(1, 7)
    ]


def risks_of(row: Project) -> list[Risk]:
    known = {"probability": 3, "next_action_on": timezone.localdate(), "owner": row.project_manager}
    return [
        Risk(project=row, number=place, title=f"If part {place} is late, then testing waits", impact=1 + place % 5, **known)
        for place in range(1, 6)
    ]


def report_on(project: Project) -> None:
    """Let a project report on its last periods, each report written, submitted and accepted by the real verbs."""
    pia = get_user_model().objects.get(email="pia@bench.example")
    office = Office.load(project.governance_class)
    running = current_period(timezone.localdate(), project.governance_class, office.rules)
    for end_on in previous_ends(running.end_on, REPORTS + 1, project.governance_class, office.rules)[:-1]:
        an_accepted(project, by=pia, end_on=end_on, at=dt.datetime.combine(end_on, dt.time(18), office.zone))
