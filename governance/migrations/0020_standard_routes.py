"""Who is asked before a document is decided, by class; and the questions that its reviewer answers."""

from django.db import migrations

#: By class: the seats of each step, one step after the other; all of a step must have answered.
ROUTES = {
    1: (),
    2: (("sponsor",),),
    3: (("sponsor", "business_owner"), ("finance",)),
    4: (("sponsor", "business_owner"), ("finance",), ("executive",)),
}
QUESTIONS = {
    "definition": (
        "The problem is stated without presupposing the solution",
        "The sponsor has authority over the money that the project needs",
        "The risks listed are the ones that could stop the project",
        "The strategic objective that it serves is in force",
        "It says what the project manager may decide alone",
    ),
    "execution_plan": (
        "Where security, accessibility, migration, cut-over, rollback or hand-over is waived, the reason holds",
        "The gates planned are those that its class asks for",
    ),
}


def add(apps, schema_editor):
    apps.get_model("governance", "RouteStep").objects.bulk_create(
        apps.get_model("governance", "RouteStep")(
            kind=kind, governance_class=governance_class, position=position, seats=list(seats)
        )
        for kind in QUESTIONS
        for governance_class, steps in ROUTES.items()
        for position, seats in enumerate(steps, start=1)
    )
    ChecklistItem = apps.get_model("governance", "ChecklistItem")
    ChecklistItem.objects.bulk_create(
        ChecklistItem(kind=kind, position=position, text=text)
        for kind, questions in QUESTIONS.items()
        for position, text in enumerate(questions, start=1)
    )


def remove(apps, schema_editor):
    """Take away what `add` brought; questions that somebody has answered stay. A route made by it lives on in its reviews."""
    apps.get_model("governance", "RouteStep").objects.filter(kind__in=QUESTIONS).delete()
    answered = apps.get_model("governance", "ChecklistAnswer").objects.values("item_id")
    for kind, questions in QUESTIONS.items():
        items = apps.get_model("governance", "ChecklistItem").objects.filter(kind=kind, text__in=questions)
        items.exclude(pk__in=answered).delete()


class Migration(migrations.Migration):
    dependencies = [("governance", "0010_writers")]

    operations = [migrations.RunPython(add, remove)]
