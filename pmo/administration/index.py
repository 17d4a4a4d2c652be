"""What else the office keeps: every page for reference data and accounts, by who may open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from governance.review_access import OfficeAccess
from pmo.administration.access import AdministrationAccess
from pmo.models import User
from pmo.navigation import url_or_none
from portfolio.access import PortfolioAccess


@dataclass(frozen=True)
class Place:
    """One page of the index: its words, the name of its URL, what it is for, and who may open it."""

    label: str
    url_name: str
    purpose: str
    is_for: Callable[[User], bool]


@dataclass(frozen=True)
class PlaceLink:
    label: str
    url: str
    purpose: str


def _reader(user: User) -> bool:
    return AdministrationAccess(user).can_open


def _keeper(user: User) -> bool:
    return AdministrationAccess(user).can_keep_accounts


def _office(user: User) -> bool:
    return OfficeAccess(user).reads_all


def _rule_maker(user: User) -> bool:
    return OfficeAccess(user).can_edit_rules


def _portfolio_maker(user: User) -> bool:
    return PortfolioAccess(user).can_edit_programs


SECTIONS: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        "People",
        (
            Place("People", "person-list", "Who may sign in, with which roles, and what each answers for.", _reader),
            Place("New person", "person-new", "Make an account; the person chooses the password by a link.", _keeper),
            Place("Roles", "role-change-list", "What waits for a second person; every role given, taken or declined.", _reader),
            Place("Outbox", "outbox", "The mails of the office: sent, waiting, failed.", _keeper),
            Place("Delegations", "governance:delegation-list", "Who decides in whose name, and until when.", _office),
        ),
    ),
    (
        "Reports and ratings",
        (
            Place(
                "Rules", "governance:rules-detail", "Limits of the computed ratings, clocks and checklist on one page.", _office
            ),
            Place("Thresholds", "governance:thresholds-edit", "When a computed rating turns yellow or red.", _rule_maker),
            Place("Clocks", "governance:clocks-edit", "When reports are due, chased and overdue.", _rule_maker),
            Place("Review checklist", "governance:checklist-edit", "What a reviewer answers before deciding.", _rule_maker),
            Place(
                "City holidays", "governance:holiday-list", "Days on which the office is closed, or open after all.", _office
            ),
            Place(
                "Document templates", "governance:template-list", "Which sections documents have, version by version.", _office
            ),
            Place("Reports not in", "governance:report-not-in", "Who is late, and who was told when.", _office),
        ),
    ),
    (
        "Portfolio",
        (
            Place("Departments", "portfolio:department-list", "For whom projects are done.", _portfolio_maker),
            Place("Programs", "portfolio:program-list", "What groups projects.", _office),
            Place(
                "Imports",
                "governance:import-list",
                "Portfolios brought in from files, with a reason for every row left out.",
                lambda user: PortfolioAccess(user).can_read_imports,
            ),
        ),
    ),
    (
        "The installation",
        (
            Place(
                "Readiness",
                "readyz",
                "Whether database, migrations and workers are well, as the watching machines read it.",
                _keeper,
            ),
            Place("Key to the marks", "styleguide", "Every mark and component in every state.", _reader),
        ),
    ),
)


def places_for(user: User) -> list[tuple[str, list[PlaceLink]]]:
    """Return the sections with the pages that exist and that `user` may open; a section without one is left out."""
    found = [
        (
            heading,
            [
                PlaceLink(place.label, url, place.purpose)
                for place in places
                if place.is_for(user) and (url := url_or_none(place.url_name))
            ],
        )
        for heading, places in SECTIONS
    ]
    return [(heading, links) for heading, links in found if links]
