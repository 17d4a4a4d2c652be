"""The people of the demo city whom a visitor may sign in as. The demo loader makes them; only demo mode offers them."""

from __future__ import annotations

from dataclasses import dataclass

from pmo.roles import Role

DEMO_PASSWORD = "harbor-lantern-42"  # noqa: S105  (printed by ./dev run; demo mode refuses to start in production)
DOMAIN = "portansel.example"


@dataclass(frozen=True)
class Persona:
    """One demo person: the login, the name, the word for what they are, their group (if any) and what to try as them."""

    email: str
    name: str
    label: str
    role: Role | None
    job_title: str
    try_this: str


def _persona(login: str, name: str, label: str, role: Role | None, job_title: str, try_this: str) -> Persona:
    return Persona(f"{login}@{DOMAIN}", name, label, role, job_title, try_this)


PERSONAS: tuple[Persona, ...] = (
    _persona(
        "adela.voss-marin",
        "Adela Voss-Marin",
        "PMO manager",
        Role.PMO_MANAGER,
        "Manager, IT Project Management Office",
        "Decide this week’s reports from the queue",
    ),
    _persona(
        "ines.okonta",
        "Ines Okonta",
        "Project manager",
        None,
        "Senior project manager",
        "Fill in and submit this week’s report",
    ),
    _persona("halima.dresk", "Halima Dresk", "Project manager", None, "Project manager", "Answer a report that came back"),
    _persona(
        "tobin.achterby", "Tobin Achterby", "Project manager", None, "Project manager", "See what a late report looks like"
    ),
    _persona(
        "emil.strand",
        "Emil Strand",
        "Sponsor",
        Role.STAKEHOLDER,
        "Director, Public Works",
        "Give the opinion on a plan that you are asked for",
    ),
    _persona(
        "ottilie.marchetti",
        "Ottilie Marchetti",
        "Sponsor",
        Role.STAKEHOLDER,
        "Director, Finance",
        "Say what you think of a definition that was rejected once",
    ),
    _persona(
        "council.office",
        "Councilor’s Office",
        "Stakeholder",
        Role.STAKEHOLDER,
        "Office of the City Council",
        "Read the dashboard as the council does",
    ),
    _persona(
        "marguerite.salcedo",
        "Marguerite Salcedo",
        "Executive",
        Role.EXECUTIVE,
        "Deputy director, Information Technology",
        "Decide what the PMO manager may not",
    ),
    _persona(
        "fenn.aldous", "Fenn Aldous", "Finance analyst", Role.FINANCE, "Finance analyst", "Check the money of the projects"
    ),
    _persona(
        "odile.brandt",
        "Odile Brandt",
        "Auditor",
        Role.AUDITOR,
        "Internal auditor",
        "Follow a decision back to what was signed",
    ),
    _persona(
        "ravi.castellan",
        "Ravi Castellan",
        "Administrator",
        Role.ADMINISTRATOR,
        "Systems administrator",
        "Let somebody in, and agree to a role as the second person",
    ),
    _persona("nadia.fenwold", "Nadia Fenwold", "Team member", None, "Business analyst", "See your own actions and issues"),
    _persona("lorne.whitaker", "Lorne Whitaker", "HR liaison", Role.HR_LIAISON, "HR liaison", "Read the policies, and say so"),
)


def persona_by_email(email: str) -> Persona | None:
    """Return the persona who signs in with `email`, or None: nobody else may be signed in without a password."""
    return next((persona for persona in PERSONAS if persona.email == email.strip().lower()), None)
