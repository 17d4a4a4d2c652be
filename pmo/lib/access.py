"""Two ways to say no: what a person may not see does not exist for them (404); what they may not do is refused (403)."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404

M = TypeVar("M", bound=models.Model)


def visible_or_404(source: type[M] | models.QuerySet[M], user: Any, **lookup: Any) -> M:
    """Return the one row that `user` may see; raise Http404 when there is none, without saying which of both it was."""
    rows = source.objects.all() if isinstance(source, type) else source  # type: ignore[attr-defined]
    row = rows.visible_to(user).filter(**lookup).first()  # type: ignore[union-attr]
    if row is None:
        raise Http404("No such page, or it is not yours to see.")
    return row  # type: ignore[no-any-return]


def require(allowed: bool, sentence: str = "Your role does not allow this.") -> None:
    """Raise PermissionDenied with a sentence unless `allowed`."""
    if not allowed:
        raise PermissionDenied(sentence)
