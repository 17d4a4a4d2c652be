"""Tags of the pages on the office's own performance."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from governance.performance.figures import Month
from pmo.lib.charts import sparkline

register = template.Library()


@register.filter
def last_label(months: Sequence[Month]) -> str:
    """Return the label of the running month."""
    return months[-1].label


@register.simple_tag
def trendline(points: Sequence[float | None], title: str, unit: str) -> SafeString:
    """Draw one figure over the months. What it says stands in the table below the page's figures too."""
    return sparkline(points, f"{title} over twelve months", f" {unit}" if unit else "", 160, 28, period="months")
