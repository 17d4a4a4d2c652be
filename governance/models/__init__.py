"""The review engine and what goes through it; ratings, challenges, standings."""

from governance.models.challenges import RatingChallenge
from governance.models.delegations import Delegation
from governance.models.deliverables import Deliverable
from governance.models.reports import PlanReconciliation, ReportRating, StatusReport
from governance.models.reviews import ChecklistAnswer, ChecklistItem, Review, ReviewFinding
from governance.models.rules import ReportingRules, Threshold, ThresholdSet
from governance.models.signoffs import ChainHead, SignOff
from governance.models.standings import ProjectStanding, StandingSnapshot
from governance.models.versions import DeliverableVersion, StoredPdf

__all__ = [
    "ChainHead",
    "ChecklistAnswer",
    "ChecklistItem",
    "Delegation",
    "Deliverable",
    "DeliverableVersion",
    "PlanReconciliation",
    "ProjectStanding",
    "RatingChallenge",
    "ReportRating",
    "ReportingRules",
    "Review",
    "ReviewFinding",
    "SignOff",
    "StandingSnapshot",
    "StatusReport",
    "StoredPdf",
    "Threshold",
    "ThresholdSet",
]
