"""The words of structured documents and of the conditions put on what was approved. Data only."""

from collections.abc import Mapping

from django.db.models import TextChoices


class SectionForm(TextChoices):
    TEXT = "text", "Text"
    TABLE = "table", "Table"


class ColumnType(TextChoices):
    TEXT = "text", "Line of text"
    LONG = "long", "Text of several lines"
    DATE = "date", "Date"
    NUMBER = "number", "Number"
    MONEY = "money", "Amount"
    CHOICE = "choice", "One of a list"
    YES_NO = "yes_no", "Yes or no"


class ConditionState(TextChoices):
    OPEN = "open", "Open"
    EVIDENCED = "evidenced", "Evidence given, waits for the verifier"
    CLOSED = "closed", "Closed"


C = ConditionState
CONDITION_MOVES: Mapping[ConditionState, frozenset[ConditionState]] = {
    C.OPEN: frozenset({C.EVIDENCED}),
    C.EVIDENCED: frozenset({C.OPEN, C.CLOSED}),
    C.CLOSED: frozenset(),
}


class Seat(TextChoices):
    """Who is asked to review before the decision: a role of the office, or a person of the project."""

    SPONSOR = "sponsor", "Sponsor"
    BUSINESS_OWNER = "business_owner", "Business owner"
    FINANCE = "finance", "Finance analyst"
    EXECUTIVE = "executive", "Executive"


class PartState(TextChoices):
    """Where one reviewer's part stands. A part whose step has not begun is waiting."""

    WAITING = "waiting", "Its turn has not come"
    ASKED = "asked", "Asked"
    DONE = "done", "Done"
    EXCUSED = "excused", "Excused"
    CANCELLED = "cancelled", "No longer needed"


class Opinion(TextChoices):
    ENDORSE = "endorse", "Endorses it"
    OBJECT = "object", "Objects"
