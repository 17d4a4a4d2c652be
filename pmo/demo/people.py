"""Who works for the demo city: the personas, the other project managers, the directors and the teams."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from random import Random
from secrets import token_urlsafe

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from pmo.demo.clock import DAY, CityTime
from pmo.demo_personas import DEMO_PASSWORD, DOMAIN, PERSONAS
from pmo.lib.history import dated, save_as
from pmo.models import User
from pmo.roles import Role

ADELA, MARGUERITE, NADIA, EMIL = "Adela Voss-Marin", "Marguerite Salcedo", "Nadia Fenwold", "Emil Strand"
RAVI, ODILE, OTTILIE = "Ravi Castellan", "Odile Brandt", "Ottilie Marchetti"

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
    "Finance": OTTILIE,
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


#: Where the personas work who are not of Information Technology.
ELSEWHERE: Mapping[str, str] = {
    EMIL: "Public Works",
    "Councilor’s Office": "City Council",
    "Fenn Aldous": "Finance",
    OTTILIE: "Finance",
    ODILE: "Internal Audit",
    "Lorne Whitaker": "Human Resources",
}
IT = "Information Technology"


class People:
    """The people of the city by name, one object each, so that everyone's roles are read once."""

    def __init__(self, time: CityTime) -> None:
        self.by_name: dict[str, User] = {}
        self.time = time

    def __getitem__(self, name: str) -> User:
        return self.by_name[name]

    def join(
        self,
        name: str,
        title: str,
        department: str,
        role: Role | None = None,
        *,
        email: str = "",
        password: str = "",
        days_ago: int = 0,
        seen_days_ago: int = 0,
    ) -> None:
        """Make an account: of the office's first weeks and used lately, unless the numbers of days say otherwise.

        Without `password` nobody has signed in to it yet.
        """
        number = len(self.by_name)
        joined_at = self.workday_moment(days_ago or 597 - number, 9, number % 60)
        user = User(email=email or login_of(name), name=name, title=title, department_name=department, date_joined=joined_at)
        if password:
            user.password = password
            user.last_login = self.workday_moment(seen_days_ago, 16, 20) if seen_days_ago else self.seen_at(name, title)
        else:
            user.set_unusable_password()
        with dated(joined_at):
            save_as(user, by=self.by_name.get(RAVI))
        if role:
            user.add_role(role)
        self.by_name[name] = user

    def workday_moment(self, days_ago: int, hour: int, minute: int) -> dt.datetime:
        """Return a moment of that day, or of the working day after it; never one that has not come yet."""
        return self.time.moment(self.time.calendar.add(self.time.today - DAY * (days_ago + 1), 1), hour, minute)

    def seen_at(self, name: str, title: str) -> dt.datetime:
        """Return a moment of the last weeks: those who write and review were here lately, directors now and then."""
        chance = Random(name)
        longest = 30 if title.startswith(("Director", "Service manager")) else 4
        return self.time.moment(
            self.time.workdays_ago(chance.randint(1, longest)), chance.randint(8, 16), chance.randint(0, 59)
        )


def settle_people(time: CityTime) -> People:
    """Make everyone. The personas share one hash of the demo password, the others one of a password that nobody knows."""
    people, known, unknown = People(time), make_password(DEMO_PASSWORD), make_password(token_urlsafe())
    for persona in PERSONAS:
        department = ELSEWHERE.get(persona.name, IT)
        people.join(persona.name, persona.job_title, department, persona.role, email=persona.email, password=known)
    for name in PROJECT_MANAGERS:
        people.join(name, "Project manager", IT, password=unknown)
    for department, name in DIRECTORS.items():
        if name not in people.by_name:
            people.join(name, f"Director, {department}", department, Role.STAKEHOLDER, password=unknown)
    for department, name in OWNERS.items():
        people.join(name, f"Service manager, {department}", department, Role.STAKEHOLDER, password=unknown)
    for name, (title, _) in TEAM.items():
        if name not in people.by_name:
            people.join(name, title, IT, password=unknown)
    for role in Role:
        Group.objects.get_or_create(name=role.value)
    return people
