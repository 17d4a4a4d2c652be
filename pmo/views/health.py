"""Two addresses for the machines that watch: is the process up, and can it do its work."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pmo import health


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 503 while pages cannot be served; a late worker is “degraded” and answers 200."""
    facts = health.facts(timezone.now())
    is_stopped = any(fact.stops and not fact.is_well for fact in facts)
    status = "stopped" if is_stopped else "ready" if all(fact.is_well for fact in facts) else "degraded"
    checks = {fact.name: {"ok": fact.is_well, "note": fact.note} for fact in facts}
    return JsonResponse({"status": status, "checks": checks}, status=503 if is_stopped else 200)
