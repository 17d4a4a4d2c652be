"""What the product came with becomes the first line of each rule's history, so that its first change says what it was before."""

import datetime as dt

from django.db import migrations

FIELDS = {
    "TailoringRule": ("governance_class", "artefact", "requirement", "gate"),
    "GateCriterion": ("gate", "position", "text", "is_active"),
}
REASON = "as the product came"
#: Before any installation, so that no change of a rule is older than what it changed.
BEFORE_ALL = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)


def begin(apps, schema_editor):
    for name, fields in FIELDS.items():
        Row, Past = apps.get_model("governance", name), apps.get_model("governance", f"Historical{name}")
        known = Past.objects.values("id")
        first = [
            Past(
                id=row.pk,
                history_type="+",
                history_date=BEFORE_ALL,
                history_change_reason=REASON,
                **{field: getattr(row, field) for field in fields},
            )
            for row in Row.objects.exclude(pk__in=known).order_by("pk")
        ]
        Past.objects.bulk_create(first)


def forget(apps, schema_editor):
    for name in FIELDS:
        past = apps.get_model("governance", f"Historical{name}").objects
        past.filter(history_type="+", history_user=None, history_change_reason=REASON).delete()


class Migration(migrations.Migration):
    dependencies = [("governance", "0150_first_day_of_conditions")]

    operations = [migrations.RunPython(begin, forget)]
