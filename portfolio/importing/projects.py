"""From the rows of one code to what the import does to its project: open it, change some fields, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from pmo.lib.errors import Refused
from pmo.models import User
from portfolio.importing.options import ImportOptions
from portfolio.importing.people import Directory
from portfolio.importing.problems import Finding, rejected, remark
from portfolio.importing.rows import ReadRow
from portfolio.importing.targets import AMOUNTS, BY_KEY
from portfolio.models import Baseline, Project
from portfolio.models.baselines import open_next, unsaved
from portfolio.models.imports import LineKind
from portfolio.models.projects import UNITS_OF_MONEY
from portfolio.states import BaselineOrigin, Phase, ProjectStatus

FIELD_OF = {target.key: target.field for target in BY_KEY.values() if target.field}
#: Agreed when the project was opened, kept for ever.
KEPT = ("original_finish_on",)
#: Agreed in this office, where the project did not come from a file or a change of it was approved here since.
AGREED_HERE = ("start_on", "baseline_finish_on", "budget_amount")
FOREIGN = ("program", "department", "project_manager", "sponsor", "business_owner")


@dataclass
class ProjectPlan:
    """What the import does to one project. `changes` maps field names to their new values."""

    code: str
    rows: list[ReadRow]
    existing: Project | None
    changes: dict[str, Any] = field(default_factory=dict)
    is_kept_here: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def speaker(self) -> ReadRow:
        """The latest row: what it says is how the project stands now."""
        return self.rows[-1]

    @property
    def kind(self) -> LineKind:
        if self.existing is None:
            return LineKind.CREATED
        return LineKind.CHANGED if self.changes else LineKind.UNCHANGED

    @property
    def name(self) -> str:
        return str(self.changes.get("name") or (self.existing.name if self.existing else ""))

    def differences(self) -> list[list[str]]:
        """Return [label, was, is] for each changed field, in words."""
        return [
            [label_of(name), shown(getattr(self.existing, name), name) if self.existing else "—", shown(value, name)]
            for name, value in self.changes.items()
            if name != "code"
        ]

    def reject(self, finding: Finding) -> None:
        self.findings.append(finding)


def _field(name: str) -> models.Field[Any, Any]:
    return next(field for field in Project._meta.concrete_fields if field.name == name)


def label_of(name: str) -> str:
    label = str(_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def shown(value: Any, name: str = "") -> str:
    """Return a field's value as people read it; "—" for nothing."""
    if value is None or value == "":
        return "—"
    if isinstance(value, dt.date):
        return f"{value:%a} {value.day} {value:%b %Y}"
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    choices = {str(key): str(label) for key, label in _field(name).flatchoices} if name else {}
    return choices.get(str(value), str(value))


def plan_project(
    rows: Sequence[ReadRow],
    existing: Project | None,
    options: ImportOptions,
    directory: Directory,
    *,
    is_latest: bool,
    is_kept_here: bool = False,
) -> ProjectPlan:
    """Return the plan for the rows of one code, oldest first. `is_latest` is false when newer facts were imported before.

    `is_kept_here` says that what was agreed on the project changes here, not in its source.
    """
    plan = ProjectPlan(rows[-1].code, list(rows), existing, is_kept_here=is_kept_here)
    wanted = _wanted(plan.speaker, options, directory, plan)
    if existing is None:
        _open(plan, wanted, options)
    elif not is_latest:
        message = "A later report was imported before, so the project stays as it is; this row is added to its history."
        plan.findings.append(
            remark(
                plan.speaker.number, "older_than_known", message, options.heading_of("as_of"), f"{plan.speaker.as_of:%Y-%m-%d}"
            )
        )
    elif not existing.is_open:
        message = (
            f"The project is {existing.get_status_display().lower()}, so it stays as it is; the row is added to its history."
        )
        plan.findings.append(remark(plan.speaker.number, "project_over", message, options.heading_of("code"), plan.code))
    else:
        _change(plan, wanted, options)
    return plan


