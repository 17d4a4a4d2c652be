"""Who decides in whose name: list, give, revoke."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance.delegating import give_delegation, revoke_delegation
from governance.forms.delegation import GiveDelegationForm
from governance.models import Delegation
from governance.review_access import OfficeAccess
from pmo.accounts import signed_in
from pmo.lib.access import require, visible_or_404
from pmo.lib.errors import Refused
from pmo.roles import Role

FOR_WHOM = "Delegations are for the office and those who decide in its name."


@require_GET
def delegation_list(request: HttpRequest) -> HttpResponse:
    access = OfficeAccess(request.user)
    rows = Delegation.objects.visible_to(request.user)
    require(access.can_see_delegations or rows.exists(), FOR_WHOM)
    page = Paginator(rows.select_related("delegator", "delegate"), 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "access": access,
        "today": timezone.localdate(),
        "revokes_all": signed_in(request).has_role(Role.EXECUTIVE),
    }
    return render(request, "governance/delegation_list.html", context)


@require_http_methods(["GET", "POST"])
def delegation_new(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    require(OfficeAccess(by).can_delegate, "Only the PMO manager or an executive can delegate.")
    form = GiveDelegationForm(request.POST or None, user=by)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            delegation = give_delegation(by=by, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"{delegation.delegate.name} decides in your name on these days.")
            return redirect("governance:delegation-list")
    if form.is_bound:
        status = 422
    return render(request, "governance/delegation_form.html", {"form": form}, status=status)


@require_POST
def delegation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Delegation.objects.select_related("delegator", "delegate")
    delegation = visible_or_404(rows, request.user, pk=pk)
    try:
        revoke_delegation(delegation, by=signed_in(request), at=timezone.now())
    except Refused as refused:
        require(refused.code != "not_yours", refused.sentence)
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"{delegation.delegate.name} no longer decides for {delegation.delegator.name}.")
    return redirect("governance:delegation-list")
