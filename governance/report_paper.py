"""A decided report laid out for paper: one plain structure that both editions of the PDF are printed from.

It reads the frozen record and the sign-offs up to the decision, and nothing that can change later.
"""

from __future__ import annotations

from typing import Any

from governance.models import DeliverableVersion, SignOff
from governance.paper_parts import (
    Paper,
    PaperRating,
    baseline_name,
    decision_lines,
    facts,
    finish_part,
    kicker,
    money_part,
    paths_together,
)
from governance.paper_signing import ACTS, PaperSign, paper_signs
from governance.publication import PublicReport, publish
from governance.report_page import ReportPage, page_of
from governance.states import Edition, SignAction
from pmo.lib import words
from pmo.lib.charts import strip


def office_paper(version: DeliverableVersion) -> Paper:
    """Return the paper of the office: all three ratings, registers, and everyone who signed. Three queries."""
    page = page_of(version)
    assert page.decision is not None
    content, project = page.content, page.content["project"]
    status_on = content["report"]["period_end_on"]
    signed = _signed_by_then(page)
    return Paper(
        edition=Edition.OFFICE,
        code=project["code"],
        name=project["name"],
        kicker=kicker(content["report"]["number"], content["report"]["period_start_on"], status_on),
        number=content["report"]["number"],
        version=version.number,
        decided_at=page.decision["decided_at"],
        digest=version.record_sha256,
        facts=facts(project),
        headline=content["headline"],
        change_note=content["change_note"],
        ratings=_office_ratings(page),
        finish=finish_part(content["finish"], project, status_on),
        money=money_part(content["money"]),
        baseline_name=baseline_name(project),
        milestones=content["milestones"],
        accomplishments=content["accomplishments"],
        plan=content["plan"],
        plan_kept=_plan_kept(content["reconciled"]),
        paths=paths_together([(row.label, row.path) for row in page.ratings if row.path]),
        risks=_risk_lines(content["risks"]),
        issues=_issue_lines(content["issues"]),
        decisions=decision_lines(content["decisions"], status_on),
        withheld=[],
        signatures=_signatures(version, page, signed),
        reason=page.overall.office_reason or page.overall.reason,
        thresholds_version=page.overall.explained["thresholds_version"],
        governance_class=project["governance_class"],
        versions=_version_lines(page, signed),
    )


def _signatures(version: DeliverableVersion, page: ReportPage, signed: list[SignOff]) -> list[PaperSign]:
    """Return who signed this version, the acceptance with the rating that it gave."""
    own = (sign_off for sign_off in signed if sign_off.version_id == version.pk)
    return paper_signs(own, acts=ACT_WORDS, notes={SignAction.APPROVE: f"with office rating {COLOR[page.overall.office]}"})


def _office_ratings(page: ReportPage) -> list[PaperRating]:
    return [
        PaperRating(
            label=row.label,
            published=row.office,
            pm=row.pm,
            evidence=row.computed,
            trend=row.trend,
            strip=strip(row.strip, f"{row.label}, last 12 reports", step=10, radius=3.6),
            reason=row.office_reason or row.reason or _evidence_sentence(row.computed, row.explained["sentence"]),
            is_from_evidence=not (row.office_reason or row.reason),
        )
        for row in page.ratings
    ]


def _evidence_sentence(letter: str, sentence: str) -> str:
    return "" if letter == "N" else sentence


def _plan_kept(reconciled: list[dict[str, Any]]) -> str:
    if not reconciled:
        return ""
    done = sum(row["outcome"] == "done" for row in reconciled)
    return f"{done} of {words.count(len(reconciled), 'planned item')} done"


