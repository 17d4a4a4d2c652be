"""What the office starts with at its gates: which class owes which artefact by which gate, and the questions of each gate."""

from django.db import migrations

M, L, N = "mandatory", "lite", "none"
#: Artefact: (the gate by which it is approved, what classes 1 to 4 owe).
MATRIX = {
    "definition": ("G1", (L, M, M, M)),
    "execution_plan": ("G2", (N, L, M, M)),
    "schedule": ("G2", (L, M, M, M)),
    "budget": ("G2", (L, M, M, M)),
    "resource_plan": ("G2", (N, M, M, M)),
    "status_report": ("G4", (M, M, M, M)),
}
QUESTIONS = {
    "G0": (
        "The problem is stated in the words of those who have it, with a figure for its size",
        "A sponsor has accepted in writing to answer for the result",
        "It serves a goal of the city’s plan, or a law that is named",
        "Cost and effort are estimated roughly, and a source of funds is named",
        "What happens without the project is written down",
    ),
    "G1": (
        "Objectives can be measured: each has a baseline, a target and a date",
        "What is out of scope is written down, and the sponsor agrees with it",
        "Departments and people who will work differently were asked",
        "At least two ways to reach the result were weighed, doing nothing among them",
        "The first risks are in the register, each with an owner",
        "The class of the project was scored from the ten questions",
    ),
    "G2": (
        "Scope, dates and money in the plans agree with the definition document",
        "Those who are to do the work have confirmed their time",
        "The critical dates carry a reserve that the sponsor knows",
        "Security, privacy and records were reviewed for this design",
        "Acceptance criteria are written and the department has agreed to them",
        "Funds for the whole of the next phase are confirmed by finance",
    ),
    "G3": (
        "Requirements were complete before the solicitation was published",
        "The evaluation followed the published criteria, and nobody in it has a conflict of interest",
        "The contract holds milestones, acceptance and remedies",
        "Price and dates of the contract fit the approved plans",
        "Security and data terms were cleared by counsel",
    ),
    "G4": (
        "The acceptance test is passed, and the department signed it",
        "Cut-over and rollback were rehearsed with live amounts of data",
        "The support team is trained and knows how to escalate",
        "The security review is closed without an open high finding",
        "Accessibility was checked by people who use assistive technology",
        "Residents and staff were told what changes, and when",
        "The owner of operations is named and has accepted",
    ),
    "G5": (
        "Everything that was agreed is delivered and accepted, or its rest is handed over in writing",
        "Contracts are settled and the final cost is known",
        "Documents and records are filed where operations will look for them",
        "Lessons are written down and the office has read them",
        "Who measures the benefits, and when, is named",
        "Accounts, access and equipment of the project are returned",
    ),
    "G6": (
        "Each planned benefit was measured in the way that was agreed",
        "Benefits that fell short have a cause and somebody who acts on it",
        "The department still uses what was built as it was meant",
        "Yearly cost of operations is known and compared with the plan",
        "What the city should repeat or avoid is passed on to new projects",
    ),
}


def add(apps, schema_editor):
    Rule = apps.get_model("governance", "TailoringRule")
    have = set(Rule.objects.values_list("governance_class", "artefact"))
    Rule.objects.bulk_create(
        Rule(governance_class=number, artefact=artefact, requirement=requirement, gate=gate_of(artefact, number))
        for artefact, (_, requirements) in MATRIX.items()
        for number, requirement in enumerate(requirements, start=1)
        if (number, artefact) not in have
    )
    Criterion = apps.get_model("governance", "GateCriterion")
    if not Criterion.objects.exists():
        Criterion.objects.bulk_create(
            Criterion(gate=gate, position=position, text=text)
            for gate, texts in QUESTIONS.items()
            for position, text in enumerate(texts, start=1)
        )


def gate_of(artefact, number):
    """Return the gate by which it is approved; class 1 has no G2, so its plans are approved with the definition."""
    gate = MATRIX[artefact][0]
    return "G1" if number == 1 and gate == "G2" else gate


def remove(apps, schema_editor):
    """Take away what `add` brought, as far as nobody has used it: answered questions stay."""
    apps.get_model("governance", "TailoringRule").objects.all().delete()
    answered = apps.get_model("governance", "GateAnswer").objects.values("criterion_id")
    texts = [text for some in QUESTIONS.values() for text in some]
    apps.get_model("governance", "GateCriterion").objects.filter(text__in=texts).exclude(pk__in=answered).delete()


class Migration(migrations.Migration):
    dependencies = [("governance", "0040_stored_copies")]
    operations = [migrations.RunPython(add, remove)]
