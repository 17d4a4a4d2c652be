"""The documents of the demo city: definition documents and execution plans in every state, with their words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.utils import timezone

from governance.class_gates import path_of
from governance.condition_terms import ConditionTerms
from governance.document_states import ColumnType, Opinion, PartState
from governance.documents.describing import changes_to_carry_out
from governance.documents.drafting import save_section, start_document
from governance.findings import answer_checklist, answer_finding, raise_finding
from governance.models import ChecklistItem, DeliverableVersion, DocumentSection, ReviewFinding
from governance.routing import excuse, give_opinion
from governance.seats import holders
from governance.states import FindingState, Kind, ReviewState
from pmo.demo import phrases
from pmo.demo.clock import DAY
from pmo.demo.people import MARGUERITE
from pmo.demo.portfolio import Running
from pmo.demo.registers import Event
from pmo.lib.history import dated

#: How far each project is with its definition document and with its execution plan. Others have none in the product yet.
STAGES: Mapping[str, tuple[str, str]] = {
    "2341": ("approved", "approved"),
    "2377": ("approved", "approved"),
    "2256": ("approved", "approved"),
    "2388": ("approved", "approved"),
    "2215": ("approved", "conditional"),
    "2396": ("approved", "submitted"),
    "2329": ("approved", "returned"),
    "2355": ("approved", "submitted"),
    "2414": ("conditional", "half"),
    "2312": ("approved", "half"),
    "2409": ("returned", ""),
    "2365": ("approved", ""),
    "2338": ("rounds", ""),
    "2272": ("half", ""),
    "2371": ("approved", ""),
}
#: Whose definition carries out the request by which a new finish was agreed, and how far that version is.
CARRIED: Mapping[str, str] = {"2341": "approved", "2377": "submitted"}
#: The part of the time in which approved documents came in.
WHEN = {Kind.DEFINITION: 0.05, Kind.EXECUTION_PLAN: 0.18}
FAMILY = {Kind.DEFINITION: "definition", Kind.EXECUTION_PLAN: "plan"}
SHARED_SECTIONS = ("in_scope", "out_of_scope")
#: What a half-written document says already.
HALF = 9


def document_events(running: Running) -> Iterator[Event]:
    """Yield what happens to the documents of one project, each act at its moment."""
    for kind, stage in zip(WHEN, STAGES.get(running.number, ("", "")), strict=True):
        if stage:
            yield from _Telling(running, kind, stage).events()
    if running.number in CARRIED:
        yield from _NewPlanTold(running, Kind.DEFINITION, CARRIED[running.number]).events()


class _Telling:
    """One document of one project on its way."""

    def __init__(self, running: Running, kind: Kind, stage: str) -> None:
        self.running, self.kind, self.stage = running, kind, stage
        self.version: DeliverableVersion | None = None

    def events(self) -> Iterator[Event]:
        if self.stage == "rounds":
            yield from self._rounds()
            return
        begun_at, sent_at, decided_at = self._moments()
        yield begun_at, partial(self._write, begun_at)
        if self.stage == "half":
            return
        yield sent_at, partial(self._submit, sent_at)
        if self.stage != "submitted":
            yield decided_at, partial(self._decide, decided_at)

    def _moments(self) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
        """Return when it was begun, submitted and decided: long ago for what counts, in the last days for what is in work."""
        story, time = self.running.story, self.running.city.time
        if self.stage in ("approved", "conditional"):
            days = int((story.finish_on - story.start_on).days * WHEN[self.kind])
            first = min(story.start_on + DAY * max(days, 4), time.last_on - DAY * 30)
        else:
            first = time.last_on - DAY * 9
        calendar = time.calendar
        sent_on = calendar.add(first, 3)
        return (
            time.moment(first, 10, 15),
            time.moment(sent_on, 14, 5),
            time.moment(calendar.add(sent_on, 2 if self.stage == "returned" else 4), 15, 30),
        )

    def _write(self, at: dt.datetime) -> None:
        with dated(at):
            version = start_document(self.running.project, self.kind, by=self.running.manager, at=at)
            version.deliverable.project = self.running.project
            rows = version.document.sections.select_related("section")  # type: ignore[union-attr]
            for place, row in enumerate(rows):
                if self.stage != "half" or place < HALF:
                    row.document = version.document  # type: ignore[assignment]
                    self._fill(row, at + dt.timedelta(minutes=7 * place))
        self.version = version

    def _fill(self, row: DocumentSection, at: dt.datetime) -> None:
        values = words_for(row, self.kind, self.running, on=timezone.localdate(at))
        if values:
            save_section(row, by=self.running.manager, at=at, revision=row.revision, **values)

    def _submit(self, at: dt.datetime) -> None:
        assert self.version is not None
        with dated(at):
            self.version.submit(by=self.running.manager, at=at)

    def _rounds(self) -> Iterator[Event]:
        """Yield three rounds of one review: returned twice, three findings each time, the third version waits."""
        time = self.running.city.time
        days = [time.calendar.add(time.last_on, -back) for back in (22, 19, 16, 13, 9, 6, 2)]
        moments = [time.moment(day, 10, 15) for day in days]
        yield moments[0], partial(self._write, moments[0])
        yield moments[1], partial(self._submit, moments[1])
        for number, findings in enumerate(ROUNDS):
            back, again = moments[2 + 2 * number], moments[3 + 2 * number]
            yield back, partial(self._send_back, findings, back)
            yield again, partial(self._answer, again)

    def _send_back(self, findings: Findings, at: dt.datetime) -> None:
        assert self.version is not None
        with dated(at):
            send_back(self.version, findings, by=self.running.city.office, at=at)

    def _answer(self, at: dt.datetime) -> None:
        """Answer every open finding, mend what it names, and submit the next version."""
        manager, project = self.running.manager, self.running.project
        open_ones = ReviewFinding.objects.filter(version__deliverable__project=project, state=FindingState.OPEN)
        with dated(at):
            named = [finding for finding in open_ones if finding.version.deliverable.kind == self.kind]
            for finding in named:
                answer_finding(finding, by=manager, text=ANSWERS[finding.section], at=at)
            summary = "The findings of the last round are answered; the sections they name are reworded."
            self.version = start_document(project, self.kind, by=manager, at=at, change_summary=summary)
            for finding in named:
                self._mend(finding.section, at)
            self.version.submit(by=manager, at=at)

    def _mend(self, key: str, at: dt.datetime) -> None:
        """Write what the answer to a finding says into its section: at the end of a text, or of one cell of a table."""
        assert self.version is not None
        row = self.version.document.sections.select_related("section").get(section__key=key)  # type: ignore[union-attr]
        place, column, words = MENDED[key]
        if not row.section.is_table:
            values: dict[str, Any] = {"text": f"{row.text} {words}"}
        else:
            cells = row.rows[min(place, len(row.rows) - 1)]["cells"]
            cells[column] = words
            values = {"rows": row.rows}
        save_section(row, by=self.running.manager, at=at, revision=row.revision, **values)

    def _decide(self, at: dt.datetime) -> None:
        assert self.version is not None
        office = self.running.city.office
        by = office if self.running.manager != office else self.running.city.people[MARGUERITE]
        with dated(at):
            if self.stage != "returned":
                review_all(self.version, by=by, at=at - dt.timedelta(hours=2))
            match self.stage:
                case "approved":
                    self.version.approve(by=by, at=at, terms={})
                case "conditional":
                    self.version.approve_with_conditions(by=by, at=at, conditions=[self._condition(by, at)])
                case "returned":
                    send_back(self.version, FINDINGS, by=by, at=at)

    def _condition(self, verifier: Any, at: dt.datetime) -> ConditionTerms:
        return ConditionTerms(
            owner=self.running.manager,
            verifier=verifier,
            text="The signed agreement on the exchange format is filed with the plan.",
            due_on=timezone.localdate(at) + DAY * 45,
        )


class _NewPlanTold(_Telling):
    """The version of a definition that carries out the last approved change request: with the milestones of the new plan."""

    def _moments(self) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
        time = self.running.city.time
        calendar, agreed_on = time.calendar, self.running.story.rebaselines[-1].on
        back = 4 if self.stage == "submitted" else 0
        first = calendar.add(time.last_on, -back) if back else calendar.add(agreed_on, 4)
        days = (first, calendar.add(first, 2), calendar.add(first, 6))
        return time.moment(days[0], 10, 15), time.moment(days[1], 14, 5), time.moment(days[2], 15, 30)

    def _write(self, at: dt.datetime) -> None:
        running = self.running
        with dated(at):
            change = changes_to_carry_out(running.project, self.kind).last()
            assert change is not None
            summary = f"The finish agreed by {change.code}: the milestones are those of the new plan. Nothing else changes."
            version = start_document(
                running.project, self.kind, by=running.manager, at=at, change_summary=summary, change=change
            )
            version.deliverable.project = running.project
            row = version.document.sections.select_related("section").get(section__key="milestones")  # type: ignore[union-attr]
            values: dict[str, Any] = {"rows": _milestones(running)}
            save_section(row, by=running.manager, at=at, revision=row.revision, **values)
        self.version = version


def review_all(version: DeliverableVersion, *, by: Any, at: dt.datetime) -> None:
    """Let everybody on the route endorse the version, excuse who cannot answer, and tick the checklist."""
    review = version.reviews.get(state=ReviewState.OPEN)
    while part := review.parts.filter(state=PartState.ASKED).first():
        people = holders(part)
        if people:
            give_opinion(part, by=people[0], at=at, opinion=Opinion.ENDORSE, note="")
        else:
            excuse(part, by=by, at=at, reason="Nobody else holds the seat.")
    items = ChecklistItem.objects.filter(kind=version.deliverable.kind, is_active=True)
    answer_checklist(version, {item.pk: True for item in items}, by=by, at=at)


def send_back(version: DeliverableVersion, findings: Findings, *, by: Any, at: dt.datetime) -> None:
    for section, severity, text in findings:
        raise_finding(version, by=by, section=section, row="", severity=severity, text=text, at=at)
    reason = f"{len(findings)} findings have to be answered before a decision."
    version.return_for_rework(by=by, at=at, reason=reason)


Findings = tuple[tuple[str, str, str], ...]
FINDINGS: Findings = (
    ("security", "major", "Say who reviews the roles after go-live, and how often."),
    ("raci", "minor", "Name one role that answers for the conversion."),
)


#: Of a review in three rounds: what was found each time, and what was answered.
ROUNDS: tuple[Findings, ...] = (
    (
        ("problem", "major", "Say over which period the failed inspections were counted."),
        ("objectives", "major", "The second objective names no system from which its figure is read."),
        ("cost", "minor", "Give the quotation on which the high estimate rests."),
    ),
    (
        ("benefits", "major", "The owner of the second benefit has to be a person, not a division."),
        ("risks", "minor", "Say who decides if the vendor's tablets are not delivered in time."),
        ("stakeholders", "comment", "The unions should be told before the pilot."),
    ),
)
ANSWERS: Mapping[str, str] = {
    "problem": "The fiscal year that ended in June; the section says so now.",
    "objectives": "It is read from the permit system each month; the measure names it.",
    "cost": "Three quotations of March; the basis names the upper one.",
    "benefits": "The deputy director of inspections owns it; she agreed in writing.",
    "risks": "The sponsor decides by the date of the pilot; the response says so.",
    "stakeholders": "A meeting is set for the week before the pilot.",
}

#: What is written for it: (row, column, words) of a table, words that are added to a text.
MENDED: Mapping[str, tuple[int, str, str]] = {
    "problem": (0, "", "All figures are of the fiscal year that ended in June."),
    "objectives": (1, "measure", "Share of cases, read from the permit system each month"),
    "cost": (2, "basis", "The upper of three quotations of March, with one year of support"),
    "benefits": (1, "owner", "Deputy director of inspections"),
    "risks": (0, "response", "The sponsor decides by the date of the pilot whether paper forms stay in use"),
    "stakeholders": (0, "engagement", "Meeting in the week before the pilot, then each month"),
}


def words_for(row: DocumentSection, kind: Kind, running: Running, *, on: dt.date) -> dict[str, Any]:
    """Return what a section says, as `save_section` takes it; nothing where the data file has nothing for it."""
    section = row.section
    if section.key == "milestones":
        return {"rows": _milestones(running)}
    family = "definition" if section.key in SHARED_SECTIONS else FAMILY[kind]
    lines = phrases.sections("documents.txt").get(f"{family} {section.key}", ())
    if section.key == "phases":
        known = path_of(running.project.governance_class, procures=True)
        lines = tuple(line for line in lines if line[1] in known)
    blanks = _blanks(running, on)
    if not section.is_table:
        text = "\n\n".join(" > ".join(parts) for parts in lines).format_map(blanks).replace("\n\n- ", "\n- ")
        return {"text": text.replace(":\n- ", ":\n\n- ")} if text else {}
    rows = [_row(section.key, number, parts, section.columns, blanks) for number, parts in enumerate(lines, start=1)]
    return {"rows": rows} if rows else {}


def _row(key: str, number: int, parts: tuple[str, ...], columns: Any, blanks: Mapping[str, str]) -> dict[str, Any]:
    cells = {column["key"]: text.format_map(blanks) for column, text in zip(columns, parts, strict=False)}
    for column in columns:
        if column["type"] not in (ColumnType.DATE, ColumnType.CHOICE) and cells.get(column["key"]):
            cells[column["key"]] = cells[column["key"]][:1].upper() + cells[column["key"]][1:]
        if column["type"] == ColumnType.YES_NO:
            cells[column["key"]] = cells.get(column["key"], "").lower()
    return {"row": f"{key}-{number}", "cells": cells}


def _milestones(running: Running) -> list[Mapping[str, Any]]:
    return [
        {"row": f"milestones-{row.number}", "cells": {"name": row.name, "target": row.baseline_on.isoformat()}}
        for row in running.milestones
        if row.baseline_on
    ]


def _blanks(running: Running, on: dt.date) -> dict[str, str]:
    design, story, project = running.story.design, running.story, running.project
    awarded_on = story.start_on + (story.finish_on - story.start_on) * 2 // 5
    days = (story.finish_on - story.start_on).days
    subject = design.subject
    return {
        "purpose": subject.purpose,
        "users": subject.users,
        "Users": subject.users[:1].upper() + subject.users[1:],
        "thing": subject.thing,
        "data": subject.data,
        "partner": subject.partner,
        "Partner": subject.partner[:1].upper() + subject.partner[1:],
        "department": design.department,
        "sponsor": str(project.sponsor.name) if project.sponsor else "",
        "owner": str(project.business_owner.name) if project.business_owner else "",
        "manager": str(running.manager.name),
        "office": str(running.city.office.name),
        "lead": "Team lead",
        "budget": str(design.budget),
        "low": str(design.budget * 8 // 10),
        "high": str(design.budget * 13 // 10),
        "awarded": awarded_on.isoformat() if awarded_on <= on else "",
        **{f"d{part}": (story.start_on + DAY * (days * part // 10)).isoformat() for part in range(1, 11)},
    }
