"""The people of the access table, and how a row is written."""

from __future__ import annotations

from dataclasses import dataclass

EVERYONE = frozenset(["pia", "gina", "max", "bea", "tess", "sam", "stella", "fay", "audrey", "adam", "hugo", "olaf"])
OFFICE = frozenset({"pia", "gina", "audrey"})
#: Who reads the working pages of ALPHA.
SEES = frozenset(["pia", "gina", "max", "bea", "tess", "sam", "fay", "audrey"])
#: Who reads its registers: the office, and those who have a part in it; not finance and not other project managers.
SEES_REGISTERS = frozenset(["pia", "gina", "max", "tess", "sam", "audrey"])
MANAGES = frozenset({"pia", "max"})
TEAM = frozenset({"pia", "max", "tess"})
#: Who reads what is published of every project.
READS_PUBLISHED = frozenset(["pia", "gina", "max", "bea", "stella", "fay", "audrey"])
#: Those, and who has a part in ALPHA.
READS_PUBLISHED_ALPHA = READS_PUBLISHED | {"tess", "sam"}
PIA = frozenset({"pia"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """What one URL answers, and by which method it is asked."""

    allow: frozenset[str]
    forbid: frozenset[str] = NOBODY
    method: str = "GET"
    public: bool = False

    def verdict(self, person: str) -> str:
        """Return allow, forbid or hide for somebody signed in."""
        return "allow" if person in self.allow else "forbid" if person in self.forbid else "hide"


def office_page(allow: frozenset[str], method: str = "GET") -> Row:
    """A page that is no object: who may not open it is told so."""
    return Row(allow, EVERYONE - allow, method)


def of_alpha(allow: frozenset[str], method: str = "GET", seen_by: frozenset[str] = SEES) -> Row:
    """A page or verb of ALPHA: who sees the project but may not do this is told so, for others it does not exist."""
    return Row(allow, seen_by - allow, method)


PAGE_FOR_ALL = Row(EVERYONE)
OPEN_TO_ALL = Row(EVERYONE, public=True)
