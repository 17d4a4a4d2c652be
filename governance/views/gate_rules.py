"""The rules of the gates: what each class owes by which gate, and the criteria of each gate."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from governance.class_gates import set_class_gates
from governance.forms.class_gates import ClassGatesForm
from governance.forms.gate_rules import TailoringForm
from governance.forms.rules import QuestionFormSet, questions_in
from governance.gate_rule_history import criteria_events, tailoring_events
from governance.gate_rules import set_criteria, set_tailoring
from governance.gate_states import Gate
from governance.models import ClassGates, GateCriterion
from governance.views.rules import MAKERS_ONLY, may_read
from pmo.accounts import signed_in
from pmo.lib.access import require
from pmo.lib.errors import Refused
from pmo.lib.words import count
from portfolio.states import GovernanceClass


@require_http_methods(["GET", "POST"])
def tailoring_edit(request: HttpRequest) -> HttpResponse:
    """Show the matrix to everyone who is measured by it; the PMO manager changes it."""
    access = may_read(request)
    form = TailoringForm(request.POST or None)
    status = 200
    if request.method == "POST":
        require(access.can_edit_rules, MAKERS_ONLY)
        status = 422
        if form.is_valid():
            try:
                changed = set_tailoring(form.matrix(), by=signed_in(request), reason=form.cleaned_data["reason"])
            except Refused as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, f"{count(changed, 'rule')} changed. Gates ahead ask for it at once.")
                return redirect("governance:tailoring-edit")
    context = {"form": form, "access": access, "classes": GovernanceClass.values, "rows": ClassGates.objects.all()}
    context["events"] = tailoring_events()
    return render(request, "governance/rules_tailoring.html", context, status=status)


@require_http_methods(["GET", "POST"])
def class_gates_edit(request: HttpRequest, number: int) -> HttpResponse:
    """Show how the gates of one class are run, with every change; the PMO manager changes it."""
    access = may_read(request)
    row = get_object_or_404(ClassGates, governance_class=number)
    form = ClassGatesForm(request.POST or None, instance=row)
    if request.method == "POST":
        require(access.can_edit_rules, MAKERS_ONLY)
        if form.is_valid():
            try:
                set_class_gates({number: form.terms()}, by=signed_in(request), reason=form.cleaned_data["reason"])
            except Refused as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, f"The gates of class {number} are changed. Reviews ahead are held by it at once.")
                return redirect("governance:tailoring-edit")
    changes = row.history.select_related("history_user").exclude(history_type="+")[:12]
    context = {"form": form if access.can_edit_rules else None, "row": row, "changes": changes}
    return render(request, "governance/rules_class_gates.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def criteria_edit(request: HttpRequest) -> HttpResponse:
    """Show the criteria of one gate; the PMO manager changes them."""
    access = may_read(request)
    asked = request.GET.get("gate", "")
    gate = Gate(asked) if asked in Gate.values else Gate.G1
    rows = GateCriterion.objects.filter(gate=gate).order_by("-is_active", "position", "pk")
    initial = [
        {"key": row.pk, "text": row.text, "is_active": row.is_active, "position": place}
        for place, row in enumerate(rows, start=1)
    ]
    formset = QuestionFormSet(request.POST or None, initial=initial)
    refused_words, status = "", 200
    if request.method == "POST":
        require(access.can_edit_rules, MAKERS_ONLY)
        status = 422
        if formset.is_valid():
            try:
                set_criteria(gate, questions_in(formset), by=signed_in(request))
            except Refused as refused:
                refused_words = refused.sentence
            else:
                messages.success(request, f"The criteria of {gate.label} are changed. Planned reviews ask them at once.")
                return redirect(f"{request.path}?gate={gate}")
    context = {"formset": formset, "refused": refused_words, "gate": gate, "gates": list(Gate), "access": access, "rows": rows}
    context["events"] = criteria_events(gate)
    return render(request, "governance/rules_criteria.html", context, status=status)
