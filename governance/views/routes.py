"""The routes that documents take before they are decided, as the office sets them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from governance.forms.routes import RoutesForm
from governance.models.templates import DOCUMENT_KINDS
from governance.route_changes import routes_of, set_routes
from governance.states import Kind
from governance.views.rules import may_edit
from pmo.accounts import signed_in
from pmo.lib.errors import Refused


@require_http_methods(["GET", "POST"])
def routes_edit(request: HttpRequest) -> HttpResponse:
    """Show and change the routes of one kind of document, that of `?kind=`."""
    may_edit(request)
    kind = request.GET.get("kind", Kind.DEFINITION)
    if kind not in DOCUMENT_KINDS:
        raise Http404("Only documents have routes.")
    form = RoutesForm(request.POST or None, routes=routes_of(kind))
    if request.method == "POST" and form.is_valid():
        try:
            set_routes(kind, form.routes(), by=signed_in(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "The routes are changed. Reviews under way keep theirs.")
            return redirect("governance:rules-detail")
    context = {"form": form, "kind": Kind(kind), "kinds": DOCUMENT_KINDS}
    return render(request, "governance/rules_routes.html", context, status=422 if form.is_bound else 200)
