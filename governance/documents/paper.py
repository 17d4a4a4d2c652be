"""A document laid out for paper: what stands on the cover, in the sections, and on the page of signatures.

A decided version is read from its frozen record and the sign-offs up to its decision, and nothing that can change later.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from governance.document_states import Seat
from governance.documents.cells import is_figure, shown
from governance.documents.confidential import content_for, said_on, unawarded
from governance.documents.content import content_of, read_content
from governance.models import DeliverableVersion, SignOff
from governance.paper_signing import SignaturePage, act_word, conditions_in, grouped, paper_signs
from governance.states import STANDING_STATES, Edition, Kind, SignAction, VersionState
from pmo.lib import words
from pmo.lib.markdown import render

#: With more columns than this a table is printed on pages that lie on their side.
MOST_UPRIGHT = 7
DECIDED = (*STANDING_STATES, VersionState.SUPERSEDED)
MEANING = {
    Kind.DEFINITION: "The need, the objectives and the scope stand as written here, and planning may begin on this basis. "
    "Approval releases no money beyond what planning needs.",
    Kind.EXECUTION_PLAN: "The project is to be carried out as written here. Scope, dates and money may change only through an "
    "approved change request.",
}


@dataclass(frozen=True)
class PaperTable:
    """`heads` and the cells of each row are (words, whether it is a figure)."""

    heads: list[tuple[str, bool]]
    rows: list[list[tuple[str, bool]]]


@dataclass(frozen=True)
class PaperSection:
    number: str
    title: str
    text: SafeString | str
    table: PaperTable | None
    attachments: list[str]
    withheld: str
    """How many rows wait for the award of a contract, left out or printed, in a sentence; empty where none does."""

    @property
    def is_wide(self) -> bool:
        return self.table is not None and len(self.table.heads) > MOST_UPRIGHT

    @property
    def is_empty(self) -> bool:
        return not self.text and not (self.table and self.table.rows)


@dataclass(frozen=True)
class PaperRevision:
    label: str
    on: dt.datetime
    author: str
    change: str
    outcome: str


@dataclass(frozen=True)
class DocumentPaper:
    """Everything that stands on the pages of one version."""

    kind: str
    code: str
    name: str
    label: str
    state: str
    is_approved: bool
    dated: dt.datetime
    facts: list[tuple[str, str]]
    decision: list[tuple[str, str]]
    meaning: str
    revisions: list[PaperRevision]
    sections: list[PaperSection]
    digest: str
    signing: SignaturePage | None = None
    #: Which edition it is, where it holds more than everybody who reads the document may read.
    edition: str = ""

    @property
    def short_digest(self) -> str:
        return grouped(self.digest[:16], 4)

    @property
    def foot(self) -> str:
        """Return what stands at the foot of every page."""
        about = f"{self.code}   {self.kind}   version {self.label}"
        foot = f"{about}   digest {self.short_digest}" if self.is_approved else f"{about}   {self.state}"
        return f"{foot}   confidential" if self.edition else foot


def paper_of(version: DeliverableVersion, *, is_whole: bool = False) -> DocumentPaper:
    """Return the paper of a version in any state; `is_whole` leaves nothing out. Three queries, six for a draft."""
    record = json.loads(version.record) if version.state in DECIDED else {}
    content = record.get("content") or (read_content(version.content) if version.content else content_of(version.content_row))
    on = said_on(version)
    content = content_for(content, reads=is_whole, on=on)
    facts, kind = content["facts"], version.deliverable.get_kind_display()
    signed = _signed_by_then(version)
    return DocumentPaper(
        kind=kind,
        code=facts["code"],
        name=facts["name"],
        label=version.label,
        state=_state_words(version, record),
        is_approved=bool(record),
        dated=_moment(record["decision"]["decided_at"]) if record else version.submitted_at or version.created_at,
        facts=[*_facts(facts), *_change(content)],
        decision=_decision(record),
        meaning=MEANING[Kind(version.deliverable.kind)],
        revisions=_revisions(version, signed),
        sections=[_section(section, _waiting_words(section, on, is_whole=is_whole)) for section in content["sections"]],
        digest=version.record_sha256 if record else version.content_sha256,
        signing=_signing(version, record, signed) if record else None,
        edition=Edition.WHOLE.label if is_whole else "",
    )


def _signing(version: DeliverableVersion, record: Mapping[str, Any], signed: Iterable[SignOff]) -> SignaturePage:
    facts, kind = record["content"]["facts"], version.deliverable.get_kind_display()
    return SignaturePage(
        kicker=f"{kind}, {facts['code']} {facts['name']}, version {version.label}",
        meaning_head="What approval means",
        meaning=MEANING[Kind(version.deliverable.kind)],
        rows=paper_signs(row for row in signed if row.version_id == version.pk),
        digest=version.record_sha256,
        conditions=conditions_in(record),
    )


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _state_words(version: DeliverableVersion, record: Mapping[str, Any]) -> str:
    if record:
        return "Approved with conditions" if record["decision"]["decision"] == "conditional" else "Approved"
    return f"{version.get_state_display()}, not approved"


def _facts(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Sponsor", facts["sponsor"] or words.MISSING),
        ("Business owner", facts["business_owner"] or words.MISSING),
        ("Project manager", facts["project_manager"] or words.MISSING),
        ("Department", facts["department"] or words.MISSING),
        ("Class", str(facts["governance_class"])),
    ]


def _change(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    change, basis = content.get("change"), content.get("basis")
    lines = [("Carries out", f"{change['code']} {change['title']}")] if change else []
    return [*lines, ("New basis", basis)] if basis else lines


def _decision(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    if not record:
        return []
    made = record["decision"]
    role = made["role"] + (f", for {made['acting_for']}" if made["acting_for"] else "")
    lines = [("Approved by", f"{made['by']}, {role}"), ("Approved on", words.moment(_moment(made["decided_at"])))]
    lines += [("Remark", made["reason"])] if made["reason"] else []
    over = record.get("overruling")
    if not over:
        return lines
    lines += [(f"{Seat(one['seat']).label} objected", f"{one['person']}: {one['objection']}") for one in over["objections"]]
    return [*lines, ("Overruled, because", over["reason"])]


# Sections


def _waiting_words(section: Mapping[str, Any], on: dt.date, *, is_whole: bool) -> str:
    """Return how many rows wait for their award: left out of a copy that travels, marked in the edition for the office."""
    count = unawarded(section, on) if is_whole else section["hidden"]
    become = "confidential" if is_whole else "withheld"
    return f"{words.count(count, 'row')} {become} until the contract is awarded." if count else ""


def _section(section: Mapping[str, Any], withheld: str) -> PaperSection:
    is_table = section["form"] == "table"
    return PaperSection(
        number=section["number"],
        title=section["title"],
        text="" if is_table or not section["text"].strip() else render(section["text"], deepest=3),
        table=_table(section) if is_table else None,
        attachments=[file["name"] for file in section["attachments"]],
        withheld=withheld,
    )


def _table(section: Mapping[str, Any]) -> PaperTable:
    columns = section["columns"]
    return PaperTable(
        heads=[(column["label"], is_figure(column)) for column in columns],
        rows=[
            [(shown(column, row["cells"].get(column["key"], "")), is_figure(column)) for column in columns]
            for row in section["rows"]
        ],
    )


# Who signed, and what became of each version


def _signed_by_then(version: DeliverableVersion) -> list[SignOff]:
    """Return the sign-offs on this version and those before it, without what came after the decision."""
    rows = SignOff.objects.filter(version__deliverable=version.deliverable_id, version__number__lte=version.number)
    return list(rows.exclude(action=SignAction.SUPERSEDE).order_by("sequence"))


def _revisions(version: DeliverableVersion, signed: Iterable[SignOff]) -> list[PaperRevision]:
    last = {row.version_id: row for row in signed}
    siblings = version.deliverable.versions.filter(number__lte=version.number).select_related("author")
    lines = []
    for sibling in siblings.defer("content", "record").order_by("number"):
        sign_off = last.get(sibling.pk)
        became = act_word(sign_off) if sign_off else "Draft"
        lines.append(
            PaperRevision(
                label=sibling.label,
                on=sign_off.signed_at if sign_off else sibling.created_at,
                author=sibling.author.name,
                change=sibling.change_summary or ("First version" if sibling.number == 1 else words.MISSING),
                outcome=f"{became}, this version" if sibling.pk == version.pk else became,
            )
        )
    return lines
