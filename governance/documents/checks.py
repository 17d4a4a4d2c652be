"""The automatic checks of a document: what holds, what stands in the way of submitting, and where it is mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from governance.class_gates import path_of
from governance.documents.check_rules import TRANSITION, Content, Context, Fault
from governance.documents.check_transition import transition_asked
from governance.documents.check_values import RULES
from governance.documents.checklist import LABELS, codes_for
from governance.documents.checks_lost import READS
from governance.documents.content import content_of, read_content, section_named
from governance.documents.describing import is_approved_for
from governance.documents.drafting import approved_version
from governance.gate_states import Gate
from governance.models import ChangeLimits, DeliverableVersion, ReviewFinding
from governance.states import FindingState, Kind
from pmo.lib.words import count
from portfolio.states import Phase

#: Gates that lie before planning or after closing, which a plan may name and need not.
OUTSIDE_PLAN = (Gate.G0, Gate.G6)
#: Sections that no class must fill in.
IF_IT_HELPS = frozenset({"procurement", "dependencies", "glossary"})
#: Checks that an approved change request settles, and from what it lets the document differ.
SAID_WITH_CHANGE = {"scope_as_defined": "the definition", "contract_kept": "the approved version"}


@dataclass(frozen=True)
class Check:
    """One result. A check that fails in several places gives one for each; `section` and `row` lead there, where there is one.

    `holds` is None where there is nothing to check; `sentence` says so where the class does not ask for it. `is_blocking` ones
    that do not hold stand in the way of submitting.
    """

    code: str
    label: str
    holds: bool | None
    sentence: str = ""
    section: str = ""
    row: str = ""
    is_blocking: bool = True

    @property
    def is_obstacle(self) -> bool:
        return self.is_blocking and self.holds is False


def checks_of(content: Content, context: Context) -> list[Check]:
    """Return the results of every check of the document's kind, in the order of its checklist. Pure."""
    return [check for code in codes_for(content["kind"]) for check in _results(code, content, context)]


def _results(code: str, content: Content, context: Context) -> list[Check]:
    faults = RULES[code](content, context)
    if faults:
        return [_failed(code, fault, content) for fault in faults]
    said = _not_asked(code, content, context) if faults is None else ""
    if code in SAID_WITH_CHANGE and faults is not None and context.change_code:
        said = f"It may differ from {SAID_WITH_CHANGE[code]}: {context.change_code} is approved"
    return [Check(code, _label(code, content), None if faults is None else True, said)]


def _label(code: str, content: Content) -> str:
    """Return what a check says; of going live it names only what was asked, so that nothing else seems covered."""
    asked = [TRANSITION[section["key"]] for section in transition_asked(content)] if code == "transition" else []
    if len(asked) in (0, len(TRANSITION)):
        return LABELS[code]
    *others, last = asked
    named = f"{', '.join(others)} and {last} are" if others else f"{last} is"
    return f"{named[0].upper()}{named[1:]} covered"


def _not_asked(code: str, content: Content, context: Context) -> str:
    """Return that a short form owes nothing of what a check reads; empty where it does, or nobody ever must."""
    sections = [section_named(content, key) for key in {key for key, _ in READS.get(code, ())} - IF_IT_HELPS]
    found = [section for section in sections if section is not None]
    is_owed = any(section["is_required"] for section in found)
    return f"Not asked of class {context.governance_class}" if found and not is_owed else ""


def _failed(code: str, fault: Fault, content: Content) -> Check:
    return Check(code, _label(code, content), False, fault.sentence, fault.section, fault.row)


def context_of(version: DeliverableVersion) -> Context:
    """Return what the checks need to know beyond the text of `version`. At most five queries."""
    project = version.deliverable.project
    scored = project.class_scores.first()
    change = version.change_request
    limits = ChangeLimits.current()
    buys = Phase(project.phase) == Phase.PROCUREMENT
    return Context(
        has_manager=project.project_manager_id is not None,
        has_sponsor=project.sponsor_id is not None,
        sponsor_manages=project.sponsor_id is not None and project.sponsor_id == project.project_manager_id,
        governance_class=project.governance_class,
        scored_class=scored.governance_class if scored else None,
        definition=_definition(version),
        approved=_approved(version),
        start_on=project.start_on or timezone.localdate(version.created_at),
        gates_needed=tuple(gate for gate in path_of(project.governance_class, procures=buys) if gate not in OUTSIDE_PLAN),
        gates_known=(*path_of(project.governance_class, procures=True), *OUTSIDE_PLAN),
        low_percent=limits.low_percent,
        high_percent=limits.high_percent,
        low_days=limits.low_days,
        change_code=change.code if change and is_approved_for(version) else "",
    )


def _definition(version: DeliverableVersion) -> Content | None:
    if version.deliverable.kind == Kind.DEFINITION:
        return None
    approved = approved_version(version.deliverable.project, Kind.DEFINITION)
    return read_content(approved.content) if approved else None


def _approved(version: DeliverableVersion) -> Content | None:
    """Return what the approved version of the same document says, or None before the first approval."""
    approved = approved_version(version.deliverable.project, version.deliverable.kind) if version.number > 1 else None
    return read_content(approved.content) if approved else None


def checks_of_version(version: DeliverableVersion) -> list[Check]:
    """Return the checks as they stand: of a draft as it is now, of a submitted version as they were when it was submitted."""
    if version.content:
        return [Check(**row) for row in read_content(version.content).get("checks", [])]
    return live_checks(version, content_of(version.content_row))


def live_checks(version: DeliverableVersion, content: Content) -> list[Check]:
    return [*checks_of(content, context_of(version)), *_findings_check(version)]


def _findings_check(version: DeliverableVersion) -> list[Check]:
    """Return whether the findings of earlier versions are answered; nothing for a first version, which nobody has read yet."""
    if version.number == 1:
        return []
    waiting = ReviewFinding.objects.filter(version__deliverable=version.deliverable, state=FindingState.OPEN).count()
    code = "findings_answered"
    if not waiting:
        return [Check(code, LABELS[code], True)]
    return [Check(code, LABELS[code], False, f"{count(waiting, 'finding')} of earlier versions: answer each before submitting")]


def obstacles_in(checks: Iterable[Check]) -> list[Check]:
    return [check for check in checks if check.is_obstacle]


def obstacles_of(version: DeliverableVersion) -> list[Check]:
    """Return what stands in the way of submitting a draft."""
    return obstacles_in(checks_of_version(version))


def as_records(checks: Iterable[Check]) -> list[Mapping[str, Any]]:
    """Return the results as they are frozen with the content."""
    return [asdict(check) for check in checks]
