"""The chart kit: plain functions that return SVG, drawn on the server, the same on screen, on paper and in the PDF.

Every shape carries a hex colour as attribute (the print palette) and a class (the screen's theme overrides the attribute).
Every chart has a title and a description and no id: the same input gives the same bytes. The page puts the data table beside
it. Nothing scales text: a chart is drawn at the width it is shown at, once for the desk and once for the phone.
"""

from pmo.lib.charts.bars import Bar, bars
from pmo.lib.charts.bullet import bullet
from pmo.lib.charts.finish import finish_line
from pmo.lib.charts.matrix import RiskPoint, risk_matrix
from pmo.lib.charts.shapes import arrow, glyph, icon
from pmo.lib.charts.sparkline import sparkline
from pmo.lib.charts.stacked import stacked_status
from pmo.lib.charts.strip import strip

__all__ = [
    "Bar",
    "RiskPoint",
    "arrow",
    "bars",
    "bullet",
    "finish_line",
    "glyph",
    "icon",
    "risk_matrix",
    "sparkline",
    "stacked_status",
    "strip",
]
