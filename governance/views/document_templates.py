"""The templates of documents: reading them, and for the PMO manager beginning, changing and publishing the next version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance.documents import templates
from governance.documents.access import kind_of, slug_of
from governance.documents.checks_lost import checks_lost
from governance.forms.document_template import ColumnFormSet, TemplateSectionForm, column_rows, columns_in
from governance.models import DocumentTemplate, TemplateSection
from governance.models.templates import DOCUMENT_KINDS
from governance.views.rules import may_edit, may_read
from pmo.accounts import signed_in
from pmo.lib.errors import Refused
from pmo.lib.storable import storable


@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """List both kinds with every version of their templates."""
    access = may_read(request)
    rows = list(DocumentTemplate.objects.select_related("created_by"))
    groups = [(kind, slug_of(kind), [row for row in rows if row.kind == kind]) for kind in DOCUMENT_KINDS]
    context = {"groups": [(*group, any(row.published_at is None for row in group[2])) for group in groups], "access": access}
    return render(request, "governance/template_list.html", context)


def load_template(kind: str, version: int) -> DocumentTemplate:
    return get_object_or_404(DocumentTemplate, kind=kind_of(kind), version=version)


def load_section(kind: str, version: int, key: str) -> TemplateSection:
    return get_object_or_404(TemplateSection.objects.select_related("template"), template=load_template(kind, version), key=key)


@require_GET
def template_detail(request: HttpRequest, kind: str, version: int) -> HttpResponse:
    access = may_read(request)
    template = load_template(kind, version)
    return _show(request, template, can_edit=access.can_edit_rules and template.published_at is None)


def _show(request: HttpRequest, template: DocumentTemplate, *, can_edit: bool, refused: str = "") -> HttpResponse:
    context = {
        "template": template,
        "slug": slug_of(template.kind),
        "sections": list(template.sections.all()),
        "documents": template.documents.count(),
        "can_edit": can_edit,
        "refused": refused,
        "note": request.POST.get("note", ""),
        "given_up": request.POST.get("given_up", ""),
        "lost": checks_lost(template) if can_edit else [],
    }
    return render(request, "governance/template_detail.html", context, status=422 if refused else 200)


@require_POST
def template_begin(request: HttpRequest, kind: str) -> HttpResponse:
    may_edit(request)
    found = kind_of(kind)
    try:
        made = templates.begin_next(found, by=signed_in(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("governance:template-list")
    return redirect("governance:template-detail", kind, made.version)


@require_POST
def template_publish(request: HttpRequest, kind: str, version: int) -> HttpResponse:
    may_edit(request)
    template = load_template(kind, version)
    try:
        typed = {name: storable(request.POST.get(name, "")) for name in ("note", "given_up")}
        said = {"note": typed["note"][:240], "given_up": typed["given_up"][:2_000]}
        templates.publish(template, by=signed_in(request), at=timezone.now(), **said)
    except Refused as refused:
        return _show(request, template, can_edit=template.published_at is None, refused=refused.sentence)
    messages.success(request, f"Version {version} is in force for new documents.")
    return redirect("governance:template-list")


@require_POST
def template_discard(request: HttpRequest, kind: str, version: int) -> HttpResponse:
    may_edit(request)
    try:
        templates.discard(load_template(kind, version), by=signed_in(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"Version {version} in work is thrown away.")
    return redirect("governance:template-list")


@require_http_methods(["GET", "POST"])
def section_new(request: HttpRequest, kind: str, version: int) -> HttpResponse:
    may_edit(request)
    return _section_form(request, load_template(kind, version), None)


@require_http_methods(["GET", "POST"])
def section_edit(request: HttpRequest, kind: str, version: int, key: str) -> HttpResponse:
    may_edit(request)
    section = load_section(kind, version, key)
    return _section_form(request, section.template, section)


def _section_form(request: HttpRequest, template: DocumentTemplate, section: TemplateSection | None) -> HttpResponse:
    slug = slug_of(template.kind)
    if template.published_at is not None and request.method == "GET":
        return redirect("governance:template-detail", slug, template.version)
    form = TemplateSectionForm(request.POST or None, section=section)
    formset: Any = ColumnFormSet(
        request.POST or None, initial=column_rows(section.columns if section else []), prefix="columns"
    )
    if request.method == "POST" and all([form.is_valid(), formset.is_valid()]):
        values = {**form.cleaned_data, "columns": columns_in(formset)}
        try:
            if section is None:
                templates.add_section(template, values, by=signed_in(request))
            else:
                templates.change_section(section, values, by=signed_in(request))
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"{values['title']} is saved.")
            return redirect("governance:template-detail", slug, template.version)
    context = {"template": template, "slug": slug, "section": section, "form": form, "formset": formset}
    return render(request, "governance/template_section.html", context, status=422 if form.is_bound else 200)


@require_POST
def section_move(request: HttpRequest, kind: str, version: int, key: str) -> HttpResponse:
    may_edit(request)
    steps = -1 if request.POST.get("to") == "up" else 1
    return _act(request, kind, version, lambda by: templates.move_section(load_section(kind, version, key), steps, by=by), key)


@require_POST
def section_delete(request: HttpRequest, kind: str, version: int, key: str) -> HttpResponse:
    may_edit(request)
    return _act(request, kind, version, lambda by: templates.delete_section(load_section(kind, version, key), by=by))


def _act(request: HttpRequest, kind: str, version: int, verb: Any, key: str = "") -> HttpResponse:
    try:
        verb(signed_in(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
    answer = redirect("governance:template-detail", kind, version)
    if key:
        answer["Location"] += f"#section-{key}"
    return answer
