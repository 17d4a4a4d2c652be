"""What a person was told: one page, unread first by day, and each leads to where it can be acted on."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from pmo.accounts import signed_in
from pmo.lib.words import count, local_date
from pmo.models import Notification

PAGE = 50
#: The icon of each kind of notice; anything else gets the bell.
ICONS = {
    "review": "report",
    "report": "report",
    "challenge": "bang",
    "reminder": "bell",
    "overdue": "bang",
    "delegation": "people",
}


@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    """Show what the person was told, newest first, by day; `?show=unread` leaves out what they have read."""
    everything = signed_in(request).notifications
    only_unread = request.GET.get("show") == "unread"
    page = Paginator(everything.unread() if only_unread else everything.all(), PAGE).get_page(request.GET.get("page"))
    days = groupby(((note, ICONS.get(note.kind, "bell")) for note in page), key=lambda pair: local_date(pair[0].created_at))
    context = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "days": [(day, list(pairs)) for day, pairs in days],
        "only_unread": only_unread,
        "unread": everything.unread().count(),
    }
    return render(request, "pmo/notifications.html", context)


@require_POST
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice of the person's own as read and go where it leads."""
    note = get_object_or_404(signed_in(request).notifications, pk=pk)
    if note.read_at is None:
        note.read_at = timezone.now()
        note.save(update_fields=["read_at"])
    is_ours = note.url.startswith("/") and url_has_allowed_host_and_scheme(note.url, {request.get_host()})
    return redirect(note.url if is_ours else "notification-list")


@require_POST
def notification_read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice of the person's own as read."""
    user = signed_in(request)
    read = Notification.objects.filter(recipient=user, read_at=None).update(read_at=timezone.now())
    if read:
        messages.success(request, f"{count(read, 'notification')} marked as read.")
    return redirect("notification-list")
