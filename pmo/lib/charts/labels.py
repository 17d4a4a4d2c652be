"""Direct labels that never overlap: each keeps to its place if it can, moves sideways into the picture, or takes a new row."""

from __future__ import annotations

from dataclasses import dataclass

from pmo.lib.charts.kit import text_width

ROW_HEIGHT = 18.0
GAP = 8.0


@dataclass(frozen=True)
class Label:
    """Words that belong to the point `x`; `anchor` says which of their ends would stand there."""

    x: float
    words: str
    colour: str = "soft"
    anchor: str = "start"
    weight: int = 400

    @property
    def width(self) -> float:
        return text_width(self.words, self.weight)


@dataclass(frozen=True)
class Placed:
    """A label with its left edge and its row; row 0 is nearest to the line it belongs to."""

    label: Label
    left: float
    row: int

    @property
    def right(self) -> float:
        return self.left + self.label.width

    def anchor_x(self) -> float:
        """Return the x that goes with the label's anchor, so that a wrong estimate of its width does the least harm."""
        return {"start": self.left, "middle": (self.left + self.right) / 2, "end": self.right}[self.label.anchor]


def place(labels: list[Label], width: float) -> list[Placed]:
    """Give each label, in the order given, the nearest row in which it touches no other; all stay within 0 and `width`."""
    placed: list[Placed] = []
    for label in labels:
        left = _inside(label, width)
        row = 0
        while any(other.row == row and left < other.right + GAP and other.left < left + label.width + GAP for other in placed):
            row += 1
        placed.append(Placed(label, left, row))
    return placed


def rows(placed: list[Placed]) -> int:
    return max((item.row + 1 for item in placed), default=0)


def _inside(label: Label, width: float) -> float:
    left = label.x - {"start": 0.0, "middle": label.width / 2, "end": label.width}[label.anchor]
    return max(0.0, min(left, width - label.width))
