"""A decided report laid out for paper: one plain structure that both editions of the PDF are printed from.

It reads the frozen record and the sign-offs up to the decision, and nothing that can change later.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from governance.models import DeliverableVersion, SignOff
from governance.publication import PublicReport, publish
from governance.report_page import ReportPage, page_of
from governance.states import Edition, SignAction
from pmo.lib import words
from pmo.lib.charts import bullet, finish_line, strip

#: The width in the chart's own units at which its letters come out as large as the text beside it.
FIGURE_WIDTH = 420
WITHHELD = "Withheld by the office."
#: More text than this, in signs, does not fit beside each other on the first page; the columns then stand below each other.
LONG_TEXT = 1500
UNITS = {1: "", 1_000: "thousand", 1_000_000: "million"}
TIMES = {1: "re-baselined once", 2: "re-baselined twice"}


@dataclass(frozen=True)
class PaperRating:
    """One line of the matrix. `pm` is empty on the public edition."""

    label: str
    published: str
    pm: str
    evidence: str
    trend: str
    strip: Any
    reason: str
    is_from_evidence: bool
    """The reason is the evidence's own sentence, because nobody had to write one."""


@dataclass(frozen=True)
class PaperPath:
    """How red ratings come back: (name, text) pairs in the order of reading. Dimensions with one path stand together."""

    label: str
    steps: list[tuple[str, str]]


@dataclass(frozen=True)
class PaperSignature:
    act: str
    note: str
    person: str
    role: str
    signed_at: dt.datetime
    place: str
    digest: str


@dataclass(frozen=True)
class Paper:
    """Everything that stands on the pages."""

    edition: str
    code: str
    name: str
    kicker: str
    number: int
    version: int
    status_on: dt.date
    decided_at: dt.datetime
    digest: str
    facts: list[tuple[str, str, str]]
    headline: str
    change_note: str
    ratings: list[PaperRating]
    finish_words: tuple[str, str]
    finish_figure: Any
    money_words: tuple[str, str]
    money_figure: Any
    baseline_name: str
    milestones: list[dict[str, Any]]
    accomplishments: list[str]
    plan: list[str]
    plan_kept: str
    paths: list[PaperPath]
    risks: list[tuple[str, str]]
    issues: list[tuple[str, str]]
    decisions: list[tuple[str, str, str]]
    withheld: list[str]
    signatures: list[PaperSignature]
    reason: str
    thresholds_version: int
    governance_class: int
    versions: list[tuple[str, str]] = field(default_factory=list)

    @property
    def overall(self) -> PaperRating:
        return self.ratings[0]

    @property
    def is_public(self) -> bool:
        return self.edition == Edition.PUBLIC

    @property
    def is_long(self) -> bool:
        beside = [*self.accomplishments, *self.plan]
        below = [text for group in (self.risks, self.issues, self.decisions) for row in group for text in row]
        return sum(map(len, beside)) > LONG_TEXT or sum(map(len, below)) > LONG_TEXT or len(beside) > 24

    @property
    def short_digest(self) -> str:
        return grouped(self.digest[:16], 4)

    @property
    def digest_lines(self) -> list[str]:
        return [grouped(self.digest[:32], 8), grouped(self.digest[32:], 8)]

    @property
    def foot(self) -> str:
        """Return what stands at the foot of every page."""
        return f"Report {self.code}/{self.number}   as of {words.moment(self.decided_at)}   digest {self.short_digest}" + (
            "   public edition" if self.is_public else ""
        )


def grouped(digest: str, size: int) -> str:
    return " ".join(digest[at : at + size] for at in range(0, len(digest), size))


# What both editions share


def kicker(number: int, start_on: dt.date, end_on: dt.date) -> str:
    weeks = ((end_on - start_on).days + 1) // 7
    span = "week" if weeks <= 1 else f"{ {2: 'two', 3: 'three', 4: 'four'}.get(weeks, weeks) } weeks"
    return f"{'Weekly status' if weeks <= 1 else 'Status'} report {number}, {span} to {words.day(end_on)}"


