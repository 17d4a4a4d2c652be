"""The mails of the office, for administrators: whether they went out. What they say stays between the office and its people."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from pmo.accounts import safe_next
from pmo.administration.access import require_keeper
from pmo.lib.errors import Refused
from pmo.lib.tables import Chip, Column
from pmo.lib.views import FilteredListView
from pmo.lib.words import count
from pmo.mailing import where_mails_go
from pmo.models import MailMessage
from pmo.models.mails import MailState
from portfolio.filters import ListFilters, several

KINDS = {MailState.FAILED: "late", MailState.WAITING: "bold", MailState.LEFT_OUT: "plain"}


class OutboxFilters(ListFilters):
    q = filters.CharFilter(label="Text", method="by_text")
    state = several("State", MailState.choices)

    class Meta(ListFilters.Meta):
        model = MailMessage
        fields: list[str] = []

    def by_text(self, rows: QuerySet[MailMessage], name: str, value: str) -> QuerySet[MailMessage]:
        for word in value.split():
            rows = rows.filter(Q(to__icontains=word) | Q(subject__icontains=word))
        return rows


def outbox_columns() -> list[Column]:
    return [
        Column("written", "Written", lambda row: row.created_at, sort=("created_at", "pk")),
        Column("to", "To", lambda row: row.to, sort=("to",), is_wide=True),
        Column("subject", "Subject", lambda row: row.subject, sort=("subject",), is_wide=True, is_head=True),
        Column("state", "State", lambda row: Chip(row.get_state_display(), KINDS.get(row.state, "")), sort=("state",)),
        Column("tries", "Tries", lambda row: row.tries, sort=("tries",), is_number=True),
        Column("sent", "Sent", lambda row: row.sent_at, sort=("sent_at",)),
        Column("next", "Next try", next_try, sort=("next_try_at",), is_shown=False),
        Column("error", "Last error, or why it was left out", lambda row: row.last_error, is_wide=True, short="Why not"),
    ]


def next_try(row: MailMessage) -> Any:
    return row.next_try_at if row.state == MailState.WAITING else None


class OutboxView(FilteredListView):
    list_name = "outbox"
    title = "Outbox"
    noun = "mail"
    filterset_class = OutboxFilters
    default_order = "-written"
    template_name = "pmo/outbox.html"
    quick_views = (
        ("Waiting", "state=waiting"),
        ("Failed", "state=failed"),
        ("Left out", "state=left_out"),
        ("Sent", "state=sent"),
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        require_keeper(request.user)
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return outbox_columns()

    def get_rows(self) -> QuerySet[MailMessage]:
        return MailMessage.objects.defer("body")

    def get_extra(self) -> dict[str, Any]:
        """Rows can be marked where only failed mails stand; from elsewhere a line leads there."""
        shows_failed = self.request.GET.getlist("state") == [MailState.FAILED]
        choose = {"choose": "row", "bulk_form": "bulk"} if shows_failed else {}
        failed = 0 if shows_failed else MailMessage.objects.filter(state=MailState.FAILED).count()
        return {"where_mails_go": where_mails_go(), "failed": failed, **choose}


@require_POST
def outbox_try_again(request: HttpRequest) -> HttpResponse:
    """Give the marked mails new tries, each by its own verb, and say which were refused."""
    require_keeper(request.user)
    keys = [int(key) for key in request.POST.getlist("row") if key.isdecimal() and len(key) < 16]
    marked = list(MailMessage.objects.filter(pk__in=keys))
    refused = [f"{mail}: {sentence}" for mail in marked if (sentence := try_again(mail))]
    if not marked:
        messages.error(request, "Mark at least one failed mail first.")
    if done := len(marked) - len(refused):
        messages.success(request, f"{count(done, 'mail')} will be tried again within a minute.")
    for sentence in refused:
        messages.error(request, sentence)
    return redirect(safe_next(request, reverse("outbox")))


def try_again(mail: MailMessage) -> str:
    """Return why it was refused; empty when it was done."""
    try:
        mail.try_again(at=timezone.now())
    except Refused as error:
        return error.sentence
    return ""
