"""Charts tolerate what is missing, never let labels touch, and are the same bytes for the same input."""

import datetime as dt
import itertools
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, fromstring

import pytest

from pmo.lib.charts import (
    Bar,
    RiskPoint,
    arrow,
    bars,
    bullet,
    finish_line,
    glyph,
    icon,
    risk_matrix,
    sparkline,
    stacked_status,
    strip,
)
from pmo.lib.charts.kit import text_width

TODAY = dt.date(2026, 12, 8)
SVG = "{http://www.w3.org/2000/svg}"
HALF_MILLION = 500_000

CHARTS: dict[str, Callable[[], str]] = {
    "strip": lambda: strip("GGYR-", "Scope, last 5 weeks"),
    "empty strip": lambda: strip("", "No weeks"),
    "sparkline": lambda: sparkline([0.99, 0.95, None, 0.94], "Pace", target=0.95),
    "empty sparkline": lambda: sparkline([], "Pace"),
    "stacked": lambda: stacked_status([("R", 3), ("Y", 9), ("-", 1), ("G", 28)], 246, 14),
    "empty stacked": lambda: stacked_status([], 246),
    "bullet": lambda: bullet(8_420_000, 5_119_400, 1_861_200, 8_958_600, 512),
    "bullet without budget": lambda: bullet(None, HALF_MILLION, None, None),
    "bullet of zeros": lambda: bullet(0, 0, 0, 0),
    "empty bullet": lambda: bullet(None, None, None, None),
    "finish": lambda: finish_line(dt.date(2026, 12, 18), dt.date(2027, 4, 30), dt.date(2027, 5, 18), TODAY, 2, 12, 512),
    "finish without original": lambda: finish_line(None, dt.date(2027, 4, 30), dt.date(2027, 5, 18), TODAY),
    "finish without forecast": lambda: finish_line(None, dt.date(2027, 4, 30), None, TODAY),
    "empty finish": lambda: finish_line(None, None, None, TODAY),
    "matrix": lambda: risk_matrix([RiskPoint("1", (4, 4), (2, 3)), RiskPoint("2", (4, 4)), RiskPoint("3", None)]),
    "bars": lambda: bars([Bar("Water", 12, "12 projects"), Bar("None", 0, "0 projects")], "Projects by department"),
    "empty bars": lambda: bars([], "Projects by department"),
}  # fmt: skip


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_chart_is_well_formed_named_and_described(draw: Callable[[], str]) -> None:
    root = fromstring(draw())  # noqa: S314  our own text

    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_chart_is_the_same_bytes_again_without_ids_or_inline_style(draw: Callable[[], str]) -> None:
    first = draw()

    assert draw() == first
    assert " id=" not in first
    assert "style=" not in first


def test_names_from_people_are_escaped() -> None:
    assert "<b>" not in strip("G", "<b>Water</b>")
    assert "&lt;b&gt;" in bars([Bar("<b>", 1, "<i>")], "<u>")


def boxes(root: Element) -> list[tuple[float, float, float]]:
    """Return (left, right, y) of each text, by the kit's own measure of its width."""
    found = []
    for node in root.iter(f"{SVG}text"):
        width = text_width(node.text or "", int(node.get("font-weight", "400")))
        x = float(node.get("x", "0")) - {"start": 0.0, "middle": width / 2, "end": width}[node.get("text-anchor", "start")]
        found.append((x, x + width, float(node.get("y", "0"))))
    return found


NEAR = [TODAY + dt.timedelta(days=days) for days in (-400, -30, -1, 0, 2, 40, 2000)]


@pytest.mark.parametrize("width", [300, 400, 512, 640])
def test_finish_labels_never_touch_or_leave_the_picture(width: int) -> None:
    for original, current, forecast in itertools.product([None, *NEAR], [None, *NEAR], [None, *NEAR]):
        root = fromstring(finish_line(original, current, forecast, TODAY, 3, 5, width))  # noqa: S314
        height = float(root.get("height", "0"))
        for left, right, y in boxes(root):
            assert left >= -0.1
            assert right <= width + 0.1
            assert 8 <= y <= height
        for (left, right, y), (other_left, other_right, other_y) in itertools.combinations(boxes(root), 2):
            if abs(y - other_y) < 13:
                assert right <= other_left or other_right <= left, (original, current, forecast)


AMOUNTS = [None, 0, 1_000, HALF_MILLION, 990_000, 1_000_000, 5_000_000]


@pytest.mark.parametrize("width", [300, 400, 640])
def test_bullet_labels_never_touch_or_leave_the_picture(width: int) -> None:
    for budget, spent, committed, forecast in itertools.product(AMOUNTS, repeat=4):
        root = fromstring(bullet(budget, spent, committed, forecast, width))  # noqa: S314
        found = boxes(root)
        for left, right, y in found:
            assert left >= -0.1
            assert right <= width + 0.1
            assert y <= float(root.get("height", "0"))
        for (left, right, y), (other_left, other_right, other_y) in itertools.combinations(found, 2):
            if abs(y - other_y) < 13:
                assert right <= other_left or other_right <= left, (budget, spent, committed, forecast)


def test_a_budget_alone_is_an_empty_bar_up_to_its_tick() -> None:
    (bar,) = fromstring(bullet(1_000_000, None, None, None, width=400)).iter(f"{SVG}rect")  # noqa: S314

    assert float(bar.get("width", "0")) > 300


def test_forecast_below_what_is_committed_draws_no_negative_length() -> None:
    root = fromstring(bullet(1_000_000, HALF_MILLION, 600_000, 900_000))  # noqa: S314

    assert all(float(node.get("width", "0")) > 0 for node in root.iter(f"{SVG}rect"))


def test_small_part_of_the_stacked_bar_stays_visible() -> None:
    root = fromstring(stacked_status([("R", 1), ("G", 2000)], 200))  # noqa: S314

    assert min(float(node.get("width", "0")) for node in root.iter(f"{SVG}rect")) >= 2


def test_description_says_the_same_as_the_picture() -> None:
    assert "12 days late" in finish_line(None, dt.date(2027, 4, 30), dt.date(2027, 5, 18), TODAY, 2, 12)
    assert "<desc>Spent $5.12 M, budget $8.42 M</desc>" in bullet(8_420_000, 5_119_400, None, None)
    assert "Oldest first: green, yellow, no data" in strip("GY-", "Scope")


def test_marks_of_the_same_cell_stand_apart() -> None:
    root = fromstring(risk_matrix([RiskPoint(str(n), (4, 4)) for n in range(4)]))  # noqa: S314
    centres = {(node.get("x"), node.get("y")) for node in root.iter(f"{SVG}rect") if node.get("rx")}

    assert len(centres) == 4


@pytest.mark.parametrize("rating", ["", None, "Amber", "-"])
def test_rating_that_is_no_letter_is_drawn_as_no_data(rating: str | None) -> None:
    assert glyph(rating) == glyph("-")


def test_unknown_trend_draws_nothing_and_unknown_icon_fails() -> None:
    assert arrow("first report") == ""
    with pytest.raises(KeyError):
        icon("no such icon")


def test_the_line_to_the_forecast_crosses_no_label() -> None:
    drawn = bullet(8_420_000, 6_970_000, 1_590_000, 8_960_000, width=440)
    [line] = re.findall(r'd="M([\d.]+) 44V', drawn)
    committed = re.search(r'<text x="([\d.]+)"[^>]*text-anchor="end"[^>]*>Committed', drawn)
    assert committed
    assert float(committed[1]) < float(line)
