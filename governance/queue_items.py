"""One thing that waits for a person, as the queue shows it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from governance.signing import Signature


@dataclass(frozen=True)
class Glance:
    """What a row says at a glance: a report's three overall ratings, or one sentence."""

    pm: str = ""
    computed: str = ""
    last: str = ""
    sentence: str = ""
    is_agreed: bool = False
    open_findings: int = 0
    challenges: int = 0

    @property
    def may_be_accepted_unread(self) -> bool:
        return self.is_agreed and not self.open_findings and not self.challenges


@dataclass(frozen=True)
class Item:
    """One thing that waits: what it is, of which project, since when, until when."""

    kind: str
    pk: int
    icon: str
    word: str
    code: str
    project_name: str
    number: int
    url: str
    from_name: str
    since: dt.datetime
    due_at: dt.datetime
    waits_for: str
    signature: Signature | None
    glance: Glance = field(default_factory=Glance)

    @property
    def for_name(self) -> str:
        """Return in whose place the person would decide, or an empty string."""
        return self.signature.acting_for.name if self.signature and self.signature.acting_for else ""

    @property
    def may_be_accepted_unread(self) -> bool:
        return self.signature is not None and self.kind == "report" and self.glance.may_be_accepted_unread