def facts(project: dict[str, Any], status_on: dt.date) -> list[tuple[str, str, str]]:
    """Return (name, value, what follows it) for the line below the title."""
    sponsor = ", ".join(part for part in (project["sponsor"], project["department"]) if part)
    number = project["baseline_number"]
    again = f", {TIMES.get(number, f're-baselined {number} times')}" if number else ""
    return [
        ("Project manager", project["project_manager"] or words.MISSING, ""),
        ("Sponsor", sponsor or words.MISSING, ""),
        ("Class", str(project["governance_class"]), ""),
        ("Phase", project["phase_label"], ""),
        ("Status date", words.day(status_on), ""),
        ("Baseline", str(number), again),
    ]


def finish_words(finish: dict[str, Any], baseline_name: str) -> tuple[str, str]:
    late, late_original = finish["late_days"], finish["late_original_days"]
    if late is None:
        return "", "no baseline and forecast to compare"
    if finish["original_on"] == finish["baseline_on"] or late_original is None:
        return words.slip(late), f"against {baseline_name}"
    same_way = late * late_original > 0
    beyond = str(abs(late_original)) if same_way else words.slip(late_original)
    return words.slip(late), f"against {baseline_name}; {beyond} against the original"


def finish_figure(finish: dict[str, Any], project: dict[str, Any], status_on: dt.date) -> Any:
    return finish_line(
        finish["original_on"],
        finish["baseline_on"],
        finish["actual_on"] or finish["forecast_on"],
        status_on,
        project["baseline_number"],
        finish["late_days"],
        width=FIGURE_WIDTH,
        today_word=f"{status_on.day} {words.MONTHS[status_on.month - 1]}",
        weekdays=False,
    )


def amount(value: Decimal | None, *, currency: str, amount_unit: int, biggest: Decimal) -> str:
    """Write one amount of a summary: in millions of dollars where the largest of them has millions, else as it is kept."""
    if currency == "USD" and amount_unit == 1 and biggest >= 1_000_000:
        return words.millions(value)
    return words.amount(value, currency, UNITS.get(amount_unit, ""))


def money_parts(money: dict[str, Any] | None) -> tuple[tuple[str, str], Any]:
    """Return (the difference, what follows it) and the bar; without amounts the words say so and there is no bar."""
    if money is None:
        return ("", "no amounts are kept"), ""
    names = ("budget_amount", "spent_amount", "committed_amount", "forecast_amount")
    budget, spent, committed, forecast = (money.get(name) for name in names)
    biggest = max((abs(value) for value in (budget, spent, committed, forecast) if value is not None), default=Decimal(0))
    write = partial(amount, currency=money["currency"], amount_unit=money["amount_unit"], biggest=biggest)
    figure = bullet(budget, spent, committed, forecast, width=FIGURE_WIDTH, show=write)  # type: ignore[arg-type]
    variance, percent = money["variance_amount"], money["variance_pct"]
    dated = f"as of {words.day(money['as_of_on'])}" if money["as_of_on"] else ""
    if variance is None:
        return ("", dated), figure
    over = "on budget" if not variance else f"{write(abs(variance))} {'over' if variance > 0 else 'under'}"
    share = f"({words.percent(abs(percent))})" if percent else ""
    return (over, "; ".join(part for part in (share, dated) if part)), figure


def decision_lines(rows: list[dict[str, Any]], status_on: dt.date) -> list[tuple[str, str, str]]:
    """Return (decision, from whom by when, consequence)."""
    return [
        (
            row["title"],
            f"{row['needed_from']}, {words.short_day(row['needed_by_on'])}"
            + (", overdue" if row["needed_by_on"] and row["needed_by_on"] < status_on else ""),
            row["consequence"],
        )
        for row in rows
    ]


def path_steps(path: dict[str, Any]) -> list[tuple[str, str]]:
    owner = f" ({path['action_owner']})" if path.get("action_owner") else ""
    steps = [
        ("Cause", path.get("cause", "")),
        ("Action", f"{path['action']}{owner}" if path.get("action") else ""),
        ("Back on plan by", words.day(path["action_due_on"]) if path.get("action_due_on") else ""),
        ("Proof", path.get("measure", "")),
    ]
    return [(name, text) for name, text in steps if text]


