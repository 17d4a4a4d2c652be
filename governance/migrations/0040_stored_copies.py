from django.db import migrations, models

EDITIONS = [
    ("office", "For the office and the project"),
    ("public", "For stakeholders"),
    ("reading", "Reading copy"),
    ("record", "Record copy"),
]


class Migration(migrations.Migration):
    dependencies = [("governance", "0020_standard_routes")]

    operations = [
        migrations.AlterField("storedpdf", "edition", models.CharField(choices=EDITIONS, max_length=8)),
    ]
