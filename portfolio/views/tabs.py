"""The lists of the portfolio side by side."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from portfolio.models import Project
from portfolio.models.projects import READ_REGISTERS, manages_any_project

#: The registers in the order of every sub-navigation: (label, noun of the URL names).
REGISTERS = (
    ("Risks", "risk"),
    ("Issues", "issue"),
    ("Decisions", "decision"),
    ("Actions", "action"),
    ("Dependencies", "dependency"),
)


def portfolio_tabs(user: Any, here: str) -> list[tuple[str, str, bool]]:
    """Return (label, address, is current) of the lists that `user` may open. At most one query."""
    offered = [("Projects", "project"), ("Programs", "program")]
    if user.has_role(*READ_REGISTERS) or manages_any_project(user) or Project.objects.of(user).exists():
        offered += REGISTERS
    return [(label, reverse(f"portfolio:{noun}-list"), noun == here) for label, noun in offered]
