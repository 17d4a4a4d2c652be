"""Which checks a version of a template would give up: those whose sections or columns the one in force has and it has not."""

from __future__ import annotations

from collections.abc import Mapping

from governance.documents.check_rules import CELL_CHECKS, CONTRACT, TRANSITION
from governance.documents.checklist import LABELS, codes_for
from governance.models import DocumentTemplate

#: What each check reads: (section, column), the column empty where the section as a whole is meant.
READS: Mapping[str, tuple[tuple[str, str], ...]] = {
    **{code: tuple((section, column) for column in columns) for code, (section, columns) in CELL_CHECKS.items()},
    "out_of_scope": (("out_of_scope", "item"),),
    "cost_range": (("cost", "estimate"), ("cost", "amount")),
    "milestones": (("milestones", "target"),),
    "benefit_owners": (("benefits", "owner_is_it"),),
    "manager_authority": (("oversight", ""),),
    "scope_as_defined": (("in_scope", "item"), ("out_of_scope", "item")),
    "contract_kept": tuple((section, "") for section in CONTRACT),
    "work_breakdown": (("wbs", "code"), ("wbs", "deliverable")),
    "communication": (("communication", "audience"),),
    "transition": tuple((section, "") for section in TRANSITION),
    "dates_in_life": (("objectives", "date"), ("milestones", "target"), ("phases", "planned")),
    "procurement_dates": (("procurement", "solicitation"), ("procurement", "award"), ("procurement", "awarded_on")),
    "tailoring_reasons": (("tailoring", "choice"), ("tailoring", "reason")),
    "gates_of_class": (("phases", "gate"),),
    "authority_limits": (("change_authority", "size"), ("change_authority", "authority")),
}


def checks_lost(template: DocumentTemplate) -> list[str]:
    """Return the names of the checks that `template` gives up in whole or in part. Four queries."""
    gone = _places(DocumentTemplate.current(template.kind)) - _places(template)
    return [LABELS[code] for code in codes_for(template.kind) if gone & set(READS.get(code, ()))]


def _places(template: DocumentTemplate) -> set[tuple[str, str]]:
    rows = template.sections.all()
    return {(row.key, "") for row in rows} | {(row.key, column["key"]) for row in rows for column in row.columns}
