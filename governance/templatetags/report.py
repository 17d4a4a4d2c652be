"""How a report's own facts are written: amounts in the unit of their project, places of findings, checks of the clock."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

from governance.report_words import place_words, unit_word
from pmo.lib import words

register = template.Library()

register.filter("place", place_words)


@register.simple_tag
def sum_of(money: Mapping[str, Any], name: str) -> str:
    """Write one amount of a report's money in the currency and unit of its project."""
    return words.amount(money.get(name), money["currency"], unit_word(money["amount_unit"]))


@register.simple_tag
def over_of(money: Mapping[str, Any]) -> str:
    """Write the difference from the approved budget in words, with its share: `$48,000 over (2.2 %)`."""
    difference: Decimal | None = money.get("variance_amount")
    said = words.difference(difference, money["currency"], unit_word(money["amount_unit"]))
    share = money.get("variance_pct")
    return f"{said} ({words.percent(abs(share))})" if difference and share is not None else said
