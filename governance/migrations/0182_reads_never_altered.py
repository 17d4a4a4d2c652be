"""Let the database itself refuse to alter or delete who read what is confidential: what was read stays written down."""

from django.db import migrations

TABLE = "governance_confidentialread"
SENTENCE = "What was read stays written down"


def sqlite():
    for act in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} FOR EACH ROW "
            f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )


def postgresql():
    yield (
        f"CREATE FUNCTION {TABLE}_fixed() RETURNS trigger AS $$ BEGIN "
        f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
    )
    for act in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_fixed()"
        )


MAKERS = {"sqlite": sqlite, "postgresql": postgresql}


def fix(apps, schema_editor):
    for statement in MAKERS[schema_editor.connection.vendor]():
        schema_editor.execute(statement, params=None)


def loosen(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for act in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{act}" + (f" ON {TABLE}" if is_postgresql else ""), params=None)
    if is_postgresql:
        schema_editor.execute(f"DROP FUNCTION {TABLE}_fixed()", params=None)


class Migration(migrations.Migration):
    dependencies = [("governance", "0181_reads_of_office_editions")]

    operations = [migrations.RunPython(fix, loosen)]
