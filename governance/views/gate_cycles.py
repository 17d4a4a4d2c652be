"""How long from gate to gate: the report, and its table as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from governance.gate_cycles import CycleTimes, Line, cycle_times, step_name, step_words, whole
from governance.models import GateReview
from governance.views.gate_lists import may_read
from pmo.lib import words
from pmo.lib.exports import About, csv_response, xlsx_response
from pmo.lib.forms import StyledForm
from pmo.lib.tables import Column, Link, Table

RECORDS = [("", "Our own and imported"), ("own", "Our own"), ("imported", "Imported")]


class CycleForm(StyledForm, forms.Form):
    records = forms.ChoiceField(label="Records", choices=RECORDS, required=False)
    kind = forms.ChoiceField(label="Sort of project", required=False)
    step = forms.ChoiceField(label="Step", required=False)

    def offer(self, report: CycleTimes) -> None:
        """Offer the sorts and steps that occur."""
        kinds = [("", "Every sort"), *((kind, kind) for kind in report.kinds)]
        steps = [("", "The commonest"), *((step_name(step), step_words(step)) for step in report.steps)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["step"].choices = steps  # type: ignore[attr-defined]


def columns() -> list[Column]:
    return [
        Column("step", "Step", lambda line: line.words, is_head=True),
        Column("kind", "Sort of project", lambda line: line.kind),
        *figures(),
    ]


def figures() -> list[Column]:
    return [
        Column("count", "Projects", lambda line: line.count, is_number=True),
        Column("median", "Median, days", lambda line: days(line.median), is_number=True),
        Column("ninetieth", "90th percentile, days", lambda line: days(line.ninetieth), is_number=True),
        Column("shortest", "Shortest", lambda line: line.shortest, is_number=True),
        Column("longest", "Longest", lambda line: line.longest, is_number=True),
    ]


def steps_table(report: CycleTimes, asked: dict[str, str]) -> Table:
    """Return every step; its name puts it in front."""

    def link(line: Line) -> Link:
        return Link(line.words, "?" + urlencode({**asked, "step": line.name}))

    return Table([Column("step", "Step", link, is_head=True), *figures()], "", report.whole_lines)


def sorts_table(report: CycleTimes) -> Table:
    return Table([Column("kind", "Sort of project", lambda line: line.kind, is_head=True), *figures()], "", report.sorts)


def days(value: float | None) -> Any:
    """Return whole days, so that page and file say the same number."""
    return None if value is None else words.rounded(value, 0)


@require_GET
def cycle_times_page(request: HttpRequest, export: str = "") -> HttpResponseBase:
    may_read(request)
    rows = GateReview.objects.visible_to(request.user)
    asked = {name: request.GET.get(name, "") for name in ("records", "kind", "step")}
    if asked["records"] == "own":
        rows = rows.filter(kind_in_source="")
    elif asked["records"] == "imported":
        rows = rows.exclude(kind_in_source="")
    report = cycle_times(rows, kind=asked["kind"], step=asked["step"])
    if export:
        return as_file(request, export, report, asked)
    form = CycleForm(initial=asked, label_suffix="")
    form.offer(report)
    context = {
        "report": report,
        "form": form,
        "asked": asked,
        "steps": steps_table(report, asked),
        "sorts": sorts_table(report),
        "spread": chart(report.drawing, (820, 330), ("Days", "Projects"), report.spread),
        "years": chart(report.by_year, (400, 330), ("Year", "Projects", "Median"), year_rows(report)),
        "facts": facts_of(report.chosen),
    }
    return render(request, "governance/gate_cycles.html", context)


def chart(draw: Callable[[float], Any], widths: tuple[int, int], heads: Sequence[str], rows: Sequence[Any]) -> dict[str, Any]:
    """Return what components/chart.html shows: the drawing for desk and phone, and its table."""
    return {"wide": draw(widths[0]), "narrow": draw(widths[1]), "heads": heads, "rows": rows}


def year_rows(report: CycleTimes) -> list[tuple[str, str, str]]:
    return [(str(year), str(count), whole(middle)) for year, count, middle in report.years]


def facts_of(line: Line | None) -> list[tuple[str, str]]:
    """Return the figures of the chosen step by their names."""
    if line is None:
        return []
    named = {"Median": line.median, "90th percentile": line.ninetieth, "Shortest": line.shortest, "Longest": line.longest}
    return [("Projects", f"{line.count:,}"), *((name, f"{whole(value)} days") for name, value in named.items())]


def as_file(request: HttpRequest, export: str, report: CycleTimes, asked: dict[str, str]) -> HttpResponseBase:
    at = timezone.now()
    name = f"gate-cycle-times-{timezone.localtime(at):%Y-%m-%d}"
    if export == "csv":
        return csv_response(name, columns(), report.lines)
    filters = [(key, value) for key, value in asked.items() if value]
    return xlsx_response(name, columns(), report.lines, About("Gate cycle times", str(request.user), at, filters))
