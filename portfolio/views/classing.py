"""The class of a project: ten questions, and every time they were answered."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from pmo.lib.access import require
from portfolio.classification import QUESTIONS
from portfolio.forms.classing import ClassForm
from portfolio.models import ClassScore
from portfolio.views.editing import FormView
from portfolio.views.loading import load_project
from portfolio.views.projects import project_crumbs


class ProjectClassView(FormView):
    """Everyone who sees the project reads its scores; the office answers."""

    form_class = ClassForm
    template_name = "portfolio/project_class.html"
    title = "Class"
    submit = "Score"

    def prepare(self, **kwargs: Any) -> None:
        self.project, self.access = load_project(self.request, kwargs["code"])
        if self.request.method == "POST":
            require(self.access.can_score)
        self.scores = list(self.project.class_scores.select_related("scored_by"))

    def form_options(self) -> dict[str, Any]:
        if not self.scores:
            return {}
        latest = self.scores[0]
        flags = {"is_over_five_million": latest.is_over_five_million, "is_mission_critical": latest.is_mission_critical}
        return {"initial": {**{f"q_{key}": points for key, points in latest.answers.items()}, **flags}}

    def get_cancel_url(self) -> str:
        return str(self.project.get_absolute_url())

    def get_context(self) -> dict[str, Any]:
        answered = self.scores[0].answers if self.scores else {}
        said = [
            (question.text, question.answers[answered[question.key]], answered[question.key])
            for question in QUESTIONS
            if question.key in answered
        ]
        return {
            "project": self.project,
            "access": self.access,
            "crumbs": project_crumbs(self.project),
            "scores": self.scores,
            "said": said,
        }

    def save(self, form: Any) -> str:
        flags = {
            name: form.cleaned_data[name] for name in ("is_mission_critical", "is_over_five_million", "raised_to", "reason")
        }
        score = ClassScore.score(project=self.project, answers=form.answers(), by=self.request.user, at=timezone.now(), **flags)
        self.done = f"{score.total} points: {self.project} is in class {score.governance_class}."
        return reverse("portfolio:project-class", args=[self.project.code])
