"""Version 2 of the standard templates: a short definition for class 1 and a lite plan for class 2.

Only where the office has never edited a template: where there is more than the version that it began with, it is left alone.
Documents that were begun with version 1 keep it.
"""

from importlib import import_module

from django.db import migrations
from django.utils import timezone

FIRST = import_module("governance.migrations.0004_standard_templates")
NOTES = {
    "definition": "A short form for class 1: 10 sections instead of 17. What other classes owe stays as it was.",
    "execution_plan": "A lite plan for class 2: 12 sections instead of 23. What classes 3 and 4 owe stays as it was.",
}
#: By kind: the class that the short form is for, and what it still owes. The other sections are owed from the next class on.
SHORT = {
    "definition": (
        1,
        ("problem", "objectives", "in_scope", "out_of_scope", "deliverables", "funding", "milestones", "cost", "risks", "roles"),
    ),
    "execution_plan": (
        2,
        (
            *("in_scope", "out_of_scope", "approach", "phases", "wbs", "thresholds", "quality", "communication"),
            *("escalation", "change_authority", "deployment", "operations"),
        ),
    ),
}
COPIED = (
    *("key", "number", "position", "title", "form", "guidance", "required_from_class"),
    *("columns", "least_rows", "is_confidential"),
)


def add(apps, schema_editor):
    DocumentTemplate = apps.get_model("governance", "DocumentTemplate")
    now = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    for kind, note in NOTES.items():
        first = never_edited(DocumentTemplate, kind)
        if first is not None:
            made = DocumentTemplate.objects.create(kind=kind, version=2, note=note, created_at=now, published_at=now)
            fill(apps, first, made)


def never_edited(DocumentTemplate, kind):
    """Return the template that the office began with, or None where there is another version, published or in work."""
    rows = list(DocumentTemplate.objects.filter(kind=kind))
    return rows[0] if len(rows) == 1 and (rows[0].version, rows[0].note) == (1, FIRST.NOTE) else None


def fill(apps, first, made):
    TemplateSection = apps.get_model("governance", "TemplateSection")
    short, owed = SHORT[made.kind]
    rows = [
        TemplateSection(template=made, **{name: getattr(row, name) for name in COPIED})
        for row in TemplateSection.objects.filter(template=first).order_by("position")
    ]
    for row in rows:
        if row.required_from_class is not None and row.required_from_class <= short and row.key not in owed:
            row.required_from_class = short + 1
    TemplateSection.objects.bulk_create(rows)


def remove(apps, schema_editor):
    """Take away what `add` brought, as far as no document was written with it and no later version rests on it."""
    DocumentTemplate = apps.get_model("governance", "DocumentTemplate")
    used = apps.get_model("governance", "Document").objects.values("template_id")
    later = DocumentTemplate.objects.filter(version__gt=2).values("kind")
    rows = DocumentTemplate.objects.filter(version=2, note__in=NOTES.values())
    rows.exclude(pk__in=used).exclude(kind__in=later).delete()


class Migration(migrations.Migration):
    dependencies = [("governance", "0170_review_days")]

    operations = [migrations.RunPython(add, remove)]
