"""Cancelling a project."""

from __future__ import annotations

from typing import Any

from portfolio.views.projects import ProjectVerbView


class ProjectCancelView(ProjectVerbView):
    title = "Cancel the project"
    submit = "Cancel the project"
    sentence = (
        "The record stays readable. No reports are due any more, planned gates are called off, and nothing can be changed "
        "until it is reopened."
    )

    def act(self, form: Any) -> None:
        self.project.cancel(by=self.request.user, reason=form.cleaned_data["reason"])
