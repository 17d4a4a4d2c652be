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
