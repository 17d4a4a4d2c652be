"""Short ways to a document in some state, through the real verbs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from governance.condition_terms import ConditionTerms
from governance.document_states import ColumnType
from governance.documents.drafting import approved_version, save_section, start_document
from governance.findings import answer_checklist
from governance.models import ChecklistItem, Deliverable, DeliverableVersion, TemplateSection
from governance.routing import give_opinion
from governance.seats import holders
from pmo.models import User
from pmo.roles import Role
from portfolio.models import Project
from tests.factories import make_user
from tests.governance.stories import NOON

LATER = NOON + dt.timedelta(hours=1)

#: The gates that a plan of class 2 to 4 names, where nothing is bought.
GATES = ("G1", "G2", "G4", "G5")
#: What fills a column of each type.
CELLS = {
    ColumnType.TEXT: "Forms of the second court",
    ColumnType.LONG: "Tested by the clerks of both courts.",
    ColumnType.DATE: "2027-06-30",
    ColumnType.NUMBER: "10",
    ColumnType.MONEY: "250000.00",
    ColumnType.YES_NO: "no",
}


def words_for(section: TemplateSection) -> dict[str, Any]:
    """Return words that fill `section`, as `save_section` takes them: one row for each choice, or as many as are needed."""
    if section.key == "phases":
        return {
            "rows": [
                {"row": f"phases-{gate}", "cells": {"phase": gate, "gate": gate, "planned": "2027-06-30"}} for gate in GATES
            ]
        }
    if not section.is_table:
        return {"text": f"{section.title}: clerks retype 310 forms a week."}
    choices = [column for column in section.columns if column["type"] == ColumnType.CHOICE and column["required"]]
    count = max(section.least_rows, len(choices[0]["choices"]) if choices and section.least_rows > 1 else 1)
    return {"rows": [{"row": f"{section.key}-{place}", "cells": cells_for(section, place)} for place in range(count)]}


def phase_ended_by(gate: str) -> dict[str, str]:
    return {"phase": f"Phase before {gate}", "gate": gate, "planned": CELLS[ColumnType.DATE]}


def cells_for(section: TemplateSection, place: int) -> dict[str, str]:
    cells = {}
    for column in section.columns:
        choices = column["choices"]
        cells[column["key"]] = choices[place % len(choices)] if choices else f"{CELLS[column['type']]}"
        if column["type"] == ColumnType.TEXT and place:
            cells[column["key"]] += f" {place + 1}"
    return cells


def give_score(project: Project, by: Any) -> None:
    if not project.class_scores.exists():
        scored = {"governance_class": project.governance_class, "total": 5, "scored_by": by, "scored_at": NOON}
        project.class_scores.create(answers={}, **scored)


def give_sponsor(project: Project) -> None:
    if project.sponsor is None:
        project.sponsor = make_user(f"Sponsor of {project.code}")
        project.save()


def bought(item: str, **cells: str) -> dict[str, str]:
    """Return the cells of one row of the procurement section, complete enough to be submitted."""
    return {"item": item, "method": "RFP", "contract_type": "Fixed", "lead_time": "8", **cells}


def a_document(
    project: Project, kind: str = "definition", *, by: Any = None, at: dt.datetime = NOON, **words: Any
) -> DeliverableVersion:
    """Return a draft that could be submitted as it stands; `words` replaces the text, or the rows, of sections by key.

    A project without a sponsor gets one, and a plan an approved definition to be compared with.
    """
    author = by or project.project_manager
    give_sponsor(project)
    give_score(project, author)
    if kind == "execution_plan" and approved_version(project, "definition") is None:
        an_approved_document(
            project, by=User.objects.with_role(Role.PMO_MANAGER).first() or make_user("Mara", Role.PMO_MANAGER), at=at
        )
    version = start_document(project, kind, by=author, at=at, change_summary="What was found is mended.")
    for row in version.document.sections.select_related("section"):
        given = words.get(row.section.key)
        values = words_for(row.section) if given is None else {"rows" if row.section.is_table else "text": given}
        save_section(row, by=author, at=at, revision=row.revision, **values)
    return version


def a_submitted_document(
    project: Project, kind: str = "definition", *, by: Any = None, at: dt.datetime = NOON, **words: Any
) -> DeliverableVersion:
    version = a_document(project, kind, by=by, at=at, **words)
    version.submit(by=by or project.project_manager, at=at)
    return version


def an_approved_document(
    project: Project, kind: str = "definition", *, by: Any, at: dt.datetime = NOON, **words: Any
) -> DeliverableVersion:
    """Return an approved version, reviewed by everybody on its route and decided by `by`, two hours after it was submitted."""
    version = a_submitted_document(project, kind, at=at, **words)
    review_all(version, by=by, at=at + dt.timedelta(hours=1))
    version.approve(by=by, at=at + dt.timedelta(hours=2), terms={})
    return version


def review_all(version: DeliverableVersion, *, by: Any, at: dt.datetime = LATER) -> None:
    """Let everybody on the route endorse the version, and `by`, who decides, tick the whole checklist."""
    answer_route(version, at=at)
    tick_all(version, by=by, at=at)


def answer_route(version: DeliverableVersion, *, at: dt.datetime = LATER) -> None:
    review = version.reviews.get(state="open")
    while part := review.parts.filter(state="asked").first():
        give_opinion(part, by=holders(part)[0], at=at, opinion="endorse")


def tick_all(version: DeliverableVersion, *, by: Any, at: dt.datetime = LATER) -> None:
    items = ChecklistItem.objects.filter(kind=version.deliverable.kind, is_active=True)
    answer_checklist(version, {item.pk: True for item in items}, by=by, at=at)


def a_condition(owner: Any, verifier: Any, **overrides: Any) -> ConditionTerms:
    values = {"text": "The vendor's test report is filed.", "due_on": NOON.date() + dt.timedelta(days=30), **overrides}
    return ConditionTerms(owner=owner, verifier=verifier, **values)


def deliverable(project: Project, kind: str = "definition") -> Deliverable:
    return Deliverable.objects.get(project=project, kind=kind)
