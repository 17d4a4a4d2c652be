"""The review engine and what goes through it; ratings, challenges, standings."""

from governance.models.attachments import Attachment
from governance.models.challenges import RatingChallenge
from governance.models.change_limits import ChangeLimits
from governance.models.changes import ChangeOption, ChangeRequest
from governance.models.class_gates import ClassGates
from governance.models.compliance import ComplianceFinding
from governance.models.conditions import Condition
from governance.models.confidential_reads import ConfidentialRead
from governance.models.delegations import Delegation
from governance.models.deliverables import Deliverable
from governance.models.documents import Document, DocumentSection
from governance.models.gates import GateAnswer, GateAttendee, GateCriterion, GateReview, TailoringRule, Waiver
from governance.models.guidance import GuidanceNote
from governance.models.lessons import Lesson, LessonUse
from governance.models.policies import Acknowledgement, Policy, PolicyVersion
from governance.models.reports import PlanReconciliation, ReportRating, StatusReport
from governance.models.reviews import ChecklistAnswer, ChecklistItem, Review, ReviewFinding, ReviewPart, RouteStep
from governance.models.rules import ReportingRules, Threshold, ThresholdSet
from governance.models.signoffs import ChainHead, SignOff
from governance.models.standards import ProductivityStandard, StandardMeasurement
from governance.models.standings import ProjectStanding, StandingSnapshot
from governance.models.stored_pdfs import StoredPdf
from governance.models.templates import DocumentTemplate, TemplateSection
from governance.models.versions import DeliverableVersion

__all__ = [
    "Acknowledgement",
    "Attachment",
    "ChainHead",
    "ChangeLimits",
    "ChangeOption",
    "ChangeRequest",
    "ChecklistAnswer",
    "ChecklistItem",
    "ClassGates",
    "ComplianceFinding",
    "Condition",
    "ConfidentialRead",
    "Delegation",
    "Deliverable",
    "DeliverableVersion",
    "Document",
    "DocumentSection",
    "DocumentTemplate",
    "GateAnswer",
    "GateAttendee",
    "GateCriterion",
    "GateReview",
    "GuidanceNote",
    "Lesson",
    "LessonUse",
    "PlanReconciliation",
    "Policy",
    "PolicyVersion",
    "ProductivityStandard",
    "ProjectStanding",
    "RatingChallenge",
    "ReportRating",
    "ReportingRules",
    "Review",
    "ReviewFinding",
    "ReviewPart",
    "RouteStep",
    "SignOff",
    "StandardMeasurement",
    "StandingSnapshot",
    "StatusReport",
    "StoredPdf",
    "TailoringRule",
    "TemplateSection",
    "Threshold",
    "ThresholdSet",
    "Waiver",
]
