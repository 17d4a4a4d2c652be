"""The first version of both document templates: sections, guidance, columns, and from which class a section is required."""

from django.db import migrations
from django.utils import timezone

NOTE = "The templates as first published."


def text(key, number, title, guidance, required=1):
    return {"key": key, "number": number, "title": title, "guidance": guidance, "required_from_class": required}


def table(key, number, title, guidance, columns, required=1, least_rows=1, is_confidential=False):
    return {
        **text(key, number, title, guidance, required),
        "form": "table",
        "columns": [column(*parts) for parts in columns],
        "least_rows": least_rows,
        "is_confidential": is_confidential,
    }


def column(key, label, kind="text", required=True, choices=(), hint=""):
    return {"key": key, "label": label, "type": kind, "required": required, "choices": list(choices), "help": hint}


LEVELS = ("low", "medium", "high")
RACI = ("R", "A", "C", "I", "R, A")

DEFINITION = (
    text(
        "problem",
        "1.1",
        "Problem",
        "What is wrong today, for whom, how often and at what cost. Do not name a solution here.",
    ),
    text("description", "1.2", "Description", "What the project will do, in a page at most, in words that the council understands."),
    table(
        "objectives",
        "1.3",
        "Objectives",
        "What will be measurably better. Each needs where it stands today, where it will stand, and by when.",
        [
            ("statement", "Objective"),
            ("measure", "Measure"),
            ("baseline", "Baseline"),
            ("target", "Target"),
            ("date", "By", "date"),
        ],
    ),
    table("in_scope", "1.4", "In scope", "What is delivered. One thing a row.", [("item", "What"), ("note", "Note", "text", False)]),
    table(
        "out_of_scope",
        "1.5",
        "Out of scope",
        "What people might expect and will not get. An empty list is a sign that nobody asked.",
        [("item", "What"), ("reason", "Why not", "text", False)],
    ),
    table(
        "deliverables",
        "1.6",
        "Deliverables and acceptance",
        "What is handed over, and by which criteria who accepts it.",
        [("deliverable", "Deliverable"), ("criteria", "Acceptance criteria", "long"), ("accepted_by", "Accepted by")],
    ),
    text("success_factors", "1.7", "Critical success factors", "What has to go right for the objectives to be reached.", 2),
    text("assumptions", "1.8", "Assumptions", "What is taken for granted and would change the plan if it were wrong."),
    text("constraints", "1.9", "Constraints", "Laws, dates, money, systems and people that cannot be moved."),
    table(
        "dependencies",
        "1.10",
        "Dependencies",
        "What must come from other projects, departments or vendors.",
        [("what", "What"), ("from_whom", "From whom"), ("needed_by", "Needed by", "date", False)],
        None,
    ),
    table(
        "alternatives",
        "1.11",
        "Alternatives considered",
        "At least what happens if nothing is done, and one other way.",
        [("option", "Alternative"), ("cost", "Cost", "money", False), ("why_not", "Why not chosen", "long")],
        2,
        2,
    ),
    text("alignment", "1.12", "Strategic alignment", "The live strategic objective of the city that this serves, and how."),
    table(
        "funding",
        "2.1",
        "Funding",
        "Which fund, program or grant pays, and who has authority over it.",
        [
            ("source", "Source"),
            ("type", "Type", "choice", True, ("operating", "capital program", "grant", "other")),
            ("amount", "Amount", "money", False),
            ("authority", "Authority"),
        ],
    ),
    text("oversight", "2.2", "Oversight and authority", "Which body oversees the project, and what the project manager may decide alone."),
    table(
        "milestones",
        "2.3",
        "Milestones",
        "At least three, with the date each is aimed at.",
        [("name", "Milestone"), ("target", "Target date", "date")],
        1,
        3,
    ),
    table(
        "cost",
        "2.4",
        "Cost, rough order of magnitude",
        "A range, not a number: low, likely and high, each with what it is based on.",
        [
            ("estimate", "Estimate", "choice", True, ("low", "likely", "high")),
            ("amount", "Amount", "money"),
            ("basis", "Basis of the estimate", "long"),
        ],
        1,
        3,
    ),
    table(
        "risks",
        "2.5",
        "Initial risks",
        "The few that could stop the project. Each has an owner.",
        [
            ("risk", "Risk"),
            ("probability", "Probability", "choice", True, LEVELS),
            ("impact", "Impact", "choice", True, LEVELS),
            ("response", "Response", "long"),
            ("owner", "Owner"),
        ],
    ),
    table(
        "benefits",
        "2.6",
        "Benefits",
        "Who gains what, when, measured how. The owner works outside IT.",
        [
            ("benefit", "Benefit"),
            ("measure", "Measure"),
            ("target", "Target"),
            ("from_date", "From", "date", False),
            ("owner", "Owner"),
            ("owner_is_it", "Owner works in IT", "yes_no"),
        ],
    ),
    table(
        "roles",
        "3.1",
        "Organization and roles",
        "Who does what, and who provides the people.",
        [("role", "Role"), ("name", "Name"), ("duty", "Responsible for"), ("provided_by", "Provided by", "text", False)],
    ),
    table(
        "raci",
        "3.2",
        "Responsibility matrix",
        "For each milestone: R does it, A answers for it, C is asked, I is told. One A in each row.",
        [
            ("milestone", "Milestone or deliverable"),
            ("sponsor", "Sponsor", "choice", False, RACI),
            ("business_owner", "Business owner", "choice", False, RACI),
            ("project_manager", "Project manager", "choice", False, RACI),
            ("team", "Team", "choice", False, RACI),
            ("vendor", "Vendor", "choice", False, RACI),
        ],
        2,
    ),
    table(
        "stakeholders",
        "3.3",
        "Stakeholders",
        "Who is touched, how strongly, and how they are kept with the project.",
        [
            ("name", "Stakeholder"),
            ("interest", "Interest", "choice", True, LEVELS),
            ("influence", "Influence", "choice", True, LEVELS),
            ("engagement", "How they are engaged"),
        ],
        2,
    ),
    table(
        "data_flags",
        "4.1",
        "Data, privacy, security, accessibility",
        "Whether each applies, and what is done about it.",
        [
            ("topic", "Topic", "choice", True, ("data classification", "privacy", "security", "accessibility")),
            ("applies", "Applies", "yes_no"),
            ("treatment", "What is done", "long", False),
        ],
        1,
        4,
    ),
    text("exit_criteria", "4.2", "Exit criteria", "How everybody will know that the project is over, or should be stopped.", 2),
    table("glossary", "5", "Glossary", "Words that a reader from outside would not know.", [("term", "Term"), ("meaning", "Meaning", "long")], None),
)