def _risk_lines(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    lines = []
    for row in rows:
        step = f"next step {words.short_day(row['next_action_on'])}" if row["next_action_on"] else ""
        lines.append((row["title"], ", ".join(part for part in (f"Score {row['score']}", row["owner"], step) if part)))
    return lines


def _issue_lines(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    lines = []
    for row in rows:
        due = f"due {words.short_day(row['due_on'])}" if row["due_on"] else f"open {words.age(row['age_days'])}"
        lines.append((row["title"], ", ".join(part for part in (row["severity"], row["owner"], due) if part)))
    return lines


def _signed_by_then(page: ReportPage) -> list[SignOff]:
    """Return the sign-offs on any version of this report up to the decision on this one: what comes later changes no paper."""
    # A later acceptance signs this record once more, as superseded; the first signature is the decision.
    decided = min(sign_off.sequence for sign_off in page.sign_offs if sign_off.content_sha256 == page.version.record_sha256)
    siblings = [sibling.pk for sibling in page.siblings]
    return list(SignOff.objects.filter(version__in=siblings, sequence__lte=decided).order_by("sequence"))


ACT_WORDS = {**ACTS, SignAction.APPROVE: "Accepted"}
COLOR = {"G": "green", "Y": "yellow", "R": "red"}


def _version_lines(page: ReportPage, signed: list[SignOff]) -> list[tuple[str, str]]:
    """Return what became of each version of the report by then."""
    lines = []
    for sibling in page.siblings:
        acts = [sign_off for sign_off in signed if sign_off.version_id == sibling.pk]
        if acts:
            lines.append((f"{sibling.number}, {words.moment(acts[0].signed_at)}", _became(sibling, acts, page)))
    return lines


def _became(sibling: DeliverableVersion, acts: list[SignOff], page: ReportPage) -> str:
    if sibling.pk == page.version.pk:
        return "accepted, this version"
    actions = {sign_off.action for sign_off in acts}
    if SignAction.SUPERSEDE in actions:
        return "accepted, superseded by a correction"
    if SignAction.WITHDRAW in actions:
        return "withdrawn by the author"
    if SignAction.RETURN in actions:
        # A version that was returned never changes again, so its own record may be read.
        return f"returned: {returned_with(sibling)}"
    return "accepted"


def returned_with(version: DeliverableVersion) -> str:
    """Return how many findings sent a version back, and the first of them."""
    from governance.report_content import read_typed

    findings = read_typed(version.record).get("findings", []) if version.record else []
    first = f", {findings[0][3]}" if findings else ""
    return f"{words.count(len(findings), 'finding')}{first}"


# The public edition


def public_paper(version: DeliverableVersion) -> Paper:
    """Return the paper for stakeholders: the same layout, printed from what is published and nothing else."""
    report = publish(version)
    project = report.project
    return Paper(
        edition=Edition.PUBLIC,
        code=project["code"],
        name=project["name"],
        kicker=kicker(report.number, report.period_start_on, report.period_end_on),
        number=report.number,
        version=report.version,
        decided_at=report.accepted_at,
        digest=report.digest,
        facts=facts(project),
        headline=report.headline,
        change_note=report.change_note,
        ratings=_public_ratings(report),
        finish=finish_part(report.finish, project, report.period_end_on),
        money=money_part(report.money),
        baseline_name=baseline_name(project),
        milestones=report.milestones,
        accomplishments=report.accomplishments,
        plan=report.plan,
        plan_kept="",
        paths=paths_together([(path["label"], path) for path in report.path_to_green]),
        risks=[],
        issues=[],
        decisions=decision_lines(report.decisions, report.period_end_on),
        withheld=report.withheld,
        signatures=[],
        reason=report.overall.reason,
        thresholds_version=0,
        governance_class=project["governance_class"],
        versions=[],
    )


def _public_ratings(report: PublicReport) -> list[PaperRating]:
    return [
        PaperRating(
            label=row.label,
            published=row.letter,
            pm="",
            # Nothing said of the evidence means that it agrees, or that there is none.
            evidence=row.evidence or (row.letter if row.tests else "N"),
            trend=row.trend,
            strip=strip(row.strip, f"{row.label}, last 12 reports", step=10, radius=3.6),
            reason=row.reason or (row.evidence_sentence if row.tests else ""),
            is_from_evidence=not row.reason,
        )
        for row in report.ratings
    ]


def paper_of(version: DeliverableVersion, edition: str) -> Paper:
    return public_paper(version) if edition == Edition.PUBLIC else office_paper(version)
