"""Views of lists that people keep: made on the list itself, changed and removed here."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from pmo.lib.forms import StyledForm
from pmo.models import SavedView
from pmo.models.saved_views import SavedViewQuerySet


class SavedViewForm(StyledForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SavedView
        fields = ["name", "is_shared", "is_default"]

    @transaction.atomic
    def save(self, commit: bool = True) -> SavedView:
        """Save the view; only one of a person's views of a list opens first."""
        view: SavedView = self.instance
        if view.is_default:
            for other in self.siblings().filter(is_default=True):
                other.is_default = False
                other.save(update_fields=["is_default"])
        super().save(commit)
        return view

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.siblings().filter(name=name).exists():
            raise forms.ValidationError("You already have a view of this name. Choose another name.", code="name_taken")
        return name

    def siblings(self) -> SavedViewQuerySet:
        own = SavedView.objects.filter(owner=self.instance.owner, list_name=self.instance.list_name)
        return own.exclude(pk=self.instance.pk)


def own_next(request: HttpRequest) -> str:
    """Return the page to go back to; the list of views when none of ours was given."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, {request.get_host()})
    return asked if is_ours else "/saved-views/"


@require_GET
def saved_view_list(request: HttpRequest) -> HttpResponse:
    """Show the person's own views of all lists."""
    views = SavedView.objects.filter(owner_id=request.user.pk).order_by("list_name", "name")
    return render(request, "pmo/saved_view_list.html", {"views": views})


@require_POST
def saved_view_new(request: HttpRequest) -> HttpResponse:
    kept = {"list_name": request.POST.get("list_name", "")[:80], "query": request.POST.get("query", "")[:2000]}
    view = SavedView(owner=request.user, **kept)  # type: ignore[misc]
    form = SavedViewForm(request.POST, instance=view)
    if not form.is_valid():
        context = {"form": form, "title": "Save a view", "next": own_next(request)}
        return render(request, "pmo/saved_view_form.html", context, status=422)
    form.save()
    messages.success(request, f"The view “{view.name}” is saved.")
    return redirect(f"{own_next(request).partition('?')[0]}?{view.query or 'view=all'}")


def saved_view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name of one's own view, whether others see it, and whether it opens first."""
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    title = f"Change the view “{view.name}”"
    form = SavedViewForm(request.POST or None, instance=view)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"The view “{view.name}” is changed.")
        return redirect(own_next(request))
    context = {"form": form, "view": view, "title": title, "next": own_next(request)}
    return render(request, "pmo/saved_view_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    view.delete()
    messages.success(request, f"The view “{view.name}” is removed.")
    return redirect(own_next(request))
