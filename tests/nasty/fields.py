"""Every text field of every form of governance, and which column keeps what is typed into it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from django import forms

import governance.forms
import governance.views

#: What is kept in the history of a row, or in the session, and shown there as any other reason is.
HISTORY = "history"
#: What holds no words: short names with a rule of their own, digests, passwords, addresses.
RULED = "ruled"
#: What is kept in the sealed record of a decision only.
RECORD = "record"
FIELDS = {
    "AnswerChallengeForm.text": "RatingChallenge.answer_text",
    "RuleOnChallengeForm.reason": "RatingChallenge.ruling_reason",
    **{
        f"ChangeForm.{name}": f"ChangeRequest.{name}"
        for name in (
            "title", "description", "root_cause", "scope_effect", "quality_effect", "risk_effect", "benefits_effect",
            "resources_effect", "funding_source",
        )
    },
    "AssessForm.assessment": "ChangeRequest.assessment",
    "AssessForm.recommendation": "ChangeRequest.recommendation",
    "DecideForm.reason": "ChangeRequest.decision_reason",
    "change.ReasonForm.reason": "ChangeRequest.decision_reason",
    "ChangeLimitsForm.reason": HISTORY,
    "GiveEvidenceForm.text": "Condition.evidence",
    "GiveEvidenceForm.url": RULED,
    "RefuseEvidenceForm.reason": "Condition.refusal",
    "ExtendConditionForm.reason": HISTORY,
    "ReassignConditionForm.reason": HISTORY,
    "CloseFindingForm.evidence": "ComplianceFinding.closing_evidence",
    "GiveDelegationForm.reason": "Delegation.reason",
    "BeginForm.change_summary": "DeliverableVersion.change_summary",
    "BeginForm.basis": "DeliverableVersion.basis",
    "SaidOfVersion.basis": "DeliverableVersion.basis",
    "SaidOfVersion.change_summary": "DeliverableVersion.change_summary",
    "ApproveForm.overruling": RECORD,
    "OverrulingForm.overruling": RECORD,
    "ClassGatesForm.body": "ClassGates.body",
    "ClassGatesForm.benefits_after": RULED,
    "ClassGatesForm.reason": HISTORY,
    "CorrectBaselineForm.reason": HISTORY,
    "GateFileForm.currency": RULED,
    "GateFileForm.source": "GateReview.source",
    "PastGateForm.source": "GateReview.source",
    "ReturnForm.recommendation": "ReviewFinding.recommendation",
    "StopForm.reason": HISTORY,
    "SectionTextForm.text": "DocumentSection.text",
    "document_review.ReasonForm.reason": "DeliverableVersion.decision_reason",
    "ApproveForm.reason": "DeliverableVersion.decision_reason",
    "RejectForm.reason": "DeliverableVersion.decision_reason",
    "ReturnForm.reason": "DeliverableVersion.decision_reason",
    "ReturnForm.text": "ReviewFinding.text",
    "document_review.ConditionForm.text": "Condition.text",
    "TemplateSectionForm.number": "TemplateSection.number",
    "TemplateSectionForm.title": "TemplateSection.title",
    "TemplateSectionForm.key": RULED,
    "TemplateSectionForm.guidance": "TemplateSection.guidance",
    "ColumnForm.key": RULED,
    "ColumnForm.label": "TemplateSection.columns",
    "ColumnForm.choices": "TemplateSection.columns",
    "ColumnForm.help": "TemplateSection.columns",
    "MoveGateForm.reason": HISTORY,
    "PrepareGateForm.risk_summary": "GateReview.risk_summary",
    "PrepareGateForm.recommendation": "GateReview.recommendation",
    "AttendeeForm.name": "GateAttendee.name",
    "AttendeeForm.capacity": "GateAttendee.capacity",
    "gate.ConditionForm.text": "Condition.text",
    "DecideGateForm.rationale": "GateReview.rationale",
    "DecideGateForm.minutes": "GateReview.minutes",
    "DecideGateForm.password": RULED,
    "WaiverForm.reason": "Waiver.reason",
    "TailoringForm.reason": HISTORY,
    "GuidanceForm.subject": "GuidanceNote.subject",
    "GuidanceForm.text": "GuidanceNote.text",
    "SettleGuidanceForm.answer": "GuidanceNote.answer",
    **{f"LessonForm.{name}": f"Lesson.{name}" for name in ("title", "what_happened", "why", "next_time", "tags")},
    "LessonForm.reason": HISTORY,
    "PolicyForm.code": "Policy.code",
    "PolicyForm.title": "Policy.title",
    "PolicyForm.reason": HISTORY,
    "NewPolicyForm.code": "Policy.code",
    "NewPolicyForm.title": "Policy.title",
    "NewPolicyForm.reason": HISTORY,
    "NewPolicyForm.text": "PolicyVersion.text",
    "PolicyTextForm.change_note": "PolicyVersion.change_note",
    "PolicyTextForm.text": "PolicyVersion.text",
    "PolicyTextForm.reason": HISTORY,
    "StandardForm.code": "ProductivityStandard.code",
    **{f"StandardForm.{name}": f"ProductivityStandard.{name}" for name in ("statement", "unit", "how_measured")},
    "StandardForm.reason": HISTORY,
    "MeasureForm.note": "StandardMeasurement.note",
    "MeasureForm.reason": HISTORY,
    "CorrectMeasurementForm.note": "StandardMeasurement.note",
    "CorrectMeasurementForm.reason": HISTORY,
    **{f"ReportForm.{name}": f"StatusReport.{name}" for name in ("headline", "accomplishments", "plan", "change_note")},
    "report_verbs.ExcuseForm.reason": "Deliverable.excuse",
    "RoutesForm.reason": HISTORY,
    "ThresholdsForm.reason": "ThresholdSet.reason",
    "ClocksForm.reason": HISTORY,
    "HolidayForm.name": "CityHoliday.name",
    "QuestionForm.text": "ChecklistItem.text",
    "VerifyForm.digest": RULED,
    "AnswerForm.text": "ReviewFinding.answer",
    "OpinionForm.note": "ReviewPart.note",
    "ReassignForm.reason": HISTORY,
    "review_parts.ExcuseForm.reason": "ReviewPart.note",
}  # fmt: skip


def text_fields() -> Iterator[tuple[str, forms.CharField]]:
    """Yield every text field of every form of governance by a name of its own: forms of one name are told apart by module."""
    modules = [
        importlib.import_module(f"{package.__name__}.{info.name}")
        for package in (governance.forms, governance.views)
        for info in pkgutil.iter_modules(package.__path__)
    ]
    classes = [
        (module.__name__.rpartition(".")[2], form)
        for module in modules
        for form in vars(module).values()
        if inspect.isclass(form) and issubclass(form, forms.BaseForm) and form.__module__ == module.__name__
    ]
    names = [form.__name__ for _, form in classes]
    for module, form in classes:
        called = form.__name__ if names.count(form.__name__) == 1 else f"{module}.{form.__name__}"
        for name, field in form.base_fields.items():
            if isinstance(field, forms.CharField):
                yield f"{called}.{name}", field
