"""The documents of the demo city: definition documents and execution plans in every state that a document can be in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.utils import timezone

from governance import conditions
from governance.condition_terms import ConditionTerms
from governance.document_states import Opinion, PartState
from governance.documents.describing import changes_to_carry_out
from governance.documents.drafting import save_section, start_document
from governance.findings import answer_checklist, answer_finding, raise_finding
from governance.gate_states import Gate
from governance.models import ChecklistItem, Condition, DeliverableVersion, DocumentSection, ReviewFinding
from governance.routing import excuse, give_opinion
from governance.seats import holders
from governance.states import FindingState, Kind, ReviewState
from pmo.demo import document_words as said
from pmo.demo.clock import DAY
from pmo.demo.document_words import Findings, milestone_rows, words_for
from pmo.demo.portfolio import Running
from pmo.demo.registers import Event
from pmo.lib.history import dated

#: How far each project is with its definition document and with its execution plan. Of the others the records are on paper.
STAGES: Mapping[str, tuple[str, str]] = {
    "2341": ("approved", "approved"),
    "2377": ("approved", "approved"),
    "2256": ("approved", "approved"),
    "2388": ("approved", "approved"),
    "2215": ("approved", "conditional"),
    "2272": ("approved", "approved"),
    "2279": ("approved", "approved"),
    "2355": ("approved", "approved"),
    "2396": ("approved", "submitted"),
    "2329": ("approved", "returned"),
    "2414": ("late", "approved"),
    "2312": ("approved", "half"),
    "2420": ("approved", "rejected"),
    "2409": ("renewed", ""),
    "2338": ("rounds", ""),
    "2365": ("approved", ""),
    "2371": ("approved", ""),
}
#: Whose definition carries out the request by which a new finish was agreed, and how far that version is.
CARRIED: Mapping[str, str] = {"2341": "approved", "2377": "submitted"}
#: What becomes of a later version that changes nothing of what was agreed.
LATER_STAGES: Mapping[str, str] = {"2272": "half", "2279": "submitted", "2365": "withdrawn"}
#: The gate for which each document was approved.
OWED_AT = {Kind.DEFINITION: Gate.G1, Kind.EXECUTION_PLAN: Gate.G2}
APPROVED_STAGES = ("approved", "conditional", "late")
#: What a half-written document says already.
HALF = 9


def document_events(running: Running) -> Iterator[Event]:
    """Yield what happens to the documents of one project, each act at its moment."""
    number = running.number
    for kind, stage in zip(OWED_AT, STAGES.get(number, ("", "")), strict=True):
        if stage:
            yield from COURSES.get(stage, Telling)(running, kind, stage).events()
    if number in CARRIED:
        yield from NewPlanTold(running, Kind.DEFINITION, CARRIED[number]).events()
    if number in LATER_STAGES:
        yield from LaterTold(running, said.LATER[number][0], LATER_STAGES[number]).events()


class Telling:
    """One document of one project on its way."""

    def __init__(self, running: Running, kind: Kind, stage: str) -> None:
        self.running, self.kind, self.stage = running, kind, stage
        self.version: DeliverableVersion | None = None

    @property
    def decider(self) -> Any:
        return self.running.office

    def events(self) -> Iterator[Event]:
        begun_at, sent_at, decided_at = self._moments()
        yield begun_at, partial(self._write, begun_at)
        if self.stage == "half":
            return
        yield sent_at, partial(self._submit, sent_at)
        if self.stage != "submitted":
            yield decided_at, partial(self._decide, decided_at)
        if self.stage in ("conditional", "late"):
            yield from self._follow_condition(timezone.localdate(decided_at))

    def _moments(self) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
        """Return when it was begun, submitted and decided: before the gate that asks for it, or in the last days."""
        story, time = self.running.story, self.running.city.time
        calendar, gate_on = time.calendar, story.passed_on(OWED_AT[self.kind])
        if self.stage in APPROVED_STAGES and gate_on:
            before = story.own_chance(f"document-{self.kind}").randint(2, 4)
            first = max(calendar.add(gate_on, -before - 7), calendar.add(story.start_on, 1))
        else:
            first = calendar.on_or_before(time.last_on - DAY * 9)
        return (
            self._at(first, 10, 15),
            self._at(first, 14, 5, 3),
            self._at(first, 15, 30, 7 if self.stage in APPROVED_STAGES else 5),
        )

    def _at(self, day: dt.date, hour: int, minute: int, workdays: int = 0) -> dt.datetime:
        time = self.running.city.time
        return time.moment(time.calendar.add(day, workdays), hour, minute)

    # Writing

    def _write(self, at: dt.datetime) -> None:
        with dated(at):
            self._begin(at)
            for place, row in enumerate(self._sections()):
                if self.stage != "half" or place < HALF:
                    self._fill(row, at + dt.timedelta(minutes=7 * place))

    def _begin(self, at: dt.datetime, **more: Any) -> None:
        self.version = start_document(self.running.project, self.kind, by=self.running.manager, at=at, **more)
        self.version.deliverable.project = self.running.project

    def _sections(self) -> list[DocumentSection]:
        assert self.version is not None
        document = self.version.document
        assert document is not None
        rows = list(document.sections.select_related("section"))
        for row in rows:
            row.document = document
        return rows

    def _section(self, key: str) -> DocumentSection:
        return next(row for row in self._sections() if row.section.key == key)

    def _fill(self, row: DocumentSection, at: dt.datetime) -> None:
        values = words_for(row, self.kind, self.running, on=timezone.localdate(at))
        if values:
            self._save(row, at, **values)

    def _save(self, row: DocumentSection, at: dt.datetime, **values: Any) -> None:
        save_section(row, by=self.running.manager, at=at, revision=row.revision, **values)

    def _submit(self, at: dt.datetime) -> None:
        assert self.version is not None
        with dated(at):
            self.version.submit(by=self.running.manager, at=at)

    # The decision

    def _decide(self, at: dt.datetime) -> None:
        version, by = self.version, self.decider
        assert version is not None
        with dated(at):
            if self.stage in APPROVED_STAGES:
                review_all(version, by=by, at=at - dt.timedelta(hours=2))
            match self.stage:
                case "approved":
                    version.approve(by=by, at=at, terms={})
                case "conditional" | "late":
                    version.approve_with_conditions(by=by, at=at, conditions=[self._terms(timezone.localdate(at))])
                case "returned":
                    send_back(version, said.FINDINGS, by=by, at=at)
                case "rejected" | "renewed":
                    version.reject(by=by, at=at, reason=said.REJECTED_FOR[self.kind])
                case "withdrawn":
                    version.withdraw(by=self.running.manager, at=at)

    def _terms(self, on: dt.date) -> ConditionTerms:
        due_on = self.running.city.time.calendar.on_or_before(on + DAY * 45)
        return ConditionTerms(owner=self.running.manager, verifier=self.decider, text=said.CONDITION, due_on=due_on)

    def _follow_condition(self, decided_on: dt.date) -> Iterator[Event]:
        """Yield what becomes of the condition: met in time, or put off once and overdue since some days."""
        due_on = self._terms(decided_on).due_on
        if self.stage == "late":
            put_off_at = self._at(due_on, 11, 20, -3)
            yield put_off_at, partial(self._put_off, put_off_at)
            return
        given_at, closed_at = self._at(due_on, 10, 50, -6), self._at(due_on, 9, 25, -4)
        yield given_at, partial(self._meet, given_at)
        yield closed_at, partial(self._close, closed_at)

    def _condition(self) -> Condition:
        return Condition.objects.select_related("project").get(version=self.version)

    def _put_off(self, at: dt.datetime) -> None:
        with dated(at):
            due_on = self.running.city.time.workdays_ago(4)
            conditions.extend(self._condition(), by=self.decider, at=at, due_on=due_on, reason=said.EXTENDED)

    def _meet(self, at: dt.datetime) -> None:
        with dated(at):
            conditions.give_evidence(self._condition(), by=self.running.manager, at=at, text=said.CONDITION_MET)

    def _close(self, at: dt.datetime) -> None:
        with dated(at):
            conditions.close(self._condition(), by=self.decider, at=at)


class RoundsTold(Telling):
    """Three rounds of one review: returned twice, three findings each time, the third version waits."""

    def events(self) -> Iterator[Event]:
        last_on = self.running.city.time.last_on
        moments = [self._at(last_on, 10, 15, -back) for back in (22, 19, 16, 13, 9, 6, 2)]
        yield moments[0], partial(self._write, moments[0])
        yield moments[1], partial(self._submit, moments[1])
        for number, findings in enumerate(said.ROUNDS):
            back, again = moments[2 + 2 * number], moments[3 + 2 * number]
            yield back, partial(self._send_back, findings, back)
            yield again, partial(self._answer, again)

    def _send_back(self, findings: Findings, at: dt.datetime) -> None:
        assert self.version is not None
        with dated(at):
            send_back(self.version, findings, by=self.decider, at=at)

    def _answer(self, at: dt.datetime) -> None:
        """Answer every open finding, mend what it names, and submit the next version."""
        manager, project = self.running.manager, self.running.project
        open_ones = ReviewFinding.objects.filter(version__deliverable__project=project, state=FindingState.OPEN)
        with dated(at):
            named = [finding for finding in open_ones if finding.version.deliverable.kind == self.kind]
            for finding in named:
                answer_finding(finding, by=manager, text=said.ANSWERS[finding.section], at=at)
            self._begin(at, change_summary="The findings of the last round are answered; the sections they name are reworded.")
            for finding in named:
                self._mend(finding.section, at)
        self._submit(at)

    def _mend(self, key: str, at: dt.datetime) -> None:
        """Write what the answer to a finding says into its section: at the end of a text, or of one cell of a table."""
        row = self._section(key)
        place, column, words = said.MENDED[key]
        if not row.section.is_table:
            self._save(row, at, text=f"{row.text} {words}")
            return
        row.rows[min(place, len(row.rows) - 1)]["cells"][column] = words
        self._save(row, at, rows=row.rows)


class RenewedTold(Telling):
    """A submission that was rejected, and the next one on a new basis, which somebody of the office reads now."""

    def events(self) -> Iterator[Event]:
        yield from super().events()
        last_on = self.running.city.time.last_on
        moments = [self._at(last_on, 10, 40, -back) for back in (7, 4, 2)]
        yield from zip(moments, (partial(act, at) for act, at in zip(self._acts, moments, strict=True)), strict=True)

    @property
    def _acts(self) -> tuple[Any, ...]:
        return self._write_anew, self._submit, self._take_up

    def _moments(self) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
        first = self.running.city.time.calendar.on_or_before(self.running.city.time.last_on - DAY * 50)
        return self._at(first, 10, 15), self._at(first, 14, 5, 3), self._at(first, 15, 30, 8)

    def _write_anew(self, at: dt.datetime) -> None:
        """Take over every section but those that the new basis changes."""
        keys = {row.section.key for row in self._sections()}
        with dated(at):
            kept = keys - said.NEW_BASIS_ROWS.keys()
            self._begin(at, change_summary=said.NEW_BASIS_SUMMARY, basis=said.NEW_BASIS, keep=kept)
            for key in said.NEW_BASIS_ROWS:
                row = self._section(key)
                rows = words_for(row, self.kind, self.running, on=timezone.localdate(at))["rows"]
                columns = [column["key"] for column in row.section.columns]
                cells = dict(zip(columns, said.NEW_BASIS_ROWS[key], strict=False))
                self._save(row, at, rows=[{"row": f"{key}-0", "cells": cells}, *rows])

    def _take_up(self, at: dt.datetime) -> None:
        assert self.version is not None
        with dated(at):
            self.version.take_up(by=self.decider, at=at)


class NewPlanTold(Telling):
    """The version of a definition that carries out the last approved change request: with the milestones of the new plan."""

    def _moments(self) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
        calendar, agreed_on = self.running.city.time.calendar, self.running.story.rebaselines[-1].on
        waits = self.stage == "submitted"
        first = calendar.add(self.running.city.time.last_on, -4) if waits else calendar.add(agreed_on, 4)
        return self._at(first, 10, 15), self._at(first, 14, 5, 2), self._at(first, 15, 30, 6)

    def _write(self, at: dt.datetime) -> None:
        with dated(at):
            change = changes_to_carry_out(self.running.project, self.kind).last()
            assert change is not None
            summary = f"The finish agreed by {change.code}: the milestones are those of the new plan. Nothing else changes."
            self._begin(at, change_summary=summary, change=change)
            self._save(self._section("milestones"), at, rows=milestone_rows(self.running))


class LaterTold(Telling):
    """A later version that changes nothing of what was agreed: some words more in one section."""

    def _moments(self) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
        last_on = self.running.city.time.last_on
        return self._at(last_on, 11, 5, -6), self._at(last_on, 15, 10, -3), self._at(last_on, 9, 35, -1)

    def _write(self, at: dt.datetime) -> None:
        _, summary, key, words = said.LATER[self.running.number]
        with dated(at):
            self._begin(at, change_summary=summary)
            row = self._section(key)
            self._save(row, at, text=f"{row.text}\n{words}" if words.startswith("- ") else f"{row.text} {words}")


COURSES: Mapping[str, type[Telling]] = {"rounds": RoundsTold, "renewed": RenewedTold}


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
