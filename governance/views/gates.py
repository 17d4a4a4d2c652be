"""The gates of one project: the room, readiness, one review, and its verbs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from governance import gates
from governance.class_gates import class_gates
from governance.forms.gate import (
    AttendeeFormSet,
    ConditionFormSet,
    DecideGateForm,
    MoveGateForm,
    PlanGateForm,
    PrepareGateForm,
    attendees_in,
    conditions_in,
)
from governance.forms.gate_history import PastGateForm
from governance.gate_authority import GateAccess, may_record_gate
from governance.gate_bodies import still_missing
from governance.gate_moves import gate_moves
from governance.gate_page import GatePage, gate_page
from governance.gate_paper import pack_of
from governance.gate_past import enter_past
from governance.gate_room import gate_room
from governance.gate_states import Gate, GateState
from governance.models import GateReview
from governance.readiness import readiness_of
from governance.record_copies import file_name, is_decided
from governance.states import Copy
from governance.views.copies import as_pdf, cannot_print, serve_copy, serve_record_copy
from pmo.accounts import signed_in
from pmo.lib.access import require, visible_or_404
from pmo.lib.pdf import PdfUnavailable
from pmo.models.calendar import office_calendar
from pmo.signing_session import password_holds
from portfolio.access import ProjectAccess
from portfolio.forms.base import ReasonForm
from portfolio.models import Project
from portfolio.views.editing import FormView, add_errors
from portfolio.views.loading import load_project
from portfolio.views.projects import project_crumbs

PLANNERS = "The project manager and the office plan and prepare gates."
RECORDERS = "The office enters gates from a record, never for a project of their own."
DECIDERS = "You do not decide at this gate."


def in_room(project: Project, access: ProjectAccess) -> dict[str, Any]:
    """Return what every page of the room needs."""
    return {"project": project, "access": access, "tab": "gates", "room": "Gates"}


@require_GET
def room(request: HttpRequest, code: str) -> HttpResponse:
    project, access = load_project(request, code)
    page = gate_room(project, timezone.localdate(), office_calendar())
    context = {"page": page, "gate_access": GateAccess(request.user, project)}
    return render(request, "governance/gate_room.html", {**in_room(project, access), **context})


@require_GET
def readiness(request: HttpRequest, code: str, gate: str) -> HttpResponse:
    project, access = load_project(request, code)
    if gate not in Gate.values:
        raise Http404("No such gate.")
    today = timezone.localdate()
    planned = project.gate_reviews.filter(gate=gate, state=GateState.PLANNED).first()
    context = {
        "readiness": readiness_of(project, gate, today),
        "planned": planned,
        "gate_access": GateAccess(request.user, project),
    }
    return render(request, "governance/gate_readiness.html", {**in_room(project, access), **context})


def load_review(request: HttpRequest, code: str, number: int) -> tuple[GateReview, GateAccess]:
    people = ("project__project_manager", "project__sponsor", "project__department", "project__program", "decided_by")
    rows = GateReview.objects.select_related(*people, "project__standing")
    review = visible_or_404(rows, request.user, project__code=code, number=number)
    return review, GateAccess(request.user, review.project)


class Forms:
    """The forms of a review's page: one form on the page, so that deciding takes along what was prepared."""

    def __init__(self, page: GatePage, access: GateAccess, data: Any = None) -> None:
        self.page, self.access = page, access
        review = page.review
        given = {"risk_summary": review.risk_summary, "recommendation": review.recommendation}
        self.prepare = PrepareGateForm(data, criteria=page.criteria, recommends=access.can_decide, initial=given)
        there = list(review.attendees.select_related("person"))
        self.body = class_gates(review.project.governance_class)
        signer = access.user if access.can_decide else None
        self.missing = still_missing(review.project, self.body, [row.person_id for row in there], signer)
        rows = [{"person": row.person, "name": row.name, "capacity": row.capacity} for row in there]
        self.attendees = AttendeeFormSet(data, prefix="attendee", initial=rows)
        self.decide = DecideGateForm(data, initial={"held_on": timezone.localdate()}) if access.can_decide else None
        about = {"project": review.project}
        self.conditions = ConditionFormSet(data, prefix="condition", form_kwargs=about) if access.can_decide else None

    @property
    def is_conditional(self) -> bool:
        """Whether anything was written into a condition, so that it is shown whatever is chosen."""
        return bool(self.conditions and any(line.is_begun for line in self.conditions))

    def prepared(self) -> bool:
        return self.prepare.is_valid() and self.attendees.is_valid()

    def decided(self) -> bool:
        parts = [self.prepare, self.attendees, self.decide, self.conditions]
        return all(part.is_valid() for part in parts if part is not None)

    def keep(self, by: Any, at: Any) -> None:
        gates.prepare(
            self.page.review,
            by=by,
            at=at,
            answers=self.prepare.answers(),
            attendees=attendees_in(self.attendees),
            risk_summary=self.prepare.cleaned_data["risk_summary"],
            recommendation=self.prepare.cleaned_data.get("recommendation"),
        )


