"""Governance class of a project from ten questions, each 0, 1 or 2 points.

Source of the questions and bands: the office's tailoring default (city practice after Texas DIR project classification).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    key: str
    text: str
    answers: tuple[str, str, str]


QUESTIONS: tuple[Question, ...] = (
    Question("cost", "What will it cost?", ("Less than $250,000", "$250,000 to $1 million", "More than $1 million")),
    Question("duration", "How long will it take?", ("Less than 6 months", "6 to 12 months", "More than 12 months")),
    Question("team", "How large is the team?", ("Fewer than 5 FTE", "5 to 15 FTE", "More than 15 FTE")),
    Question("departments", "How many departments take part?", ("One", "Two or three", "Citywide")),
    Question(
        "novelty", "How new is the technology to the city?", ("In use here", "Known elsewhere, new here", "New to everyone")
    ),
    Question("integrations", "How many systems does it join?", ("None or one", "Two to four", "Five or more")),
    Question("data", "How sensitive is its data?", ("Public", "Internal", "Criminal justice, personal or payment data")),
    Question("public", "How much does the public notice?", ("Not at all", "Some residents", "Most residents")),
    Question("vendor", "How much depends on a vendor?", ("Little", "Part of the result", "The result stands or falls with it")),
    Question("change", "How much does the way of working change?", ("Little", "One department", "Several departments")),
)


def points(answers: Mapping[str, int]) -> int:
    """Return the sum of the ten answers, 0 to 20. Raises ValueError when one is missing or not 0, 1 or 2."""
    missing = [question.key for question in QUESTIONS if answers.get(question.key) not in (0, 1, 2)]
    if missing:
        raise ValueError(f"Answer {', '.join(missing)} with 0, 1 or 2.")
    return sum(answers[question.key] for question in QUESTIONS)


def class_for(total: int, *, is_over_five_million: bool = False, is_mission_critical: bool = False) -> int:
    """Return the class 1 to 4: 0-5 points 1, 6-10 points 2, 11-15 points 3, 16-20 points or either flag 4."""
    if is_over_five_million or is_mission_critical or total >= 16:
        return 4
    return 3 if total >= 11 else 2 if total >= 6 else 1
