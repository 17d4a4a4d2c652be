"""What is sent from the review of a document: notes read tolerantly, and the forms on which each decision is signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from governance.condition_terms import ConditionTerms
from governance.document_notes import CONDITION_FIELDS, FINDING_FIELDS, LONGEST
from governance.forms.condition import offer_people
from governance.states import Severity
from pmo.lib.forms import StyledForm
from pmo.lib.storable import storable
from pmo.models import User
from portfolio.models import Project

#: More conditions than these nobody follows; the page stays quick.
MOST_CONDITIONS = 40


def finding_in(data: QueryDict) -> dict[str, str]:
    return {name: data.get(f"finding-{name}", "")[:LONGEST] for name in FINDING_FIELDS}


def closing_reason(request: HttpRequest, finding: int) -> str:
    """Return why a finding is closed in the place of whoever raised it, as it was typed beside it."""
    return request.POST.get(f"closing-{finding}", "")[:LONGEST].strip()


def place_in(where: str, content: dict[str, Any]) -> tuple[str, str]:
    """Return (section, row) of a place as the page names it, as far as the document has them."""
    key, _, row = where.partition("/")
    section = next((one for one in content["sections"] if one["key"] == key), None)
    if section is None:
        return content["sections"][0]["key"], ""
    return key, row if any(one["row"] == row for one in section["rows"]) else ""


class ReasonForm(StyledForm, forms.Form):
    reason = forms.CharField(label="Reason", widget=forms.Textarea, max_length=LONGEST)


class OverrulingForm(StyledForm, forms.Form):
    """Why an approval goes over what was objected; not asked where nobody objects."""

    overruling = forms.CharField(
        label="Why you approve over the objection",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        help_text="It stands in the record and on the page of signatures, beside the objection.",
    )

    def __init__(self, *args: Any, objections: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not objections:
            del self.fields["overruling"]

    def terms(self) -> dict[str, str]:
        """Return what the verb takes."""
        return {"overruling": self.cleaned_data.get("overruling", "").strip()}


class ApproveForm(OverrulingForm):
    reason = forms.CharField(
        label="A word with it",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST,
        required=False,
        help_text="It stands in the record beside the decision.",
    )


class RejectForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why it is rejected"
        self.fields["reason"].help_text = "The author reads it; it stands in the record. A new submission needs a new basis."


class ReturnForm(StyledForm, forms.Form):
    """Returning sends findings back; where none is open yet, one is written here."""

    reason = forms.CharField(
        label="A word with it", widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST, required=False
    )
    where = forms.ChoiceField(
        label="Where the finding is", help_text="No finding is open; what goes back needs one that says what to mend."
    )
    severity = forms.ChoiceField(label="How serious", choices=Severity.choices, initial=Severity.MAJOR)
    text = forms.CharField(label="What is wrong", widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST)
    recommendation = forms.CharField(
        label="What would mend it", widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST, required=False
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], needs_finding: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(("where", "severity", "text", "reason"))
        self.fields["where"].choices = places  # type: ignore[attr-defined]
        if not needs_finding:
            for name in ("where", "severity", "text", "recommendation"):
                del self.fields[name]


class ConditionForm(StyledForm, forms.Form):
    """One condition; a row in which nothing was written does not count."""

    text = forms.CharField(label="What must be true", widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST)
    owner = forms.ModelChoiceField(label="Who does it", queryset=User.objects.none(), empty_label="Choose a person")
    verifier = forms.ModelChoiceField(label="Who verifies it", queryset=User.objects.none(), empty_label="Choose a person")
    due_on = forms.DateField(label="Due", widget=forms.DateInput)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self, project)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        owner, verifier = values.get("owner"), values.get("verifier")
        if owner and owner == verifier:
            self.add_error("verifier", "Somebody other than the owner verifies a condition.")
        return values

    def terms(self) -> ConditionTerms:
        return ConditionTerms(**{name: self.cleaned_data[name] for name in CONDITION_FIELDS})


def conditions_in(data: QueryDict) -> list[dict[str, str]]:
    """Return the conditions that were typed, without the rows in which nothing but the verifier stands."""
    typed = []
    for place in range(min(_number(data.get("rows", "")), MOST_CONDITIONS)):
        row = {name: storable(data.get(f"c{place}-{name}", ""))[:LONGEST] for name in CONDITION_FIELDS}
        if any(row[name].strip() for name in ("text", "owner", "due_on")):
            typed.append(row)
    return typed


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def condition_forms(rows: Sequence[dict[str, str]], *, project: Project, is_sent: bool) -> list[ConditionForm]:
    """Return a form for each row; `is_sent` shows what is wrong in it, else it only shows the words."""
    made = []
    for place, row in enumerate(rows):
        prefix = f"c{place}"
        if is_sent:
            made.append(ConditionForm({f"{prefix}-{name}": word for name, word in row.items()}, prefix=prefix, project=project))
        else:
            made.append(ConditionForm(initial=row, prefix=prefix, project=project))
    return made