def show(
    request: HttpRequest,
    review: GateReview,
    access: GateAccess,
    *,
    forms: Forms | None = None,
    deciding: bool = False,
    status: int = 200,
) -> HttpResponse:
    page = forms.page if forms else gate_page(review, timezone.localdate())
    if forms is None and page.is_planned and access.can_plan:
        forms = Forms(page, access)
    of_project = ProjectAccess(request.user, review.project)
    context = {"page": page, "moves": gate_moves(review), "forms": forms, "gate_access": access, "deciding": deciding}
    return render(request, "governance/gate_detail.html", {**in_room(review.project, of_project), **context}, status=status)


@require_GET
def detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return show(request, *load_review(request, code, number))


@require_POST
def prepare(request: HttpRequest, code: str, number: int) -> HttpResponse:
    review, access = load_review(request, code, number)
    require(access.can_plan, PLANNERS)
    forms = Forms(gate_page(review, timezone.localdate()), access, request.POST)
    if not forms.prepared():
        return show(request, review, access, forms=forms, status=422)
    try:
        forms.keep(signed_in(request), timezone.now())
    except ValidationError as error:
        add_errors(forms.prepare, error)
        return show(request, load_review(request, code, number)[0], access, forms=forms, status=409)
    messages.success(request, "Kept. Nothing is decided yet.")
    return redirect(review)


@require_POST
def decide(request: HttpRequest, code: str, number: int) -> HttpResponse:
    review, access = load_review(request, code, number)
    require(access.can_decide, DECIDERS)
    forms = Forms(gate_page(review, timezone.localdate()), access, request.POST)
    if not forms.decided():
        return show(request, review, access, forms=forms, deciding=True, status=422)
    assert forms.decide is not None
    if not password_holds(request, forms.decide.cleaned_data["password"]):
        forms.decide.add_error("password", "This is not your password.")
        return show(request, review, access, forms=forms, deciding=True, status=422)
    try:
        sign(request, review, forms)
    except ValidationError as error:
        add_errors(forms.decide, error)
        return show(request, review, access, forms=forms, deciding=True, status=409)
    messages.success(request, f"{review.get_gate_display()} is decided: {review.get_decision_display()}.")
    return redirect(review)


@transaction.atomic
def sign(request: HttpRequest, review: GateReview, forms: Forms) -> None:
    """Keep what was prepared and decide, both or neither."""
    by, at = signed_in(request), timezone.now()
    assert forms.decide is not None
    forms.keep(by, at)
    gates.decide(review, by=by, at=at, conditions=conditions_in(forms.conditions), **forms.decide.terms())


