"""Beginning a document, and writing one of its texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models

from governance.documents.access import DocumentAccess
from governance.models import DeliverableVersion
from pmo.lib.forms import StyledForm

LAST, OTHER, BLANK = "last", "other", "blank"
LONGEST_TEXT = 60_000


class VersionChoice(forms.ModelChoiceField):
    def label_from_instance(self, row: models.Model) -> str:
        version: Any = row
        project = version.deliverable.project
        return f"{project.code} {project.name}, version {version.label}"


class BeginForm(StyledForm, forms.Form):
    """What the next version begins with."""

    start = forms.ChoiceField(label="Begin with", widget=forms.RadioSelect)
    other = VersionChoice(
        label="Approved document of another project",
        queryset=DeliverableVersion.objects.none(),
        required=False,
        help_text="Its words and rows are copied; files and what is confidential until award stay where they are.",
    )
    change_summary = forms.CharField(
        label="What this version changes",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2_000,
        help_text="One or two sentences for the reviewers. Leave it empty for a first version.",
    )

    def __init__(self, *args: Any, access: DocumentAccess, **kwargs: Any) -> None:
        self.access = access
        super().__init__(*args, **kwargs)
        choices = [(LAST, f"Version {access.newest.label} of this document")] if access.newest else []
        start: Any = self.fields["start"]
        start.choices = [*choices, (OTHER, "An approved document of another project"), (BLANK, "Empty sections")]
        start.initial = start.choices[0][0] if access.newest else BLANK
        other: Any = self.fields["other"]
        other.queryset = self._others()

    def _others(self) -> models.QuerySet[DeliverableVersion]:
        rows = DeliverableVersion.objects.standing().filter(deliverable__kind=self.access.kind)
        seen = rows.visible_to(self.access.user).exclude(deliverable__project=self.access.project)
        return seen.select_related("deliverable__project", "document").order_by("deliverable__project__code")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("start") == OTHER and not values.get("other"):
            self.add_error("other", "Choose the document to begin with.")
        return values

    def choice(self) -> dict[str, Any]:
        """Return what `start_document` is to be told."""
        values = self.cleaned_data
        summary = {"change_summary": values["change_summary"].strip()}
        if values["start"] == OTHER:
            return {**summary, "begun_from": values["other"].document}
        return {**summary, "is_blank": values["start"] == BLANK}


class SectionTextForm(StyledForm, forms.Form):
    """The text of one section."""

    text = forms.CharField(
        label="Text",
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 16, "class": "textarea textarea--long"}),
    )
