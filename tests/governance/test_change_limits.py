"""The limits of who decides on changes, and the queue of those who have the next step."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.models import ChangeLimits
from governance.queue import queue_of
from tests.governance.changed import a_change, a_submitted_change, an_assessed_change, with_baseline
from tests.governance.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alpha(alpha):
    return with_baseline(alpha)


# The limits


def limits(**values) -> dict[str, str]:
    classes = {"scope_class": "3", "baseline_class": "3"}
    return {"low_percent": "3", "low_days": "5", "high_percent": "8", **classes, "reason": "Stricter", **values}


def test_the_pmo_manager_changes_the_limits(alpha, fay, pia) -> None:
    change = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(40_000))
    assert change.authority == "manager_sponsor"
    assert signed_in(pia).post(reverse("governance:change-limits"), limits()).status_code == 302
    assert ChangeLimits.current().low_days == 5
    assert ChangeLimits.history.first().history_change_reason == "Stricter"
    assert signed_in(pia).get(change.get_absolute_url()).context["page"].panel.authority == "PMO manager"


@pytest.mark.parametrize("values", [{"reason": ""}, {"low_percent": "8"}, {"low_percent": "0"}, {"low_days": "0"}])
def test_limits_stand_in_order(values, pia) -> None:
    assert signed_in(pia).post(reverse("governance:change-limits"), limits(**values)).status_code == 422
    assert not ChangeLimits.objects.exists()


@pytest.mark.parametrize("person", ["gina", "max", "audrey"])
def test_others_read_the_limits_only(person, alpha, request) -> None:
    client = signed_in(request.getfixturevalue(person))
    assert client.get(reverse("governance:change-limits")).status_code == 200
    assert client.post(reverse("governance:change-limits"), limits()).status_code == 403
    assert not ChangeLimits.objects.exists()


# The queue


def test_what_waits_stands_in_the_queue_of_whoever_has_the_next_step(alpha, fay, pia, gina) -> None:
    to_assess = a_submitted_change(alpha)
    to_pia = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(60_000))
    to_gina = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(100_000))
    a_change(alpha)

    def waiting(person) -> set[str]:
        return {item.url for item in queue_of(person, timezone.now()).items}

    assert waiting(pia) == {to_assess.get_absolute_url(), to_pia.get_absolute_url()}
    assert waiting(gina) == {to_assess.get_absolute_url(), to_gina.get_absolute_url()}
    assert len(queue_of(pia, timezone.now(), everybody=True).items) == 3
    assert "Decide: " in signed_in(pia).get("/reviews/", {"what": "changes"}).content.decode()
