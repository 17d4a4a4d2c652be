import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

SIGNED = ("version", "gate_review", "change_request")


def subject(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="pdfs", to=f"governance.{model}"
    )


def exactly_one() -> Q:
    either = Q()
    for chosen in SIGNED:
        either |= Q(**{f"{name}__isnull": name != chosen for name in SIGNED})
    return either


class Migration(migrations.Migration):
    dependencies = [("governance", "0080_deciders_are_others")]

    operations = [
        migrations.RemoveConstraint("storedpdf", "governance_pdf_once_an_edition"),
        migrations.AlterField("storedpdf", "version", subject("deliverableversion")),
        migrations.AddField("storedpdf", "gate_review", subject("gatereview")),
        migrations.AddField("storedpdf", "change_request", subject("changerequest")),
        migrations.AddField(
            "storedpdf",
            "is_abridged",
            models.BooleanField(
                default=False,
                help_text="Without what only some readers of the page may read: amounts, risks, the office's own part.",
            ),
        ),
        migrations.AddField(
            "storedpdf",
            "record_sha256",
            models.CharField(default="", help_text="The digest of the record that it was built from.", max_length=64),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "storedpdf", models.CheckConstraint(condition=exactly_one(), name="governance_pdf_of_one_thing")
        ),
        *(
            migrations.AddConstraint(
                "storedpdf",
                models.UniqueConstraint(
                    fields=[name, "record_sha256", "edition", "is_abridged"], name=f"governance_pdf_once_{name}"
                ),
            )
            for name in SIGNED
        ),
    ]
