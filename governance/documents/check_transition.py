"""Whether a plan says how its result goes live: the sections that are owed, or that are filled in all the same."""

from __future__ import annotations

from governance.documents.check_rules import TRANSITION, Content, Context, Fault, Faults, applies, is_empty, place
from governance.documents.content import section_named


def transition_asked(content: Content) -> list[Content]:
    """Return the sections about going live that are owed, or filled in all the same."""
    return [section for key in TRANSITION if (section := section_named(content, key)) and applies(section)]


def transition(content: Content, context: Context) -> Faults:
    sections = transition_asked(content)
    if not sections:
        return None
    remedy = "Say what is done, or why nothing is needed"
    return [Fault(f"{place(section)} is empty. {remedy}", section["key"]) for section in sections if is_empty(section)]