def _wanted(row: ReadRow, options: ImportOptions, directory: Directory, plan: ProjectPlan) -> dict[str, Any]:
    """Return the fields that the row fills. An empty cell fills nothing, so it never empties a field."""
    wanted = {
        FIELD_OF[key]: value
        for key, value in row.values.items()
        if key in FIELD_OF and key not in {"department", "program", "manager"}
    }
    if words := row.values.get("department"):
        wanted["department"] = directory.department(words)
    if words := row.values.get("program"):
        wanted["program"] = directory.program(words)
    if words := row.values.get("manager"):
        _name_manager(wanted, words, row, options, directory, plan)
    if any(target.key in row.values for target in AMOUNTS if target.field):
        wanted |= {"currency": options.currency, "amount_unit": options.unit, "money_as_of": row.as_of}
    return wanted


def _name_manager(
    wanted: dict[str, Any], words: str, row: ReadRow, options: ImportOptions, directory: Directory, plan: ProjectPlan
) -> None:
    heading = options.heading_of("manager")
    person = directory.person(words)
    obstacle = _why_not(person, directory, plan)
    if obstacle is None:
        wanted["project_manager"] = person
        return
    code, message = obstacle
    if person is None:
        row.other[heading] = words
    plan.findings.append(remark(row.number, code, message, heading, words))


def _why_not(person: User | None, directory: Directory, plan: ProjectPlan) -> tuple[str, str] | None:
    """Return the code and the sentence that say why the person named cannot manage the project; None where they can."""
    if person is None:
        return "person_unknown", (
            "Nobody here has this name or address, or more than one has. Name the project manager on the project's page; "
            "until then it owes no reports."
        )
    if person.pk in directory.only_readers:
        return "manager_is_auditor", "This person is an auditor and only reads here. Name another on the project's page."
    if plan.existing and person.pk == plan.existing.sponsor_id:
        return "sponsor_is_manager", (
            "This person is the project's sponsor and cannot also manage it. Name another on the project's page."
        )
    return None


def _open(plan: ProjectPlan, wanted: dict[str, Any], options: ImportOptions) -> None:
    plan.changes = {
        "phase": options.default_phase,
        "governance_class": options.default_class,
        **wanted,
        "source": options.source,
    }
    if plan.changes.get("baseline_finish_on"):
        plan.changes.setdefault("original_finish_on", plan.changes["baseline_finish_on"])
    if plan.changes["phase"] == Phase.CLOSED:
        plan.changes["status"] = ProjectStatus.CLOSED
    _check(plan, Project(**plan.changes), options)


def _change(plan: ProjectPlan, wanted: dict[str, Any], options: ImportOptions) -> None:
    existing = plan.existing
    assert existing is not None
    wanted.pop("code", None)
    _keep(plan, wanted, options)
    plan.changes = {name: value for name, value in wanted.items() if getattr(existing, name) != value}
    if {"currency", "amount_unit"} & plan.changes.keys() and not existing.source and _has_amounts(existing):
        heading = options.heading_of("budget") or options.heading_of("forecast") or options.heading_of("spent")
        kept_in = f"{existing.currency} and {existing.get_amount_unit_display()}"
        message = f"The project is kept here in {kept_in}. Choose the same, or leave the amounts out."
        plan.reject(rejected(plan.speaker.number, "currency_differs", message, heading, options.currency))
    _check(plan, _merged(existing, plan.changes), options)


def _has_amounts(project: Project) -> bool:
    return any(getattr(project, target.field) is not None for target in AMOUNTS if target.field)


