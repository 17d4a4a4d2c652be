"""The style guide: every component in every state, with invented facts, from the pieces that the pages are made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pmo.lib import charts
from pmo.lib.charts import Bar, RiskPoint
from pmo.lib.forms import MoneyField, RatingSelect, SegmentedSelect, StyledForm
from pmo.lib.words import millions

TODAY = dt.date(2026, 12, 8)
COLOURS = {
    "Ground and ink": "ink ink-soft ink-faint ground surface sunken rule rule-strong accent accent-mid accent-pale accent-wash",
    "Status, for status only": "green green-fill yellow yellow-fill red red-fill grey grey-fill",
}
STATUS = [("R", 3), ("Y", 9), ("-", 1), ("G", 28)]
PROJECTS = [
    ("Court Case Management", "R", Decimal(6_240_000), Decimal(817_400)),
    ("Payroll Time Capture", "R", Decimal(1_865_000), Decimal(197_700)),
    ("Radio Site Network Refresh", "Y", Decimal(11_480_000), Decimal(482_200)),
    ("Property Tax Portal", "G", Decimal(356_000), Decimal(-7_100)),
]
WHY = {
    "letter": "Y",
    "src": "evidence",
    "title": "Why is schedule yellow?",
    "sentence": "Two of three tests are outside green. The worst test decides; no test is red.",
    "tests": [
        ("Finish slip", "2.4 %", "5 % or less", "over 10 %", "G"),
        ("Pace, SPI(t)", "0.94", "0.95 or more", "under 0.90", "Y"),
        ("Key milestone", "12 days", "5 or fewer", "over 15", "Y"),
    ],
    "inputs": [
        ("Baseline 2 finish", "Fri 30 Apr 2027"),
        ("Forecast finish", "Tue 18 May 2027"),
        ("Time passed", "19.0 months"),
    ],
    "rows": [("Parallel bill run 1", "#why", "12 days late"), ("Meter read interface", "", "11 days late")],
    "source": "Status date Thu 3 Dec 2026. Thresholds version 4, class 4. Computed Thu 3 Dec 2026 18:02.",
}
CHECKS = [
    {
        "holds": False,
        "title": "Narrative agrees with the numbers",
        "note": "Headline is silent on 27 days late",
        "url": "#forms",
    },
    {"holds": True, "title": "Period and status date"},
]
LINES = [
    {"text": "Parallel bill run 1 accepted", "url": "#tables", "note": "Wed 30 Dec 2026", "end": "12 days late"},
    {"text": "Council report on rate file", "note": "Fri 22 Jan 2027", "end": "on time"},
]
BUTTONS = [
    {"text": "Accept", "key": "a", "first": True},
    {"text": "Return", "key": "r"},
    {"text": "Reject", "key": "x", "disabled": True},
]


@dataclass(frozen=True)
class Section:
    """One section of the guide: its anchor, its title, its template."""

    slug: str
    title: str

    @property
    def template(self) -> str:
        return f"pmo/styleguide/{self.slug}.html"


SECTIONS = [
    Section("color", "Color"),
    Section("type", "Type"),
    Section("status", "Status marks"),
    Section("figures", "Figures, dates, ages"),
    Section("buttons", "Chips and buttons"),
    Section("tables", "Tables"),
    Section("forms", "Forms"),
    Section("differences", "Differences, findings, checks"),
    Section("messages", "Banners, progress, toast, empty, keys"),
    Section("lists", "Cards and lists"),
    Section("charts", "Charts"),
    Section("why", "Why panel and decision bar"),
]


class GuideForm(StyledForm, forms.Form):
    """A field of each kind."""

    title = forms.CharField(help_text="As it will stand on the agenda.")
    amount = MoneyField()
    fund = forms.CharField(disabled=True)
    due_on = forms.DateField(label="Needed by", required=False)
    kind = forms.ChoiceField(choices=[("", "Choose one"), ("release", "Release"), ("transfer", "Transfer")])
    reason = forms.CharField(widget=forms.Textarea, help_text="Two or three sentences. Stakeholders read it.")
    rating = forms.ChoiceField(choices=[("G", "G"), ("Y", "Y"), ("R", "R")], widget=RatingSelect, help_text="Keys G, Y, R.")
    closed = forms.ChoiceField(
        label="Rating, closed", choices=[("G", "G"), ("Y", "Y"), ("R", "R")], widget=RatingSelect(attrs={"disabled": True})
    )
    outcome = forms.ChoiceField(
        label="Planned item",
        choices=[("done", "Done"), ("not_done", "Not done"), ("dropped", "Dropped")],
        widget=SegmentedSelect,
        help_text="One of three.",
    )
    agreed = forms.BooleanField(label="Each yellow has a reason")


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the guide. It reads no table and is the same for everyone who is signed in."""
    facts: dict[str, Any] = {
        "sections": SECTIONS,
        "colours": [(title, names.split()) for title, names in COLOURS.items()],
        "letters": list("GYR-"),
        "weeks": [
            (letter, "#status" if at < 11 else "", f"Week {at + 1}: {letter}") for at, letter in enumerate("GGYRRRRYYY-G")
        ],
        "late": dt.datetime(2026, 12, 4, 16, 41),  # noqa: DTZ001 - an invented local time
        "today": TODAY,
        "projects": PROJECTS,
        "page": (page := Paginator(range(1204), 25).get_page(2)),
        "pages": list(page.paginator.get_elided_page_range(2, on_each_side=1, on_ends=1)),
        "form": guide_form(),
        "outcomes": [("done", "Done"), ("not_done", "Not done")],
        "checks": CHECKS,
        "lines": LINES,
        "buttons": BUTTONS,
        "why": WHY,
        "pairs": [("Sponsor", "Emil Strand, Water"), ("Class, phase", "4, Test"), ("Next gate", None)],
        **drawings(),
    }
    return render(request, "pmo/styleguide.html", facts)


