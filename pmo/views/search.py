"""One search over what the person may see. A code leads straight to what it stands for."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from governance.finding import change_coded
from governance.models import ChangeRequest, Policy
from pmo.lib.finding import is_cut
from pmo.lib.storable import storable
from pmo.search import governed, portfolio
from pmo.search.kinds import HITS_A_PAGE, Group, Kind, group_of
from portfolio.models import Project

SHORTEST = 2
#: In the order of the page.
KINDS = {kind.slug: kind for kind in (*portfolio.KINDS, *governed.KINDS)}


def find(user: Any, text: str) -> list[Group]:
    """Return the groups that hold a hit for `text`, each through `visible_to`. A fixed number of queries."""
    groups = [group_of(kind, user, text) for kind in KINDS.values()]
    return [group for group in groups if group is not None]


def meant_by_code(user: Any, text: str) -> Any:
    """Return the project, change request or policy whose code is exactly `text`, or None."""
    project = Project.objects.visible_to(user).filter(code__iexact=text).first()
    if project is not None:
        return project
    coded = change_coded(text)
    change = ChangeRequest.objects.visible_to(user).filter(coded).select_related("project").first() if coded else None
    return change or Policy.objects.visible_to(user).filter(code__iexact=text).first()


def chosen_kind(request: HttpRequest) -> Kind | None:
    """Return the one kind of which all hits are asked for, or None. Raises Http404 for one that is not there."""
    slug = request.GET.get("kind", "")
    if slug and slug not in KINDS:
        raise Http404("Nothing of this kind is looked through.")
    return KINDS.get(slug)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found, by kind; with `kind`, every hit of one kind, page by page."""
    text, kind = storable(request.GET.get("q", "")).strip(), chosen_kind(request)
    is_short = len(text) < SHORTEST
    meant = meant_by_code(request.user, text) if text and kind is None else None
    if meant is not None:
        return redirect(meant)
    context: dict[str, Any] = {
        "text": text,
        "kind": kind,
        "is_too_short": bool(text) and is_short,
        "is_cut": is_cut(text),
        "looked_through": [one.title.lower() for one in KINDS.values()],
    }
    if kind is not None and not is_short:
        one = group_of(kind, request.user, text, page=request.GET.get("page", 1), size=HITS_A_PAGE)
        context |= {"groups": [one] if one else [], "page": one and one.page}
        if one:
            context["pages"] = list(one.page.paginator.get_elided_page_range(one.page.number, on_each_side=1, on_ends=1))
    else:
        context["groups"] = [] if is_short else find(request.user, text)
    return render(request, "pmo/search.html", context)
