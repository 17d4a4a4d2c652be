"""Who works for the demo city: the personas, the other project managers, the directors and the teams."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.hashers import make_password

from pmo.demo_personas import DEMO_PASSWORD, DOMAIN, PERSONAS
from pmo.models import User
from pmo.roles import Role

ADELA, MARGUERITE, NADIA, EMIL = "Adela Voss-Marin", "Marguerite Salcedo", "Nadia Fenwold", "Emil Strand"

PROJECT_MANAGERS = (
    "Ruel Vandermay",
    "Desmond Arkwell",
    "Corwin Bexley",
    "Petra Olawuni",
    "Yasmin Tollard",
    "Lucan Prewitt",
)
#: Department to its director, who sponsors what is done for it.
DIRECTORS: Mapping[str, str] = {
    "Airport": "Thea Lindgren-Abara",
    "Animal Services": "Osric Palmgren",
    "City Secretary": "Beatrix Oyelaran",
    "Emergency Management": "Jonas Whitcombe",
    "Finance": "Ottilie Marchetti",
    "Fire": "Garrick Solheim",
    "Health": "Dr. Priya Venkataram",
    "Housing": "Celestine Duarte",
    "Human Resources": "Wilhelmina Crane",
    "Information Technology": "Anselm Kovacs",
    "Library": "Rosalind Achebe",
    "Municipal Court": "Hon. Everett Stanhope",
    "Neighborhoods": "Marisol Quintero",
    "Parks": "Tobias Fennimore",
    "Permitting": "Ingrid Castellanos",
    "Police": "Chief Dolores Haverford",
    "Procurement": "Ambrose Leclair",
    "Public Works": EMIL,
    "Solid Waste": "Philippa Nakamura",
    "Water": EMIL,
}
#: Department to who takes over what a project delivers.
OWNERS: Mapping[str, str] = {
    "Airport": "Yusuf Brandvold",
    "Animal Services": "Carmen Illingworth",
    "City Secretary": "Stellan Moreau",
    "Emergency Management": "Imani Prendergast",
    "Finance": "Lucille Ferraro",
    "Fire": "Rhys Tanaka",
    "Health": "Odalys Winthrop",
    "Housing": "Noah Salvatierra",
    "Human Resources": "Freya Lockhart",
    "Information Technology": "Casimir Boateng",
    "Library": "Annika Delgado",
    "Municipal Court": "Percival Nwosu",
    "Neighborhoods": "Tamsin Escobar",
    "Parks": "Leif Castellano",
    "Permitting": "Mirabel Quast",
    "Police": "Darnell Whitfield",
    "Procurement": "Sabine Okoro",
    "Public Works": "Hattie Lindqvist",
    "Solid Waste": "Raul Pemberton",
    "Water": "Genevieve Sato",
}
#: Name to (job title, role on a project).
TEAM: Mapping[str, tuple[str, str]] = {
    NADIA: ("Business analyst", "analyst"),
    "Rosa Whitlow": ("Business analyst", "analyst"),
    "Bram Keswick": ("Test lead", "tester"),
    "Oona Halloran-Pike": ("Integration developer", "developer"),
    "Mateo Brightwater": ("Integration developer", "developer"),
    "Sunniva Aldercott": ("Application developer", "developer"),
    "Kofi Ravenscroft": ("Network engineer", "engineer"),
    "Lena Stavropol": ("Systems engineer", "engineer"),
    "Hugo Delacroix-Wren": ("Field engineer", "engineer"),
    "Amara Thistlewood": ("Change and training lead", "trainer"),
    "Pilar Montgomery": ("Change and training lead", "trainer"),
    "Silas Vanterpool": ("Security analyst", "security"),
    "Greta Osei": ("Data engineer", "developer"),
    "Ivo Marchbanks": ("Test lead", "tester"),
    "Delphine Roarke": ("Team lead", "lead"),
    "Cassius Ndiaye": ("Team lead", "lead"),
}
TITLES_OF_HONOR = ("Dr. ", "Hon. ", "Chief ")


def login_of(name: str) -> str:
    for title in TITLES_OF_HONOR:
        name = name.removeprefix(title)
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"


class People:
    """The people of the city by name, one object each, so that everyone's roles are read once."""

    def __init__(self) -> None:
        self.by_name: dict[str, User] = {}

    def __getitem__(self, name: str) -> User:
        return self.by_name[name]

    def join(self, name: str, email: str, title: str, department: str, role: Role | None = None, password: str = "") -> None:
        user = User(email=email, name=name, title=title, department_name=department)
        if password:
            user.password = password
        else:
            user.set_unusable_password()
        user.save()
        if role:
            user.add_role(role)
        self.by_name[name] = user


def settle_people() -> People:
    """Make everyone. The personas share one hash of the demo password, which would otherwise take seconds."""
    people, password = People(), make_password(DEMO_PASSWORD)
    for persona in PERSONAS:
        people.join(persona.name, persona.email, persona.job_title, "Information Technology", persona.role, password)
    for name in PROJECT_MANAGERS:
        people.join(name, login_of(name), "Project manager", "Information Technology")
    for department, name in DIRECTORS.items():
        if name not in people.by_name:
            people.join(name, login_of(name), f"Director, {department}", department, Role.STAKEHOLDER)
    for department, name in OWNERS.items():
        people.join(name, login_of(name), f"Service manager, {department}", department, Role.STAKEHOLDER)
    for name, (title, _) in TEAM.items():
        if name not in people.by_name:
            people.join(name, login_of(name), title, "Information Technology")
    for role in Role:
        if not people["Ravi Castellan"].groups.model.objects.filter(name=role.value).exists():
            people["Ravi Castellan"].groups.model.objects.create(name=role.value)
    return people
