"""Whose words stand in a version: none of them decides on it."""

from django.db import migrations, models

FIELD = models.JSONField(
    blank=True, default=list, editable=False, help_text="Keys of all whose words stand in it; none of them decides on it."
)


class Migration(migrations.Migration):
    dependencies = [("governance", "0004_standard_templates")]

    operations = [
        migrations.AddField("deliverableversion", "writers", FIELD),
        migrations.AddField("historicaldeliverableversion", "writers", FIELD.clone()),
    ]
