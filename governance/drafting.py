"""One draft on the form: loaded once, saved with the answers to findings, compared where two tabs or people met."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from governance.findings import answer_finding
from governance.forms.report import ReportForm
from governance.models import DeliverableVersion, ReviewFinding, StatusReport
from governance.reports import save_draft
from governance.states import Dimension, FindingState, PlanOutcome, VersionState
from governance.writers import add_writer
from pmo.lib import words
from pmo.lib.diffs import Piece, word_changes


def findings_to_answer(version: DeliverableVersion) -> list[ReviewFinding]:
    """Return what earlier versions of this report came back with and is not closed yet, oldest first. One query."""
    rows = ReviewFinding.objects.filter(
        version__deliverable=version.deliverable_id, version__state__in=[VersionState.RETURNED, VersionState.WITHDRAWN]
    )
    people = ("version__deliverable__project", "raised_by", "answered_by")
    return list(rows.exclude(state=FindingState.CLOSED).select_related(*people).order_by("pk"))


def form_for(version: DeliverableVersion, posted: Mapping[str, Any] | None = None) -> ReportForm:
    """Return the form over a draft as it is stored now. Four queries."""
    assert version.status_report_id is not None, "a version of a report points at its report"
    report = StatusReport.objects.get(pk=version.status_report_id)
    report.project = version.deliverable.project
    version.status_report = report
    return ReportForm(
        posted,
        report=report,
        ratings=report.ratings.all(),
        items=report.reconciliations.all(),
        findings=findings_to_answer(version),
    )


def save(
    version: DeliverableVersion,
    form: ReportForm,
    *,
    revision: int,
    by: Any,
    at: dt.datetime,
    only: Iterable[str] | None = None,
) -> int:
    """Save the draft and the answers together; return the new revision. Raises as `save_draft` and `answer_finding` do."""
    names = None if only is None else list(only)
    with transaction.atomic():
        saved = save_draft(version, form.values(names), revision=revision, by=by, at=at)
        answers = form.answers(names)
        for finding, text in answers:
            answer_finding(finding, by=by, text=text, at=at)
        if answers and by.pk != version.author_id:
            add_writer(version, by)
    return saved


@dataclass(frozen=True)
class Meeting:
    """One field that says one thing in the draft and another in what was typed."""

    name: str
    label: str
    theirs: str
    mine: str
    pieces: tuple[Piece, ...]
    """The words of `mine` with those of `theirs` that are gone, for longer texts."""
    raw: str
    """What was typed, to be carried in the page."""


def meetings(form: ReportForm) -> list[Meeting]:
    """Return the fields in which the typed form differs from the draft as stored now. The form must have been validated."""
    return [_meeting(form, name) for name in form.differing()]


def _meeting(form: ReportForm, name: str) -> Meeting:
    raw = form[name].data
    theirs, mine = shown(name, form.initial[name]), shown(name, form.cleaned_data.get(name, raw))
    is_long = len(theirs) + len(mine) > 40
    return Meeting(
        name=name,
        label=label_of(form, name),
        theirs=theirs,
        mine=mine,
        pieces=word_changes(theirs, mine) if is_long else (),
        raw="on" if raw is True else str(raw or ""),
    )


def label_of(form: ReportForm, name: str) -> str:
    first, _, rest = name.partition("-")
    if first in Dimension.values:
        label = Dimension(first).label
        return (
            label
            if rest == "pm_letter"
            else f"{label}: {str(form.fields[name].label).lower() if rest != 'reason' else 'reason'}"
        )
    return str(form[name].label)


COLORS = {"G": "green", "Y": "yellow", "R": "red"}


def shown(name: str, value: Any) -> str:
    """Return the value of a field in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return words.day(value)
    if name.endswith("-pm_letter"):
        return COLORS.get(value, "not rated")
    if name.startswith("outcome-"):
        return dict(PlanOutcome.choices).get(value, "not answered")
    return str(value or "")
