from __future__ import annotations

from typing import Any

from django import forms

from governance.kinds import KINDS
from pmo.models import User
from portfolio.states import GovernanceClass


class PerformanceForm(forms.Form):
    """What the figures are narrowed to. Empty means everything."""

    kind = forms.ChoiceField(label="Kind", required=False)
    governance_class = forms.ChoiceField(label="Class", required=False, choices=[("", "All"), *GovernanceClass.choices])
    reviewer = forms.ModelChoiceField(User.objects.none(), label="Reviewer", required=False, empty_label="All")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "All"), *((kind.value, kind.label) for kind in KINDS)]  # type: ignore[attr-defined]
        deciders = User.objects.filter(reviews__decision__gt="").distinct().order_by("name")
        self.fields["reviewer"].queryset = deciders  # type: ignore[attr-defined]

    def narrowed(self) -> dict[str, Any]:
        """Return the fields of a Scope that the reader chose; what is no valid choice narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        reviewer = chosen.get("reviewer")
        return {
            "kind": chosen.get("kind") or "",
            "governance_class": int(chosen["governance_class"]) if chosen.get("governance_class") else None,
            "reviewer": reviewer.pk if reviewer else None,
        }