def paths_together(paths: list[tuple[str, dict[str, Any]]]) -> list[PaperPath]:
    """Return the paths of (label, path) pairs, one for all dimensions that share it."""
    labels: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for label, path in paths:
        labels.setdefault(tuple(path_steps(path)), []).append(label.lower())
    return [PaperPath(" and ".join(names), list(steps)) for steps, names in labels.items() if steps]


# The office edition


def office_paper(version: DeliverableVersion) -> Paper:
    """Return the paper of the office: all three ratings, registers, and everyone who signed. Three queries."""
    page = page_of(version)
    assert page.decision is not None
    content, project, finish = page.content, page.content["project"], page.content["finish"]
    status_on = content["report"]["period_end_on"]
    baseline_name = f"baseline {project['baseline_number']}"
    money_said, money_figure = money_parts(content["money"])
    signed = _signed_by_then(page)
    return Paper(
        edition=Edition.OFFICE,
        code=project["code"],
        name=project["name"],
        kicker=kicker(content["report"]["number"], content["report"]["period_start_on"], status_on),
        number=content["report"]["number"],
        version=version.number,
        status_on=status_on,
        decided_at=page.decision["decided_at"],
        digest=version.record_sha256,
        facts=facts(project, status_on),
        headline=content["headline"],
        change_note=content["change_note"],
        ratings=_office_ratings(page),
        finish_words=finish_words(finish, baseline_name),
        finish_figure=finish_figure(finish, project, status_on),
        money_words=money_said,
        money_figure=money_figure,
        baseline_name=baseline_name,
        milestones=content["milestones"],
        accomplishments=content["accomplishments"],
        plan=content["plan"],
        plan_kept=_plan_kept(content["reconciled"]),
        paths=paths_together([(row.label, row.path) for row in page.ratings if row.path]),
        risks=_risk_lines(content["risks"]),
        issues=_issue_lines(content["issues"]),
        decisions=decision_lines(content["decisions"], status_on),
        withheld=[],
        signatures=[_signature(sign_off, page) for sign_off in signed if sign_off.version_id == version.pk],
        reason=page.overall.office_reason or page.overall.reason,
        thresholds_version=page.overall.explained["thresholds_version"],
        governance_class=project["governance_class"],
        versions=_version_lines(page, signed),
    )


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
        after = f"{row['treated_score']} after treatment" if row["treated_score"] is not None else ""
        lines.append((row["title"], ", ".join(part for part in (f"Score {row['score']}", after, row["owner"], step) if part)))
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


ACT_WORDS = {SignAction.SUBMIT: "Submitted", SignAction.WITHDRAW: "Withdrawn", SignAction.APPROVE: "Accepted"}


def _signature(sign_off: SignOff, page: ReportPage) -> PaperSignature:
    accepted = sign_off.action == SignAction.APPROVE
    role = sign_off.role + (f", for {sign_off.acting_for_name}" if sign_off.acting_for_name else "")
    return PaperSignature(
        act=ACT_WORDS.get(SignAction(sign_off.action), sign_off.get_action_display()),
        note=f"with office rating {COLOR[page.overall.office]}" if accepted else "",
        person=sign_off.person_name,
        role=role,
        signed_at=sign_off.signed_at,
        place=f"{sign_off.sequence:,}".replace(",", " "),
        digest=grouped(sign_off.entry_sha256[:8], 4),
    )


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
    project, finish = report.project, report.finish
    baseline_name = f"baseline {project['baseline_number']}"
    money_said, money_figure = money_parts(report.money)
    return Paper(
        edition=Edition.PUBLIC,
        code=project["code"],
        name=project["name"],
        kicker=kicker(report.number, report.period_start_on, report.period_end_on),
        number=report.number,
        version=report.version,
        status_on=report.period_end_on,
        decided_at=report.accepted_at,
        digest=report.digest,
        facts=facts(project, report.period_end_on),
        headline=report.headline,
        change_note=report.change_note,
        ratings=_public_ratings(report),
        finish_words=finish_words(finish, baseline_name),
        finish_figure=finish_figure(finish, project, report.period_end_on),
        money_words=money_said,
        money_figure=money_figure,
        baseline_name=baseline_name,
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
