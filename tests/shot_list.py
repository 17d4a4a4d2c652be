"""The pages and PDFs of which `./dev shots` takes pictures, area by area, with addresses of things that the demo city has."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

PMO, PM, SH, EXE, AUD, ADM = (
    "adela.voss-marin@portansel.example",
    "ines.okonta@portansel.example",
    "council.office@portansel.example",
    "marguerite.salcedo@portansel.example",
    "odile.brandt@portansel.example",
    "ravi.castellan@portansel.example",
)


@dataclass(frozen=True)
class Shot:
    """One page as one person sees it."""

    name: str
    path: str
    who: str


def pages() -> list[Shot]:
    return [*at_home(), *of_projects(), *of_reports(), *of_documents(), *of_gates(), *of_changes(), *of_the_office()]


def found(rows: Any) -> Any:
    """Return the first of `rows`; the demo city has one, or its story has changed."""
    row = rows.first()
    assert row is not None, rows.model
    return row


def at_home() -> list[Shot]:
    from pmo.models import User

    late_manager = User.objects.get(email="tobin.achterby@portansel.example")
    return [
        Shot("home-office", "/", PMO),
        Shot("home-manager", "/", PM),
        Shot("home-executive", "/", EXE),
        Shot("home-auditor", "/", AUD),
        Shot("home-administrator", "/", ADM),
        Shot("search", "/search/?q=billing", PMO),
        Shot("search-words", "/search/?q=interface+test", PM),
        Shot("search-documents", "/search/?q=test&kind=documents", PMO),
        Shot("search-nothing", "/search/?q=zeppelin", PM),
        Shot("notifications", "/notifications/", PM),
        Shot("account", "/accounts/", PM),
        Shot("sessions", "/accounts/sessions/", PM),
        Shot("administration", "/administration/", ADM),
        Shot("people", "/administration/people/", ADM),
        Shot("person", f"/administration/people/{late_manager.pk}/", PMO),
        Shot("person-deactivate", f"/administration/people/{late_manager.pk}/deactivate/", ADM),
        Shot("roles", "/administration/roles/", EXE),
        Shot("styleguide", "/styleguide/", PMO),
        Shot("not-found", "/no-such-page/", PM),
        Shot("sign-in", "/accounts/login/", ""),
    ]


def of_projects() -> list[Shot]:
    from django.utils import timezone

    day = (timezone.localdate() - dt.timedelta(days=60)).isoformat()
    return [
        Shot("projects", "/projects/", PMO),
        Shot("project-new", "/projects/new/", PMO),
        Shot("project", "/projects/P-2215/", PMO),
        Shot("project-edit", "/projects/P-2215/edit/", PM),
        Shot("project-class", "/projects/P-2215/class/", PMO),
        Shot("project-risks", "/projects/P-2215/risks/", PM),
        Shot("project-risk", "/projects/P-2215/risks/1/", PM),
        Shot("project-milestones", "/projects/P-2215/milestones/", PM),
        Shot("project-people", "/projects/P-2215/people/", PM),
        Shot("project-history", "/projects/P-2215/history/", PMO),
        Shot("risks", "/risks/", PMO),
        Shot("programs", "/programs/", PMO),
        Shot("imports", "/imports/", PMO),
        Shot("dashboard", "/portfolio/", SH),
        Shot("dashboard-then", f"/portfolio/?as_of={day}", SH),
        Shot("dashboard-changes", "/portfolio/changes/", SH),
        Shot("public-project", "/portfolio/P-2215/", SH),
        Shot("paper-dashboard.pdf", "/portfolio.pdf", SH),
    ]


def of_reports() -> list[Shot]:
    from governance.models import DeliverableVersion, RatingChallenge

    versions = DeliverableVersion.objects.filter(document=None).select_related("deliverable__project")
    waiting = found(versions.waiting().order_by("-deliverable__project__code"))
    accepted = found(versions.standing().filter(deliverable__project__code="P-2215").order_by("-deliverable__number"))
    challenge = found(RatingChallenge.objects.unsettled().select_related("project"))
    review = f"/reviews/{waiting.deliverable.project.code}/{waiting.deliverable.number}/v{waiting.number}/"
    report = f"/projects/P-2215/reports/{accepted.deliverable.number}/"
    return [
        Shot("reviews", "/reviews/", PMO),
        Shot("review", review, PMO),
        Shot("review-public", review + "public/", PMO),
        Shot("not-in", "/reviews/not-in/", PMO),
        Shot("challenges", "/challenges/", PMO),
        Shot("challenge", challenge.get_absolute_url(), PMO),
        Shot("delegations", "/delegations/", PMO),
        Shot("rules", "/rules/", PMO),
        Shot("rules-thresholds", "/rules/thresholds/edit/", PMO),
        Shot("rules-clocks", "/rules/clocks/edit/", PMO),
        Shot("status-room", "/projects/P-2215/reports/", PM),
        Shot("report", report, PMO),
        Shot("report-new", "/projects/P-2215/reports/new/", PM),
        Shot("public-report", f"/portfolio/P-2215/reports/{accepted.deliverable.number}/", SH),
        Shot("verify", f"/verify/{accepted.record_sha256}/", SH),
        Shot("paper-report.pdf", f"{report}v{accepted.number}.pdf", PMO),
        Shot("paper-public.pdf", f"/portfolio/P-2215/reports/{accepted.deliverable.number}.pdf", SH),
    ]


def of_documents() -> list[Shot]:
    from governance.documents.access import version_url
    from governance.models import DeliverableVersion
    from governance.record_copies import has_office_edition

    versions = DeliverableVersion.objects.filter(document__isnull=False).select_related("deliverable__project")
    waiting = found(versions.waiting().filter(deliverable__project__code="P-2338"))
    approved = found(versions.standing().filter(deliverable__kind="definition").order_by("-decided_at"))
    draft = found(versions.filter(state="draft", deliverable__project__project_manager__email=PM))
    code, kind = draft.deliverable.project.code, draft.deliverable.kind.replace("_", "-")
    writing = f"/projects/{code}/documents/{kind}/"
    review = f"/reviews/documents/P-2338/definition/v{waiting.number}/"
    done = f"/projects/{approved.deliverable.project.code}/documents/definition/"
    return [
        Shot("deliverables", "/projects/P-2215/deliverables/", PM),
        Shot("document", done, PMO),
        Shot("document-writing", f"{writing}edit/", PM),
        Shot("document-text", f"{writing}edit/problem/" if kind == "definition" else f"{writing}edit/approach/", PM),
        Shot("document-review", review, PMO),
        Shot("document-return", f"{review}return/", PMO),
        Shot("document-findings", f"{review}findings/", PMO),
        Shot("templates", "/templates/", PMO),
        Shot("paper-document.pdf", f"{done}v{approved.number}.pdf", PMO),
        Shot("paper-office.pdf", f"{version_url(next(filter(has_office_edition, versions))).rstrip('/')}-office.pdf", PMO),
    ]


def of_gates() -> list[Shot]:
    from governance.models import GateReview, Waiver

    waiver = found(Waiver.objects.filter(revoked_at=None))
    reviews = GateReview.objects.select_related("project")
    planned = found(reviews.filter(state="planned").order_by("planned_on"))
    decided = found(reviews.filter(decision="conditional"))
    room = f"/projects/{planned.project.code}/gates/"
    return [
        Shot("gates", "/gates/", PMO),
        Shot("gates-expected", "/gates/?when=expected&sort=next", PMO),
        Shot("gates-months", "/gates/months/", PMO),
        Shot("gates-times", "/gates/cycle-times/", PMO),
        Shot("gates-import", "/gates/import/", PMO),
        Shot("gate-room", room, PMO),
        Shot("gate-readiness", f"{room}{planned.gate}/readiness/", PMO),
        Shot("gate-planned", planned.get_absolute_url(), PMO),
        Shot("gate-decided", decided.get_absolute_url(), PMO),
        Shot("gate-past", f"{room}past/", PMO),
        Shot("waivers", "/waivers/", PMO),
        Shot("waiver-revoke", f"/waivers/{waiver.pk}/revoke/", PMO),
        Shot("waiver-new", f"/projects/{planned.project.code}/waivers/new/", PMO),
        Shot("tailoring", "/rules/tailoring/", PMO),
        Shot("gate-criteria", "/rules/gate-criteria/", PMO),
        Shot("paper-gate.pdf", f"{decided.get_absolute_url().rstrip('/')}.pdf", PMO),
    ]


def of_changes() -> list[Shot]:
    from governance.models import ChangeRequest, Condition

    changes = ChangeRequest.objects.select_related("project")
    approved, waiting = found(changes.filter(state="approved")), found(changes.filter(state="assessed"))
    condition = found(Condition.objects.select_related("project"))
    return [
        Shot("changes", "/changes/", PMO),
        Shot("change-room", f"/projects/{approved.project.code}/changes/", PMO),
        Shot("change-waiting", waiting.get_absolute_url(), PMO),
        Shot("change-approved", approved.get_absolute_url(), PMO),
        Shot("change-new", "/projects/P-2215/changes/new/", PM),
        Shot("baseline-correct", f"/projects/{approved.project.code}/baseline/correct/", EXE),
        Shot("conditions", "/conditions/", PMO),
        Shot("condition", condition.get_absolute_url(), PMO),
        Shot("compliance", "/compliance/", PMO),
        Shot("paper-change.pdf", f"{approved.get_absolute_url().rstrip('/')}.pdf", PMO),
    ]


def of_the_office() -> list[Shot]:
    from governance.models import GuidanceNote, Lesson

    note, lesson = found(GuidanceNote.objects.select_related("project")), found(Lesson.objects.select_related("project"))
    return [
        Shot("performance", "/performance/", PMO),
        Shot("performance-rows", "/performance/first-pass/", PMO),
        Shot("performance-delivered", "/performance/delivered-on-budget/", PMO),
        Shot("performance-reviews", "/performance/reviews/", PMO),
        Shot("performance-projects", "/performance/projects/", PMO),
        Shot("policies", "/policies/", PMO),
        Shot("policy", "/policies/POL-02/", PMO),
        Shot("policy-changes", "/policies/POL-02/v2/changes/", PMO),
        Shot("standards", "/standards/", PMO),
        Shot("standard", "/standards/STD-02/", PMO),
        Shot("guidance", "/guidance/", PMO),
        Shot("guidance-note", note.get_absolute_url(), PMO),
        Shot("lesson", lesson.get_absolute_url(), PMO),
        Shot("verify-form", "/verify/", PMO),
    ]
