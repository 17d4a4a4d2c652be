"""The row of navigation, as data: what it offers, to whom, and which of its pages exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, reverse

from governance.access import PublishedAccess
from pmo.models import User
from pmo.roles import Role

OFFICE = frozenset({Role.PMO_MANAGER, Role.EXECUTIVE, Role.AUDITOR})


@dataclass(frozen=True)
class NavItem:
    """One entry: its word, the name of its URL, and who sees it: some roles, or whom a rule names, else everyone signed in."""

    label: str
    url_name: str
    roles: frozenset[Role] = frozenset()
    rule: Callable[[User], bool] | None = None
    #: Beginnings of addresses that belong to this entry, besides what is below its own page.
    also: tuple[str, ...] = ()
    #: What waits behind it, as a number beside its word.
    counted: Callable[[User], int] = lambda user: 0

    def is_for(self, user: User) -> bool:
        return self.rule(user) if self.rule else not self.roles or user.has_role(*self.roles)


@dataclass(frozen=True)
class NavLink:
    """One entry as this person sees it on this page."""

    label: str
    url: str
    is_current: bool
    count: int = 0


NAVIGATION = (
    NavItem("Home", "home"),
    NavItem(
        "Projects",
        "portfolio:project-list",
        rule=lambda user: PublishedAccess(user).has_working_pages,
        also=(
            "/programs/",
            "/risks/",
            "/issues/",
            "/decisions/",
            "/actions/",
            "/dependencies/",
            "/imports/",
            "/gates/",
            "/waivers/",
        ),
    ),
    NavItem(
        "Reviews",
        "governance:review-list",
        OFFICE,
        also=("/challenges/", "/changes/", "/conditions/", "/compliance/", "/delegations/", "/performance/"),
        counted=lambda user: getattr(user, "counted_reviews", 0),
    ),
    NavItem("Portfolio", "governance:dashboard", rule=lambda user: PublishedAccess(user).can_see_portfolio),
    NavItem(
        "Policies",
        "governance:policy-list",
        rule=lambda user: PublishedAccess(user).can_read_policies,
        also=("/standards/", "/guidance/", "/lessons/"),
    ),
    NavItem("Administration", "administration", OFFICE | {Role.ADMINISTRATOR}, also=("/rules/", "/departments/")),
)


def url_or_none(name: str) -> str | None:
    """Return the address of a page, or None while the product has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def links_for(user: User | AnonymousUser, path: str) -> list[NavLink]:
    """Return the entries that `user` may open; the one with the longest beginning of `path` is current.

    May run the one query for the roles.
    """
    if not isinstance(user, User):
        return []
    offered = [(item, url) for item in NAVIGATION if (url := url_or_none(item.url_name)) and item.is_for(user)]
    current = max((url for item, url in offered if _is_below(path, url, item.also)), key=len, default=None)
    return [NavLink(item.label, url, url == current, item.counted(user)) for item, url in offered]


def _is_below(path: str, url: str, also: tuple[str, ...]) -> bool:
    """Say whether `path` belongs to the entry at `url`; the home page has nothing below it."""
    return path == url or (url != "/" and path.startswith((url, *also)))
