"""The stakeholders' dashboard, its files, and what changed between two days."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET

from governance.access import PublishedAccess
from governance.board import Board
from governance.changes import Changes
from governance.dashboard_json import as_json
from governance.dashboard_paper import PortfolioPaper
from pmo.lib import listing
from pmo.lib.access import require
from pmo.lib.exports import About, csv_response, xlsx_response
from pmo.lib.pdf import PdfUnavailable, render_pdf

TITLE = "Portfolio"


def board_for(request: HttpRequest) -> Board:
    """Return the board that was asked for. Raises PermissionDenied for people who do not read the portfolio."""
    require(PublishedAccess(request.user).can_see_portfolio, "The portfolio is not part of your role.")
    return Board(request)


def file_name(board: Board, ending: str = "") -> str:
    return f"portfolio-{board.lens.day:%Y-%m-%d}{ending}"


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    board = board_for(request)
    opening = None if request.GET else listing.opening_view(board.shown.saved, request.user)
    if opening:
        return redirect(f"{request.path}?{opening.query}")
    return render(request, "governance/dashboard.html", {"board": board, "list": board.shown})


@require_GET
def dashboard_csv(request: HttpRequest) -> HttpResponseBase:
    board = board_for(request)
    return csv_response(file_name(board), board.file_columns, board.all_rows())


@require_GET
def dashboard_xlsx(request: HttpRequest) -> HttpResponseBase:
    board = board_for(request)
    about = About(f"{TITLE}, {board.when}", str(request.user), board.at, board.filter_words)
    return xlsx_response(file_name(board), board.file_columns, board.all_rows(), about)


@require_GET
def dashboard_json(request: HttpRequest) -> HttpResponse:
    board = board_for(request)
    answer = JsonResponse(as_json(board), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def dashboard_pdf(request: HttpRequest) -> HttpResponse:
    board = board_for(request)
    html = render_to_string("governance/dashboard_pdf.html", {"board": board, "paper": PortfolioPaper(board)})
    try:
        file = render_pdf(html)
    except PdfUnavailable as problem:
        return render(request, "governance/dashboard_no_pdf.html", {"problem": problem}, status=503)
    answer = HttpResponse(file, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{file_name(board, ".pdf")}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def dashboard_changes(request: HttpRequest) -> HttpResponse:
    """Show what changed between two days, project by project."""
    access = PublishedAccess(request.user)
    require(access.can_see_portfolio, "The portfolio is not part of your role.")
    changes = Changes(request.GET, timezone.localdate())
    context: dict[str, Any] = {"changes": changes, "access": access, "has_rows": bool(changes.page.object_list)}
    return render(request, "governance/dashboard_changes.html", context)
