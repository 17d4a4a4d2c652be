"""The words of policies, standards, guidance and lessons."""

from __future__ import annotations

from django.db.models import TextChoices


class PolicyState(TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Superseded"


class Direction(TextChoices):
    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"


class Frequency(TextChoices):
    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"
    YEARLY = "yearly", "Every year"


class RecordedFigure(TextChoices):
    """The figures of the office's performance that a standard can be measured by, without anybody typing them."""

    TURNAROUND_MEDIAN = "turnaround-median", "Review turnaround, median"
    TURNAROUND_P90 = "turnaround-p90", "Review turnaround, 90th percentile"
    REVIEWS_IN_TIME = "reviews-in-time", "Reviews decided in time"
    FIRST_PASS = "first-pass", "First-pass yield"
    REWORK = "rework", "Rounds of rework"
    REPORTS_IN_TIME = "reports-in-time", "Reports in on time"
    RATING_INTEGRITY = "rating-integrity", "Rating integrity"
    WATERMELONS = "watermelons", "Watermelon rate"
    GATES_IN_TIME = "gates-in-time", "Gates on time"
    CONDITIONS_IN_TIME = "conditions-in-time", "Conditions on time"
    WAIVERS_OPEN = "waivers-open", "Waivers open"
    MILESTONES_IN_TIME = "milestones-in-time", "Key milestones met"
    ON_TIME_ORIGINAL = "delivered-on-time-original", "Delivered on time, baseline 0"
    ON_TIME = "delivered-on-time", "Delivered on time, current baseline"
    ON_BUDGET_ORIGINAL = "delivered-on-budget-original", "Delivered on budget, baseline 0"
    ON_BUDGET = "delivered-on-budget", "Delivered on budget, current baseline"


class GuidanceKind(TextChoices):
    TECHNICAL = "technical", "Technical"
    ANALYTICAL = "analytical", "Analytical"


class GuidanceState(TextChoices):
    OPEN = "open", "Not read yet"
    READ = "read", "Read"
    TAKEN_UP = "taken_up", "Taken up"
    NOT_TAKEN_UP = "not_taken", "Not taken up"


#: What a project manager may make of guidance.
OUTCOMES = (GuidanceState.TAKEN_UP, GuidanceState.NOT_TAKEN_UP)


class LessonState(TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


class LessonCategory(TextChoices):
    SCOPE = "scope", "Scope and requirements"
    SCHEDULE = "schedule", "Schedule and planning"
    MONEY = "money", "Money and contracts"
    VENDOR = "vendor", "Vendors"
    QUALITY = "quality", "Quality and testing"
    DATA = "data", "Data and interfaces"
    SECURITY = "security", "Security and privacy"
    PEOPLE = "people", "People and training"
    GOVERNANCE = "governance", "Governance and decisions"
