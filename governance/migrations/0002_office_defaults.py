"""What the office starts with: version 1 of the rating thresholds, and the questions that a reviewer answers."""

from decimal import Decimal

from django.db import migrations
from django.utils import timezone

LIMITS = {
    "finish_slip_pct": (5, 10),
    "key_milestone_days": (5, 15),
    "schedule_age_days": (14, 14),
    "risk_score": (9, 14),
    "risk_idle_days": (30, 30),
    "critical_issue_days": (0, 5),
    "major_issue_days": (30, 60),
    "report_age_days": (14, 14),
}
# Class 1 reports every second week: its data may be a week older.
CLASS_1 = {"schedule_age_days": (21, 21), "report_age_days": (21, 21)}
REASON = "The office’s rating rules as first set."
QUESTIONS = (
    "Each yellow or red has a reason that a stranger understands",
    "Each path to green names who does what by when, and what will prove it",
    "Accomplishments are outcomes, tied to milestones",
    "Risks and issues that matter this week are on the report",
    "Decisions needed name who decides and by when",
    "The words agree with the numbers",
    "Nothing personal, and nothing of a live solicitation, is in the text",
)


def add(apps, schema_editor):
    threshold_set = apps.get_model("governance", "ThresholdSet").objects.create(
        version=1, created_at=timezone.now().replace(hour=0, minute=0, second=0, microsecond=0), reason=REASON
    )
    Threshold = apps.get_model("governance", "Threshold")
    Threshold.objects.bulk_create(
        Threshold(
            threshold_set=threshold_set,
            governance_class=governance_class,
            test=test,
            green_limit=Decimal(green),
            red_limit=Decimal(red),
        )
        for governance_class in (1, 2, 3, 4)
        for test, (green, red) in {**LIMITS, **(CLASS_1 if governance_class == 1 else {})}.items()
    )
    ChecklistItem = apps.get_model("governance", "ChecklistItem")
    ChecklistItem.objects.bulk_create(
        ChecklistItem(kind="status_report", position=position, text=text) for position, text in enumerate(QUESTIONS, start=1)
    )


def remove(apps, schema_editor):
    """Take away what `add` brought, as far as nobody has used it: answered questions and later versions stay."""
    sets = apps.get_model("governance", "ThresholdSet").objects
    if not sets.filter(version__gt=1).exists():
        sets.filter(version=1, reason=REASON).delete()
    answered = apps.get_model("governance", "ChecklistAnswer").objects.values("item_id")
    items = apps.get_model("governance", "ChecklistItem").objects.filter(kind="status_report", text__in=QUESTIONS)
    items.exclude(pk__in=answered).delete()


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
