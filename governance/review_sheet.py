"""The review sheet of a document: one line a finding, over all versions so far."""

from __future__ import annotations

from governance.document_review_page import FindingRow
from pmo.lib.tables import Chip, Column
from pmo.lib.words import local_date


def number_of(row: FindingRow) -> str:
    """Return the number by which people call a finding: the version's and its own."""
    return f"{row.finding.version.label}-{row.finding.number}"


SHEET = (
    Column("number", "No.", number_of, is_head=True),
    Column("section", "Section", lambda row: row.where, is_wide=True),
    Column("reviewer", "Reviewer", lambda row: row.finding.raised_by.name),
    Column("raised", "Raised", lambda row: local_date(row.finding.raised_at)),
    Column("severity", "Severity", lambda row: Chip(row.finding.get_severity_display())),
    Column("issue", "Issue", lambda row: row.finding.text, is_wide=True),
    Column("recommendation", "Recommendation", lambda row: row.finding.recommendation, is_wide=True),
    Column("response", "Response", lambda row: row.finding.answer, is_wide=True),
    Column("answered", "Answered by", lambda row: row.answered),
    Column("state", "State", lambda row: Chip(row.finding.get_state_display())),
    Column("closed", "Closed in another’s place", lambda row: row.closed, is_wide=True),
)