def _keep(plan: ProjectPlan, wanted: dict[str, Any], options: ImportOptions) -> None:
    """Take out what an import may not change on a project that stands here, with a remark where the file says otherwise."""
    existing = plan.existing
    assert existing is not None
    for name in (*KEPT, *AGREED_HERE) if plan.is_kept_here or not existing.source else KEPT:
        value, now = wanted.get(name), getattr(existing, name)
        if value is None or now == value or (now is None and name not in KEPT) or not existing.is_agreed:
            continue
        del wanted[name]
        message = (
            f"{label_of(name)} stands here as {shown(now)} and is not changed by an import. "
            "It changes by an approved change request, under Changes of the project."
        )
        heading = options.heading_of(next(key for key, field_name in FIELD_OF.items() if field_name == name))
        plan.findings.append(remark(plan.speaker.number, "agreed_kept", message, heading, shown(value)))
    if wanted.get("phase") == Phase.CLOSED:
        del wanted["phase"]
        message = "The file calls the project closed. Close it on its page, with the day on which it ended."
        plan.findings.append(
            remark(
                plan.speaker.number, "close_by_hand", message, options.heading_of("phase"), plan.speaker.texts.get("phase", "")
            )
        )


def _merged(existing: Project, changes: Mapping[str, Any]) -> Project:
    merged = Project(**{field.attname: getattr(existing, field.attname) for field in Project._meta.concrete_fields})
    for name, value in changes.items():
        setattr(merged, name, value)
    return merged


def _check(plan: ProjectPlan, project: Project, options: ImportOptions) -> None:
    """Reject the row when the project would not be a valid one. No query."""
    try:
        project.clean_fields(exclude=[*FOREIGN, "code"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            plan.reject(_invalid(plan.speaker, name, " ".join(messages), options))
    if project.start_on and project.baseline_finish_on and project.baseline_finish_on < project.start_on:
        plan.reject(
            _invalid(
                plan.speaker,
                "baseline_finish_on",
                f"The baseline finish lies before the start, {shown(project.start_on)}.",
                options,
            )
        )


def _invalid(row: ReadRow, name: str, sentence: str, options: ImportOptions) -> Finding:
    key = next((key for key, field_name in FIELD_OF.items() if field_name == name), "")
    label = BY_KEY[key].label if key else label_of(name)
    value = row.values.get(key)
    return rejected(
        row.number,
        "invalid_value",
        f"{label}: {sentence} Correct the row, or do not read this column.",
        options.heading_of(key),
        shown(value),
    )


def as_new(plans: Iterable[ProjectPlan]) -> list[Project]:
    """Return the unsaved projects of the plans that open one; their departments and programs must be saved by now."""
    return [Project(**plan.changes, baseline_number=_number(plan.changes)) for plan in plans]


def _number(values: Mapping[str, Any]) -> int:
    """Return 1 where the source agreed the finish anew before the project came here; how often, no file says."""
    original, finish = values.get("original_finish_on"), values.get("baseline_finish_on")
    return int(None not in (original, finish) and original != finish)


def write_baselines(projects: Iterable[Project], *, by: Any, at: dt.datetime, reason: str) -> None:
    """Keep what the file says was agreed as the first baseline of each new project."""
    agreed = [project for project in projects if project.is_agreed]
    rows = [row for project in agreed for row in unsaved(project, BaselineOrigin.IMPORT, at=at, by=by, reason=reason)]
    Baseline.objects.bulk_create(rows, batch_size=500)


def revise_from_source(project: Project, changes: Mapping[str, Any], *, by: Any, at: dt.datetime, reason: str) -> None:
    """Write what the file says now; where it agreed something anew, a new baseline opens, so that the earlier one stays.

    Raises Refused(`own_project`) where whoever imports manages the project.
    """
    has_amount = project.budget_amount is not None or project.contingency_amount is not None
    fixed = [name for name in AGREED_HERE if getattr(project, name) is not None] if project.is_agreed else []
    anew = {name: changes[name] for name in (*fixed, *(UNITS_OF_MONEY if has_amount else ())) if name in changes}
    if anew and project.project_manager_id == by.pk:
        sentence = f"You manage {project.code}, so somebody else in the office imports what was agreed for it."
        raise Refused(sentence, "own_project")
    project.revise(by=by, changes={name: value for name, value in changes.items() if name not in anew}, reason=reason)
    if anew:
        named = {"finish_on" if name == "baseline_finish_on" else name: value for name, value in anew.items()}
        open_next(project, by=by, at=at, reason=reason, origin=BaselineOrigin.IMPORT, **named)