@require_GET
def pdf(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Return the gate pack: what was, or is to be, decided on, on paper. The pack of a decided gate is kept."""
    review, shows_risks = load_printed(request, code, number)
    if is_decided(review):
        return serve_copy(request, review, Copy.READING, abridged=not shows_risks)
    try:
        return as_pdf(pack_of(review, timezone.now(), shows_risks=shows_risks), file_name(review))
    except PdfUnavailable as missing:
        return cannot_print(request, review, missing)


@require_GET
def record_pdf(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Return the sealed record copy of a decided gate."""
    review, shows_risks = load_printed(request, code, number)
    return serve_record_copy(request, review, abridged=not shows_risks)


def load_printed(request: HttpRequest, code: str, number: int) -> tuple[GateReview, bool]:
    """Return a gate review, and whether its risks are for the person who asks."""
    review, _ = load_review(request, code, number)
    return review, bool(ProjectAccess(request.user, review.project).can_see_registers)


class GateFormView(FormView):
    """A form about the gates of one project."""

    def load(self, code: str) -> None:
        self.project, _ = load_project(self.request, code)
        require(GateAccess(self.request.user, self.project).can_plan, PLANNERS)

    def get_cancel_url(self) -> str:
        return reverse("governance:gate-room", args=[self.project.code])

    def get_context(self) -> dict[str, Any]:
        return {"crumbs": [*project_crumbs(self.project), ("Gates", self.get_cancel_url())]}


class GatePlanView(GateFormView):
    form_class = PlanGateForm
    title = "Plan a gate"
    submit = "Plan"
    done = "The gate is planned."

    def prepare(self, **kwargs: Any) -> None:
        self.load(kwargs["code"])
        self.room = gate_room(self.project, timezone.localdate(), office_calendar())

    def form_options(self) -> dict[str, Any]:
        gate = self.request.GET.get("gate") or (self.room.next_step.code if self.room.next_step else "")
        return {"gates": self.room.to_plan, "initial": {"gate": gate, "planned_on": self.room.agreed_on}}

    def save(self, form: Any) -> str:
        by = signed_in(self.request)
        return gates.plan(self.project, by=by, at=timezone.now(), **form.cleaned_data).get_absolute_url()


class PastGateView(GateFormView):
    form_class = PastGateForm
    title = "Record a past gate"
    submit = "Record"
    done = "The gate is on record. It carries no signature, and the phase of the project stays."

    def load(self, code: str) -> None:
        self.project, _ = load_project(self.request, code)
        require(may_record_gate(self.project, self.request.user), RECORDERS)

    def prepare(self, **kwargs: Any) -> None:
        self.load(kwargs["code"])
        self.not_passed = gate_room(self.project, timezone.localdate(), office_calendar()).to_record

    def form_options(self) -> dict[str, Any]:
        return {"gates": self.not_passed, "initial": {"gate": self.request.GET.get("gate", "")}}

    def save(self, form: Any) -> str:
        by = signed_in(self.request)
        return enter_past(self.project, by=by, at=timezone.now(), **form.cleaned_data).get_absolute_url()


class GateMoveView(GateFormView):
    form_class: Any = MoveGateForm
    submit = "Move"
    done = "The review has a new day. The first one stays on record."

    def prepare(self, **kwargs: Any) -> None:
        self.load(kwargs["code"])
        self.review, _ = load_review(self.request, kwargs["code"], kwargs["number"])
        self.title = f"Another day for {self.review.get_gate_display()}"

    def get_cancel_url(self) -> str:
        return self.review.get_absolute_url()

    def save(self, form: Any) -> str:
        gates.reschedule(self.review, by=signed_in(self.request), at=timezone.now(), **form.cleaned_data)
        return self.review.get_absolute_url()


class GateCancelView(GateMoveView):
    form_class: Any = ReasonForm
    submit = "Call off"
    done = "The review is called off."

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        self.title = f"Call off the review of {self.review.get_gate_display()}"

    def save(self, form: Any) -> str:
        gates.cancel(self.review, by=signed_in(self.request), at=timezone.now(), reason=form.cleaned_data["reason"])
        return reverse("governance:gate-room", args=[self.project.code])
