"""Rows of the access table: documents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.access_rows.base import MANAGES, OFFICE, PIA, SEES, TEAM, Row, of_alpha, office_page

TITLE = "Documents and their templates"
#: Who reads the rules: the office, and project managers.
READS_RULES = frozenset(["pia", "gina", "max", "bea", "audrey"])
#: Who reads drafts of ALPHA's documents: the office, its manager and its team.
READS_DRAFTS = frozenset(["pia", "gina", "max", "tess", "audrey"])
ROWS: dict[str, Row] = {
    "governance:deliverable-list": of_alpha(SEES),
    "governance:document-detail": of_alpha(SEES),
    "governance:document-version": Row(READS_DRAFTS),
    "governance:document-pdf": of_alpha(SEES),
    "governance:document-record-pdf": of_alpha(SEES),
    "governance:document-office-pdf": of_alpha(OFFICE),
    "governance:attachment-file": Row(READS_DRAFTS),
    "governance:document-begin": of_alpha(MANAGES),
    "governance:document-about": of_alpha(MANAGES, "POST"),
    "governance:document-submit": of_alpha(MANAGES, "POST"),
    "governance:document-withdraw": of_alpha(MANAGES, "POST"),
    "governance:document-edit": of_alpha(TEAM),
    "governance:document-section-edit": of_alpha(TEAM),
    "governance:document-section-autosave": of_alpha(TEAM, "POST"),
    "governance:document-section-preview": of_alpha(TEAM, "POST"),
    "governance:document-section-merge": of_alpha(TEAM, "POST"),
    "governance:document-section-attach": of_alpha(TEAM, "POST"),
    "governance:document-file-remove": of_alpha(TEAM, "POST"),
    "governance:template-list": office_page(READS_RULES),
    "governance:template-detail": office_page(READS_RULES),
    "governance:template-begin": office_page(PIA, "POST"),
    "governance:template-publish": office_page(PIA, "POST"),
    "governance:template-discard": office_page(PIA, "POST"),
    "governance:template-section-new": office_page(PIA),
    "governance:template-section-edit": office_page(PIA),
    "governance:template-section-move": office_page(PIA, "POST"),
    "governance:template-section-delete": office_page(PIA, "POST"),
}
KIND = "execution_plan"


def prepare(world: Any) -> None:
    """Make a draft of ALPHA's execution plan with a file beside its summary, the next template, and what it approved."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from governance.attachments import attach
    from governance.documents.drafting import latest_version
    from governance.documents.templates import begin_next
    from governance.models import DocumentTemplate
    from tests.governance.written import a_document, an_approved_document

    world.definition = an_approved_document(world.alpha, by=world.people["pia"], at=world.now - dt.timedelta(hours=9))

    world.plan = _confidential_plan(world)
    world.document = latest_version(world.alpha, KIND) or a_document(world.alpha, KIND, at=world.now)
    section = world.document.document.sections.get(section__key="summary")
    upload = SimpleUploadedFile("minutes.txt", b"The board met on Monday.")
    world.attachment = attach(upload, by=world.people["max"], at=world.now, section=section)
    if not DocumentTemplate.objects.filter(kind=KIND, published_at=None).exists():
        begin_next(KIND, by=world.people["pia"], at=world.now)


def _confidential_plan(world: Any) -> Any:
    """Return an approved plan that buys something, of a project with the people of ALPHA, which itself has no plan yet."""
    from tests.factories import make_member, make_project
    from tests.governance.written import an_approved_document, bought

    people = {"project_manager": world.people["max"], "sponsor": world.people["sam"]}
    project = make_project(code="P-1009", name="Scanners", **people)
    make_member(project, world.people["tess"], role="analyst")
    tender = [{"row": "tender", "cells": bought("Scanner lease", limit="777123")}]
    at = world.now - dt.timedelta(hours=9)
    return an_approved_document(project, KIND, by=world.people["pia"], at=at, procurement=tender)


def arguments(world: Any, name: str) -> dict[str, Any]:
    from governance.models import DocumentTemplate

    short = name.removeprefix("governance:")
    if short == "attachment-file":
        return {"public_id": world.attachment.public_id}
    if short == "document-office-pdf":
        return {"code": world.plan.deliverable.project.code, "kind": "execution-plan", "version": world.plan.number}
    if short.endswith("-pdf"):
        return {"code": world.alpha.code, "kind": "definition", "version": world.definition.number}
    given: dict[str, Any] = {"kind": "execution-plan"}
    if short.startswith("template"):
        given |= {
            "version": DocumentTemplate.objects.filter(kind=KIND).order_by("-version").values_list("version", flat=True)[0]
        }
    else:
        given |= {"code": world.alpha.code, "version": world.document.number}
    return {**given, "key": "summary", "public_id": world.attachment.public_id}
