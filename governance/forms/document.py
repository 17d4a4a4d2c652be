"""Beginning a document, and writing one of its texts."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.db import models

from governance.documents.access import DocumentAccess
from governance.documents.describing import changes_to_carry_out
from governance.documents.drafting import approved_version
from governance.models import ChangeRequest, DeliverableVersion
from governance.states import VersionState
from pmo.lib.forms import StyledForm

LAST, STANDING, OTHER, BLANK = "last", "standing", "other", "blank"
LONGEST_TEXT = 60_000


class VersionChoice(forms.ModelChoiceField):
    def label_from_instance(self, row: models.Model) -> str:
        version: Any = row
        project = version.deliverable.project
        return f"{project.code} {project.name}, version {version.label}"


class ChangeChoice(forms.ModelChoiceField):
    def label_from_instance(self, row: models.Model) -> str:
        change: Any = row
        return f"{change.code} {change.title}"


class SaidOfVersion(StyledForm, forms.Form):
    """What is said of a version beside its sections. Where nothing is approved, no change request is asked for."""

    change_summary = forms.CharField(
        label="What this version changes",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2_000,
        help_text="One or two sentences for the reviewers. Leave it empty for a first version.",
    )
    basis = forms.CharField(
        label="What is new in its basis",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4_000,
        help_text="The version before was rejected for good. Say what has changed since: the need, the money, a decision.",
    )
    change = ChangeChoice(
        label="Approved change request that it carries out",
        queryset=ChangeRequest.objects.none(),
        required=False,
        empty_label="None: what was agreed stays as it is",
        help_text="With it the version becomes the next whole number and may change what was agreed.",
    )

    def __init__(
        self,
        *args: Any,
        access: DocumentAccess,
        chosen: ChangeRequest | None = None,
        asks_basis: bool = False,
        **kwargs: Any,
    ) -> None:
        self.access = access
        super().__init__(*args, **kwargs)
        offered = changes_to_carry_out(access.project, access.kind).visible_to(access.user).select_related("project")
        field: Any = self.fields["change"]
        field.queryset, field.initial = offered, chosen
        if not offered:
            del self.fields["change"]
        if not asks_basis:
            del self.fields["basis"]

    def said(self) -> dict[str, Any]:
        """Return what is said of the version, as `start_document` and `describe` take it."""
        values = self.cleaned_data
        basis = {"basis": values["basis"].strip()} if "basis" in values else {}
        return {"change_summary": values["change_summary"].strip(), "change": values.get("change"), **basis}


class BeginForm(SaidOfVersion):
    """What the next version begins with."""

    field_order = ("basis", "start", "keep", "other", "change_summary", "change")

    start = forms.ChoiceField(label="Begin with", widget=forms.RadioSelect)
    other = VersionChoice(
        label="Approved document of another project",
        queryset=DeliverableVersion.objects.none(),
        required=False,
        help_text="Its words and rows are copied; files and what is confidential until award stay where they are.",
    )

    keep = forms.MultipleChoiceField(
        label="Sections of the rejected version that are taken over",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, access: DocumentAccess, **kwargs: Any) -> None:
        earlier = access.newest
        begun = earlier.change_request if earlier and not earlier.was_approved else None
        self.follows_rejection = earlier is not None and earlier.state == VersionState.REJECTED
        super().__init__(*args, access=access, chosen=begun, asks_basis=self.follows_rejection, **kwargs)
        start: Any = self.fields["start"]
        start.choices = [*self._own(), (OTHER, "An approved document of another project"), (BLANK, "Empty sections")]
        start.initial = BLANK if earlier is None or (self.follows_rejection and not self.approved) else start.choices[0][0]
        other: Any = self.fields["other"]
        other.queryset = self._others()
        if self.follows_rejection:
            keep: Any = self.fields["keep"]
            keep.choices = self._sections()
        else:
            del self.fields["keep"]

    @cached_property
    def approved(self) -> DeliverableVersion | None:
        return approved_version(self.access.project, self.access.kind)

    def _own(self) -> list[tuple[str, str]]:
        """Return with which version of this document it may begin. After a rejection, only chosen sections of that one."""
        earlier = self.access.newest
        if earlier is None:
            return []
        if not self.follows_rejection:
            return [(LAST, f"Version {earlier.label} of this document")]
        approved = [(STANDING, f"The approved version {self.approved.label}")] if self.approved else []
        return [*approved, (LAST, f"Sections of the rejected version {earlier.label} that you choose")]

    def _sections(self) -> list[tuple[str, str]]:
        earlier = self.access.newest
        rows = earlier.document.sections.select_related("section") if earlier and earlier.document else ()
        return [(row.section.key, f"{row.section.number} {row.section.title}") for row in rows if not row.is_empty]

    def _others(self) -> models.QuerySet[DeliverableVersion]:
        rows = DeliverableVersion.objects.standing().filter(deliverable__kind=self.access.kind)
        seen = rows.visible_to(self.access.user).exclude(deliverable__project=self.access.project)
        return seen.select_related("deliverable__project", "document").order_by("deliverable__project__code")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("start") == OTHER and not values.get("other"):
            self.add_error("other", "Choose the document to begin with.")
        if values.get("start") == LAST and self.follows_rejection and not values.get("keep"):
            self.add_error("keep", "Choose at least one section, or begin with empty ones.")
        return values

    def choice(self) -> dict[str, Any]:
        """Return what `start_document` is to be told."""
        values = self.cleaned_data
        if values["start"] == OTHER:
            return {**self.said(), "begun_from": values["other"].document}
        if values["start"] == STANDING and self.approved:
            return {**self.said(), "begun_from": self.approved.document}
        return {**self.said(), "is_blank": values["start"] == BLANK, "keep": values.get("keep", ())}


class SectionTextForm(StyledForm, forms.Form):
    """The text of one section."""

    text = forms.CharField(
        label="Text",
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 16, "class": "textarea textarea--long"}),
    )
