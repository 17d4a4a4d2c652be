"""Let the database itself refuse to alter a baseline: a figure that stands there is never written over."""

from django.db import migrations

TABLES = {
    "portfolio_baseline": (
        "project_id",
        "number",
        "edition",
        "origin",
        "reason",
        "agreed_at",
        "agreed_by_id",
        "start_on",
        "finish_on",
        "currency",
        "amount_unit",
        "budget_amount",
        "contingency_amount",
    ),
    "portfolio_baselinedate": ("baseline_id", "milestone_number", "name", "is_key", "on"),
}
#: What is text, and therefore empty rather than null while it was not entered.
TEXTS = ("currency", "reason", "origin", "name")
SENTENCE = "A baseline is never altered"


def altered(column, different):
    was_entered = f"OLD.\"{column}\" IS NOT NULL" + (f" AND OLD.\"{column}\" <> ''" if column in TEXTS else "")
    return f'({was_entered} AND OLD."{column}" {different} NEW."{column}")'


def sqlite(table, columns):
    condition = " OR ".join(altered(column, "IS NOT") for column in columns)
    yield (
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    )


def postgresql(table, columns):
    condition = " OR ".join(altered(column, "IS DISTINCT FROM") for column in columns)
    yield (
        f"CREATE FUNCTION {table}_fixed() RETURNS trigger AS $$ BEGIN "
        f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
    )
    yield (
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({condition}) "
        f"EXECUTE FUNCTION {table}_fixed()"
    )


MAKERS = {"sqlite": sqlite, "postgresql": postgresql}


def fix(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table, columns in TABLES.items():
        for statement in MAKERS[vendor](table, columns):
            schema_editor.execute(statement, params=None)


def loosen(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        on = f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER {table}_fixed{on}", params=None)
        if vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {table}_fixed()", params=None)


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0002_baselines")]

    operations = [migrations.RunPython(fix, loosen)]
