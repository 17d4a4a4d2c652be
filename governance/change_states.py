"""The words of change requests, and which state leads where. Data only."""

from collections.abc import Mapping

from django.db.models import TextChoices


class ChangeState(TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Waits for assessment"
    ASSESSED = "assessed", "Waits for a decision"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    DEFERRED = "deferred", "Deferred"
    WITHDRAWN = "withdrawn", "Withdrawn"


K = ChangeState
CHANGE_MOVES: Mapping[ChangeState, frozenset[ChangeState]] = {
    K.DRAFT: frozenset({K.SUBMITTED, K.WITHDRAWN}),
    K.SUBMITTED: frozenset({K.ASSESSED, K.WITHDRAWN}),
    K.ASSESSED: frozenset({K.APPROVED, K.REJECTED, K.DEFERRED, K.WITHDRAWN}),
    K.DEFERRED: frozenset({K.ASSESSED, K.WITHDRAWN}),
    K.APPROVED: frozenset(),
    K.REJECTED: frozenset(),
    K.WITHDRAWN: frozenset(),
}


class ChangeReason(TextChoices):
    LEGAL = "legal", "Law or regulation"
    BUSINESS = "business", "Business need"
    ERROR = "error", "Error or omission"
    VENDOR = "vendor", "Vendor"
    FUNDING = "funding", "Funding"
    TECHNICAL = "technical", "Technical"


class Authority(TextChoices):
    """Who decides on a change, by its size together with all changes since the last baseline."""

    MANAGER_AND_SPONSOR = "manager_sponsor", "Project manager and sponsor"
    PMO_MANAGER = "pmo_manager", "PMO manager"
    BOARD = "board", "Governance board"