EXECUTION_PLAN = (
    text("summary", "1.1", "Summary of the definition", "The objectives in two paragraphs; what changed since, with its change request.", 2),
    table(
        "in_scope",
        "1.2",
        "In scope",
        "As in the definition document, word for word; a difference needs an approved change.",
        [("item", "What"), ("note", "Note", "text", False)],
        2,
    ),
    table(
        "out_of_scope",
        "1.3",
        "Out of scope",
        "As in the definition document.",
        [("item", "What"), ("reason", "Why not", "text", False)],
        2,
    ),
    text("approach", "2.1", "Delivery approach", "Predictive, agile or hybrid, and why that suits this project.", 2),
    table(
        "phases",
        "2.2",
        "Phases and gates",
        "Which gate ends which phase, and when.",
        [("phase", "Phase"), ("gate", "Gate"), ("planned", "Planned for", "date")],
        2,
    ),
    table(
        "tailoring",
        "2.3",
        "Tailoring",
        "What the class asks for and this project does otherwise. A waived artefact needs a reason.",
        [
            ("artefact", "Artefact"),
            ("choice", "Choice", "choice", True, ("required", "short form", "waived")),
            ("reason", "Reason", "text", False),
        ],
        2,
    ),
    table(
        "wbs",
        "3.1",
        "Work breakdown",
        "Each deliverable once; together they are the whole.",
        [("code", "Code"), ("deliverable", "Deliverable"), ("owner", "Owner")],
        2,
        3,
    ),
    text("scope_management", "3.2", "Scope management", "How scope is agreed, traced and accepted.", 3),
    text("schedule_management", "3.3", "Schedule management", "How often it is statused, and how progress is measured.", 2),
    table(
        "thresholds",
        "3.4",
        "Cost and schedule thresholds",
        "From which number on who has to act. Numbers, not words.",
        [
            ("what", "What"),
            ("limit", "Limit", "number"),
            ("unit", "Unit", "choice", True, ("%", "$", "days")),
            ("action", "Who does what"),
        ],
        2,
    ),
    text("contingency", "3.5", "Contingency", "Who may draw it, on what evidence. The requester is not the approver.", 3),
    table(
        "quality",
        "4.1",
        "Quality plan",
        "For each deliverable a standard and a number that it must reach.",
        [
            ("deliverable", "Deliverable"),
            ("standard", "Standard"),
            ("metric", "Metric"),
            ("target", "Target", "number"),
            ("method", "Method"),
            ("frequency", "Frequency"),
            ("responsible", "Responsible"),
        ],
        2,
    ),
    table(
        "communication",
        "4.2",
        "Communication",
        "Who is told what, how, how often, by whom. Every stakeholder group appears.",
        [
            ("audience", "Audience"),
            ("message", "Message"),
            ("channel", "Channel"),
            ("frequency", "Frequency"),
            ("owner", "Owner"),
        ],
        2,
    ),
    text("risk_management", "4.3", "Risk management", "Scales, appetite, and how often risks are reviewed.", 2),
    table(
        "escalation",
        "4.4",
        "Issue escalation",
        "To whom an issue goes after how long.",
        [("level", "Level"), ("who", "Who"), ("hours", "Within hours", "number")],
        2,
        2,
    ),
    table(
        "change_authority",
        "4.5",
        "Change control",
        "Who decides on a change of which size.",
        [("size", "Size of the change"), ("authority", "Who decides")],
        2,
        2,
    ),
    table(
        "procurement",
        "5.1",
        "Procurement",
        "Prices stay within the office until the contract is awarded.",
        [
            ("item", "Item"),
            ("method", "Method"),
            ("contract_type", "Contract type"),
            ("solicitation", "Solicitation", "date", False),
            ("award", "Award planned", "date", False),
            ("limit", "Not to exceed", "money", False),
            ("lead_time", "Lead time in weeks", "number", False),
            ("awarded_on", "Awarded on", "date", False),
        ],
        None,
        1,
        True,
    ),
    text("resources", "5.2", "Resources", "Which people are needed when; the resource plan holds the numbers.", 2),
    text("training", "5.3", "Training and change", "Who must work differently, and how they are brought along.", 2),
    text("security", "6.1", "Security and privacy", "What is protected how, and which reviews are due. Or why none is needed.", 2),
    text("accessibility", "6.2", "Accessibility", "Which standard applies and how it is tested. Or why none is needed.", 2),
    text("testing", "6.3", "Testing", "Levels, data, environments, who signs.", 2),
    text("migration", "6.4", "Data migration", "What moves, how it is checked. Or why nothing moves.", 2),
    text("deployment", "6.5", "Cut-over and rollback", "Steps, the point of no return, and the way back.", 2),
    text("operations", "6.6", "Hand-over to operations", "Who runs it from when, with which documents and money.", 2),
    text("closeout", "6.7", "Closeout criteria", "What must be true before the project is closed.", 2),
    table(
        "governance_roster",
        "7",
        "Governance roster",
        "Who sits on the body that decides, and how often it meets.",
        [("name", "Name"), ("capacity", "As"), ("meets", "Meets", "text", False)],
        3,
    ),
)


def add(apps, schema_editor):
    DocumentTemplate = apps.get_model("governance", "DocumentTemplate")
    TemplateSection = apps.get_model("governance", "TemplateSection")
    now = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    for kind, sections in (("definition", DEFINITION), ("execution_plan", EXECUTION_PLAN)):
        template = DocumentTemplate.objects.create(kind=kind, version=1, note=NOTE, created_at=now, published_at=now)
        TemplateSection.objects.bulk_create(
            TemplateSection(template=template, position=position, **section) for position, section in enumerate(sections, start=1)
        )


def remove(apps, schema_editor):
    """Take away what `add` brought, as far as no document was written with it."""
    used = apps.get_model("governance", "Document").objects.values("template_id")
    apps.get_model("governance", "DocumentTemplate").objects.filter(version=1, note=NOTE).exclude(pk__in=used).delete()


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_add_documents_gates_and_changes")]

    operations = [migrations.RunPython(add, remove)]
