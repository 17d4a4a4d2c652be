"""What the cells name by words: departments, programs and people, looked up once for the whole file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pmo.models import User
from pmo.roles import Role
from portfolio.models import Department, Program


@dataclass
class Directory:
    """All departments, programs and people by their words in small letters.

    Two people of one name are nobody: the name does not tell them apart.
    """

    departments: dict[str, Department] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    people: dict[str, User | None] = field(default_factory=dict)
    only_readers: set[int] = field(default_factory=set)
    """The auditors, who can be named for nothing."""
    program_codes: set[str] = field(default_factory=set)
    new_departments: dict[str, Department] = field(default_factory=dict)
    new_programs: dict[str, Program] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Directory:
        """Read the directory. Four queries."""
        directory = cls(departments={row.name.casefold(): row for row in Department.objects.all()})
        for program in Program.objects.all():
            directory.programs[program.name.casefold()] = program
            directory.program_codes.add(program.code)
        directory.programs |= {program.code.casefold(): program for program in list(directory.programs.values())}
        directory._read_people()
        return directory

    def _read_people(self) -> None:
        for user in User.objects.filter(is_active=True).order_by("name").only("pk", "name", "email"):
            name = user.name.casefold()
            self.people[name] = None if name in self.people else user
            self.people[user.email.casefold()] = user
        self.only_readers = set(User.objects.with_role(Role.AUDITOR).values_list("pk", flat=True))

    def department(self, words: str) -> Department:
        """Return the department of this name, an unsaved one when there is none yet."""
        key = " ".join(words.split()).casefold()
        if key in self.departments:
            return self.departments[key]
        return self.new_departments.setdefault(key, Department(name=" ".join(words.split())))

    def program(self, words: str) -> Program:
        """Return the program of this name or code, an unsaved one with a code of its own when there is none yet."""
        name = " ".join(words.split())
        key = name.casefold()
        if key in self.programs:
            return self.programs[key]
        if key not in self.new_programs:
            self.new_programs[key] = Program(code=self._free_code(name), name=name)
        return self.new_programs[key]

    def _free_code(self, name: str) -> str:
        stem = re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-")[:16].strip("-") or "PROGRAM"
        code, count = stem, 1
        while code in self.program_codes:
            count += 1
            code = f"{stem}-{count}"
        self.program_codes.add(code)
        return code

    def person(self, words: str) -> User | None:
        """Return the person of this e-mail address or name; None when nobody, or more than one, is called so."""
        mail = re.search(r"[^\s<>;,]+@[^\s<>;,]+", words)
        if mail:
            return self.people.get(mail[0].casefold())
        return self.people.get(" ".join(words.split()).casefold())

    def keep_new(self, used: set[int]) -> None:
        """Forget the new departments and programs that no accepted row needs; `used` has the identities of those in use."""
        self.new_departments = {key: row for key, row in self.new_departments.items() if id(row) in used}
        self.new_programs = {key: row for key, row in self.new_programs.items() if id(row) in used}

    def save_new(self, *, by: Any, reason: str) -> None:
        """Save the departments and programs that the import needs, each with its history."""
        for row in (*self.new_departments.values(), *self.new_programs.values()):
            stored = type(row).enter(
                by=by, reason=reason, **{name: getattr(row, name) for name in ("name", "code") if hasattr(row, name)}
            )
            row.pk = stored.pk
            row._state.adding = False
