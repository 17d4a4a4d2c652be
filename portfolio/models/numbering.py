from __future__ import annotations

from django.db import models
from django.db.models import Max

from portfolio.models.projects import Project


def next_number(model: type[models.Model], project: Project) -> int:
    """Return the number after the highest that `model` ever had in `project`. Two queries; a constraint settles a race.

    Numbers of removed rows are not given again: they stand in old reports.
    """
    sources = (model._base_manager, model.history)  # type: ignore[attr-defined]
    highest = [rows.filter(project_id=project.pk).aggregate(highest=Max("number"))["highest"] or 0 for rows in sources]
    return max(highest) + 1
