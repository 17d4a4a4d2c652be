"""Rows of the access table: policies, standards, guidance and lessons."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from tests.access_rows.base import EVERYONE, MANAGES, OFFICE, PIA, SEES, SEES_REGISTERS, TEAM, Row, of_alpha, office_page

TITLE = "Policies, standards, guidance and lessons"
#: The office, and who has a part in some project.
READERS = SEES | {"hugo"}
#: Members of the office and project managers.
ASKED = frozenset({"pia", "gina", "fay", "hugo", "audrey", "max", "bea"})
READS_GUIDANCE = SEES_REGISTERS | {"bea"}
MAX = frozenset({"max"})
FILES = ("", "-csv", "-xlsx")


def seen_by(readers: frozenset[str], allow: frozenset[str], method: str = "GET") -> Row:
    """One thing that `readers` see and `allow` may do something with; for all others it does not exist."""
    return Row(allow, readers - allow, method)


ROWS: dict[str, Row] = {
    **{f"governance:policy-list{file}": office_page(READERS) for file in FILES},
    "governance:policy-new": office_page(PIA),
    "governance:policy-detail": Row(READERS),
    "governance:policy-edit": seen_by(READERS, PIA),
    "governance:policy-begin": seen_by(READERS, PIA, "POST"),
    **{f"governance:policy-readers{file}": seen_by(READERS, OFFICE) for file in FILES},
    "governance:policy-version": Row(READERS),
    "governance:policy-changes": Row(READERS),
    # A draft exists for the office only.
    "governance:policy-text": seen_by(OFFICE, PIA),
    "governance:policy-publish": seen_by(OFFICE, PIA, "POST"),
    "governance:policy-acknowledge": seen_by(READERS, ASKED, "POST"),
    **{f"governance:standard-list{file}": office_page(READERS) for file in FILES},
    **{f"governance:measurement-list{file}": office_page(READERS) for file in FILES},
    "governance:standard-new": office_page(PIA),
    "governance:standard-detail": Row(READERS),
    "governance:standard-edit": seen_by(READERS, PIA),
    "governance:standard-measure": seen_by(READERS, PIA),
    "governance:measurement-correct": seen_by(READERS, PIA),
    **{f"governance:guidance-list{file}": office_page(READS_GUIDANCE) for file in FILES},
    # Another project manager opens it to write as a peer, and finds only what they wrote.
    **{f"governance:project-guidance-list{file}": of_alpha(READS_GUIDANCE) for file in FILES},
    "governance:guidance-new": of_alpha(frozenset({"pia", "gina", "bea"})),
    "governance:guidance-detail": Row(SEES_REGISTERS),
    "governance:guidance-read": seen_by(SEES_REGISTERS, MAX, "POST"),
    "governance:guidance-settle": seen_by(SEES_REGISTERS, MAX, "POST"),
    **{f"governance:lesson-list{file}": office_page(SEES) for file in FILES},
    **{f"governance:project-lesson-list{file}": of_alpha(SEES) for file in FILES},
    "governance:lesson-new": of_alpha(TEAM),
    "governance:lesson-detail": Row(SEES),
    "governance:lesson-edit": of_alpha(PIA),
    "governance:lesson-publish": of_alpha(PIA, "POST"),
    "governance:lesson-use": of_alpha(TEAM, "POST"),
}
assert READERS <= EVERYONE
assert MANAGES <= TEAM


def prepare(world: Any) -> None:
    """Make a policy in force with a draft of its third version, a standard with a figure, guidance, and a lesson of ALPHA."""
    from governance import guiding, lessons, measuring, policies  # the guide reads the rows without a set-up Django

    pia, at = world.people["pia"], world.now
    day = timezone.localdate(at)
    policy = policies.open_policy(
        by=pia, at=at, code="POL-1", title="Status reports", owner=pia, review_by=day, text="# Weekly", effective_on=day
    )
    for number, text in ((1, "# Weekly"), (2, "# Weekly\n\n- on Thursday")):
        version = policies.begin_version(policy, by=pia, at=at)
        assert version.number == number
        version.revise(by=pia, changes={"text": text, "change_note": "Says by when."})
        policies.publish(version, by=pia, at=at)
    policies.begin_version(policy, by=pia, at=at)
    standard = measuring.open_standard(
        by=pia,
        code="STD-1",
        statement="Reviews are decided within two working days.",
        unit="%",
        target=Decimal(90),
        how_measured="Decided within the clock, of all decided in the month.",
        owner=pia,
    )
    end_on = day - dt.timedelta(days=day.day)
    world.measurement = measuring.measure(standard, by=pia, at=at, period_end_on=end_on, value=Decimal(88))
    world.guidance = guiding.write(
        world.alpha, by=pia, at=at, kind="technical", subject="Test the interface early", text="- Ask for a sandbox."
    )
    world.lesson = lessons.record(
        world.alpha,
        by=world.people["tess"],
        at=at,
        title="Ask for the test data first",
        category="data",
        what_happened="Tests waited for data.",
        why="Nobody had asked.",
        next_time="Ask at definition.",
    )
    lessons.publish(world.lesson, by=pia, at=at)


def arguments(world: Any, name: str) -> dict[str, Any]:
    noun = name.split(":")[-1]
    codes = {"policy": "POL-1", "standard": "STD-1", "measurement": "STD-1"}
    rows = {"measurement": world.measurement, "guidance": world.guidance, "lesson": world.lesson}
    kind = noun.split("-")[0]
    row = rows.get(kind)
    return {
        "code": codes.get(kind, world.alpha.code),
        "version": 3 if noun in {"policy-text", "policy-publish"} else 2,
        "pk": row.pk if row else 1,
    }
