"""Who stands in while the PMO manager is away: for gates and changes the executive, so that neither waits for one person."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef

from governance.models import Delegation
from pmo.models import User
from pmo.roles import Role

DEPUTY = f"{Role.EXECUTIVE.value}, deputy of the PMO manager"


def office_is_away(on: dt.date) -> bool:
    """Whether everybody who holds the role of PMO manager is away on a day: a delegation given for it says so. One query.

    A delegation covers deliverables only. Gates and changes go to the executive meanwhile, not to whom it names: they move
    what was agreed, and nobody below the office decides on that.
    """
    given = Delegation.objects.active(on).filter(delegator=OuterRef("pk"))
    away = User.objects.with_role(Role.PMO_MANAGER).annotate(is_away=Exists(given)).values_list("is_away", flat=True)
    found = list(away)
    return bool(found) and all(found)