def guide_form() -> GuideForm:
    """Return the form as it looks after a mistake in one field."""
    form = GuideForm(
        {
            "title": "Release contingency",
            "amount": "24o,000",
            "due_on": "2026-12-16",
            "kind": "release",
            "reason": "The test run needs a second team until Fri 15 Jan.",
            "rating": "Y",
            "closed": "R",
            "outcome": "done",
            "agreed": "on",
        },
        initial={"fund": "Drainage utility"},
    )
    form.full_clean()
    return form


def drawings() -> dict[str, Any]:
    money = (Decimal(8_420_000), Decimal(5_119_400), Decimal(1_861_200), Decimal(8_958_600))
    dates = (dt.date(2026, 12, 18), dt.date(2027, 4, 30), dt.date(2027, 5, 18), TODAY)
    pace = [0.99, 0.98, 0.97, 0.98, 0.96, 0.95, 0.95, 0.94, 0.95, 0.93, 0.94, 0.94]
    risks = [
        RiskPoint("1", (4, 4), (2, 3)),
        RiskPoint("2", (3, 4), (3, 2)),
        RiskPoint("3", (2, 5), (1, 5)),
        RiskPoint("4", (5, 2)),
    ]
    return {
        "finish_wide": charts.finish_line(*dates, baseline_number=2, slip_days=12, width=512),
        "finish_narrow": charts.finish_line(*dates, baseline_number=2, slip_days=12, width=324, labels=False),
        "finish_none": charts.finish_line(None, None, None, TODAY),
        "bullet_wide": charts.bullet(*money, width=512),
        "bullet_narrow": charts.bullet(*money, width=324, labels=False),
        "money_heads": ["Part", "Amount"],
        "money_rows": [
            (name, millions(value)) for name, value in zip(("Budget", "Spent", "Committed", "Forecast"), money, strict=True)
        ],
        "stacked_wide": charts.stacked_status(STATUS, 512),
        "stacked_narrow": charts.stacked_status(STATUS, 324),
        "sparkline": charts.sparkline(pace, "Pace SPI(t), the line at 0.95", target=0.95),
        "matrix": charts.risk_matrix(risks),
        "bars": charts.bars([Bar("Water", 9, "9 projects"), Bar("Finance", 5, "5 projects"), Bar("Parks", 2, "2 projects")],
                            "Projects by department", 324),
    }  # fmt: skip
