"""What every page's frame shows, gathered once per request that renders a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from pmo.lib.periods import fiscal_period
from pmo.models import User
from pmo.navigation import NavLink, links_for, url_or_none

THRESHOLDS_KEY = "frame:thresholds-version"
THRESHOLDS_SECONDS = 60


@dataclass(frozen=True)
class Frame:
    """The frame of one page for one person."""

    city: str
    office: str
    as_of: dt.datetime
    period_text: str
    nav: list[NavLink] = field(default_factory=list)
    has_search: bool = False
    notifications_url: str | None = None
    unread_count: int = 0
    thresholds_version: int | None = None
    theme: str = ""
    density: str = ""
    keys: str = "on"
    is_demo: bool = False


def frame(request: HttpRequest) -> dict[str, object]:
    """Give templates `frame` and `office_name`. Nothing is looked up until a template reads from the frame."""
    return {"frame": SimpleLazyObject(lambda: build_frame(request)), "office_name": settings.OFFICE_NAME}


def build_frame(request: HttpRequest) -> Frame:
    """Return the frame of a page: two short queries for someone signed in (roles; thresholds once a minute)."""
    now = timezone.now()
    plain = Frame(
        city=settings.CITY_NAME,
        office=settings.OFFICE_NAME,
        as_of=now,
        period_text=fiscal_period(timezone.localdate(now), settings.FISCAL_START_MONTH).text,
        is_demo=settings.DEMO,
    )
    user = getattr(request, "user", None)
    return personal(plain, user, request.path) if isinstance(user, User) else plain


def personal(plain: Frame, user: User, path: str) -> Frame:
    notifications_url = url_or_none("notification-list")
    return replace(
        plain,
        nav=links_for(user, path),
        has_search=url_or_none("search") is not None,
        notifications_url=notifications_url,
        unread_count=user.unread_count if notifications_url else 0,
        thresholds_version=thresholds_version(),
        theme=user.theme,
        density=user.density,
        keys="on" if user.keys_enabled else "off",
    )


def thresholds_version() -> int | None:
    """Return the version of the rating thresholds in force, or None before the first is set. Up to a minute old."""
    return cache.get_or_set(THRESHOLDS_KEY, _newest_thresholds, THRESHOLDS_SECONDS)


def _newest_thresholds() -> int | None:
    sets = apps.get_model("governance", "ThresholdSet").objects
    return sets.order_by("-version").values_list("version", flat=True).first()
