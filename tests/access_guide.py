"""Who may open what, as a page of the user guide: `tests/access_matrix.py` in words.

`python -m tests.access_guide` writes the page anew; `tests/test_access_guide.py` fails while it says something else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from tests import access_matrix
from tests.access_matrix import Row

PAGE = Path(__file__).resolve().parent.parent / "docs" / "user-guide" / "access.md"
#: The people of tests/cast.py in the order of the columns, and what each stands for.
COLUMNS: Mapping[str, str] = {
    "pia": "PMO manager",
    "gina": "Executive",
    "audrey": "Auditor",
    "adam": "Administrator",
    "fay": "Finance analyst",
    "hugo": "HR liaison",
    "stella": "Stakeholder",
    "max": "Its project manager",
    "tess": "Its team",
    "sam": "Its sponsor",
    "bea": "Another project manager",
    "olaf": "No role",
}
#: One sentence of the page covers these: signing in, what belongs to one person, what everybody has.
FOR_EVERYBODY = (access_matrix.ACCOUNT, access_matrix.OWN, access_matrix.FRAME)
REGISTER_ROWS = {
    name: row
    for noun, verbs in access_matrix.REGISTERS.items()
    for name, row in access_matrix.register_rows(noun, verbs).items()
}
SECTIONS: tuple[tuple[str, Mapping[str, Row]], ...] = (
    ("Administration", access_matrix.ADMINISTRATION),
    ("Projects, programs and departments", access_matrix.PROJECTS),
    ("Registers", REGISTER_ROWS),
    ("Weekly reports", access_matrix.REPORTS),
    ("Reviews, challenges and delegations", access_matrix.REVIEWS),
    ("Rules", access_matrix.RULES),
    ("What is published", access_matrix.PUBLISHED),
    ("Imports", access_matrix.IMPORTS),
    *((area.TITLE, area.ROWS) for area in access_matrix.AREAS if area.ROWS),
)
MARKS = {"allow": "yes", "forbid": "no", "hide": "–"}
HEAD = """# Who may open what

Written from the table that every page is tested against; do not edit it here.

- **yes**: opens it. **no**: is told that their role does not allow it. **–**: it does not exist for them.
- A row is the address of a page; with *send* it is what a button of a page does. CSV and XLSX files follow their list.
- Rows with `<code>` are about one project; *its* project manager, team and sponsor are those of that project.
- Whoever holds several roles may do what any of them may. What nobody may do with their own work stays forbidden.
- Everybody who is signed in has home, search, notifications, saved views and their own account. Sessions, saved views and
  notifications exist for nobody but the person whose they are. Signed out, only the pages of signing in open.
"""


def addresses() -> dict[str, str]:
    """Return the address pattern of every URL name: `/projects/<code>/edit/`."""
    found: dict[str, str] = {}

    def walk(resolver: URLResolver, namespace: str, start: str) -> None:
        for pattern in resolver.url_patterns:
            here = start + readable(str(pattern.pattern))
            if isinstance(pattern, URLResolver):
                walk(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace, here)
            else:
                assert isinstance(pattern, URLPattern)
                found[f"{namespace}{pattern.name}"] = here

    walk(get_resolver(), "", "/")
    return found


def readable(route: str) -> str:
    """Return a route without its types, and a regular expression without its signs."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route.removeprefix("^^").removeprefix("^").removesuffix("$"))
    return re.sub(r"<\w+:(\w+)>", r"<\1>", plain).replace("\\Z", "")


def is_a_file_of_its_list(name: str, rows: Mapping[str, Row]) -> bool:
    base = re.sub(r"-(csv|xlsx)$", "", name)
    return base != name and rows.get(base) == rows[name]


def line(address: str, row: Row) -> str:
    what = f"`{address}`" + (", send" if row.method == "POST" else "")
    return f"| {what} | " + " | ".join(MARKS[row.verdict(person)] for person in COLUMNS) + " |"


def guide() -> str:
    """Return the whole page."""
    known, parts = addresses(), [HEAD]
    for heading, rows in SECTIONS:
        shown = [line(known[name], row) for name, row in rows.items() if not is_a_file_of_its_list(name, rows)]
        head = f"| address | {' | '.join(COLUMNS.values())} |\n|---{'|---' * len(COLUMNS)}|"
        parts.append(f"## {heading}\n\n{head}\n" + "\n".join(shown) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    import django

    os.environ.setdefault("PMO_ENV", "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PAGE.write_text(guide())
