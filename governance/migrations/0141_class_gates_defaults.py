"""What the office starts with: the path and the body of each class; earned value and independent review in the matrix."""

from django.db import migrations

#: Class: (gates passed, body, people present at least, with the sponsor, signed by the executive, benefits after months).
CLASSES = {
    1: ("G0 G1 G4 G5", "PMO manager", 1, False, False, ""),
    2: ("G0 G1 G2 G4 G5 G6", "PMO manager with the sponsor", 2, True, False, "12"),
    3: ("G0 G1 G2 G3 G4 G5 G6", "Governance board", 3, True, False, "6 12"),
    4: ("G0 G1 G2 G3 G4 G5 G6", "Governance board with the executive", 3, True, True, "6 12 24"),
}
NAMES = ("path", "body", "quorum", "needs_sponsor", "executive_signs", "benefits_after")
#: Artefact: what classes 1 to 4 owe by G4.
MATRIX = {
    "earned_value": ("none", "optional", "mandatory", "mandatory"),
    "independent": ("none", "none", "optional", "mandatory"),
}


def add(apps, schema_editor):
    ClassGates = apps.get_model("governance", "ClassGates")
    for number, values in CLASSES.items():
        ClassGates.objects.get_or_create(governance_class=number, defaults=dict(zip(NAMES, values, strict=True)))
    Rule = apps.get_model("governance", "TailoringRule")
    for artefact, requirements in MATRIX.items():
        for number, requirement in enumerate(requirements, start=1):
            values = {"requirement": requirement, "gate": "G4"}
            Rule.objects.get_or_create(governance_class=number, artefact=artefact, defaults=values)


def remove(apps, schema_editor):
    apps.get_model("governance", "TailoringRule").objects.filter(artefact__in=MATRIX).delete()
    apps.get_model("governance", "ClassGates").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("governance", "0140_class_gates")]
    operations = [migrations.RunPython(add, remove)]
