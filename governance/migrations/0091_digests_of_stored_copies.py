from django.db import migrations
from django.db.models import OuterRef, Q, Subquery


def note_digests(apps, schema_editor):
    """Note beside each stored PDF the digest of the record that it was built from: that of its version."""
    versions = apps.get_model("governance", "DeliverableVersion").objects.filter(pk=OuterRef("version_id"))
    stored = apps.get_model("governance", "StoredPdf").objects.filter(record_sha256="")
    stored.update(record_sha256=Subquery(versions.values("record_sha256")[:1]))


def drop_new_sorts(apps, schema_editor):
    """Take away what the earlier table has no place for; the copies are built again when somebody asks for one."""
    stored = apps.get_model("governance", "StoredPdf").objects
    stored.filter(Q(version__isnull=True) | Q(is_abridged=True)).delete()


class Migration(migrations.Migration):
    dependencies = [("governance", "0090_copies_of_every_decision")]

    operations = [migrations.RunPython(note_digests, drop_new_sorts)]
