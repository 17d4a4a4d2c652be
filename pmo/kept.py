"""Nothing typed is lost: a form sent while signed out, or with a stale token, is kept and can be sent again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

SESSION_KEY = "kept_post"
MOST_CHARACTERS = 200_000
SECONDS_KEPT = 2 * 3600
#: The cookie that says who was signed in last, and for how long it does.
LAST_PERSON = "last_person"
DAYS_KNOWN = 30
# What a person does not read: tokens, and the counters that Django's sets of forms carry.
UNREADABLE_ENDINGS = ("-TOTAL_FORMS", "-INITIAL_FORMS", "-MIN_NUM_FORMS", "-MAX_NUM_FORMS", "-id")
UNREADABLE = frozenset({"next", "revision", "version"})


@dataclass(frozen=True)
class KeptPost:
    """One form as it was sent. `user_id` is the person who was signed in, None when the server cannot know."""

    path: str
    fields: list[tuple[str, str]]
    files: list[str]
    user_id: int | None = None

    @property
    def readable(self) -> list[tuple[str, str]]:
        """The words of the form, under labels made from the field names; empty fields and counters left out."""
        shown = [(name, text) for name, text in self.fields if text.strip() and _is_readable(name)]
        return [(label_of(name), text) for name, text in shown]

    def is_for(self, user: Any) -> bool:
        return self.user_id is None or self.user_id == user.pk


def _is_readable(name: str) -> bool:
    return not name.startswith("_") and name not in UNREADABLE and not name.endswith(UNREADABLE_ENDINGS)


def label_of(name: str) -> str:
    """Return a field's name as words: `schedule_reason` and `item-2-done` become “Schedule reason” and “Item 2 done”."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def is_secret(name: str) -> bool:
    lowered = name.lower()
    return lowered == "csrfmiddlewaretoken" or any(word in lowered for word in ("password", "secret", "token"))


def may_be_kept(request: HttpRequest) -> bool:
    """Say whether this is a form of ours that holds no password: nothing under /accounts/ is ever kept."""
    return request.method == "POST" and not request.path.startswith(reverse("account"))


def kept_from(request: HttpRequest) -> KeptPost | None:
    """Return what this POST says, without tokens and secrets; None when it may not be kept or is too long to keep."""
    if not may_be_kept(request):
        return None
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts if not is_secret(name)]
    if sum(len(name) + len(str(text)) for name, text in fields) > MOST_CHARACTERS:
        return None
    user_id = request.user.pk or getattr(request, "ended_user_id", None) or last_person(request)
    files = [upload.name or "file" for uploads in request.FILES.lists() for upload in uploads[1]]
    return KeptPost(request.get_full_path(), [(name, str(text)) for name, text in fields], files, user_id)


def last_person(request: HttpRequest) -> int | None:
    """Return who was signed in last on this browser, also after they signed out; None when nobody was, as far as it tells."""
    value = request.get_signed_cookie(LAST_PERSON, default=None, salt=LAST_PERSON)
    return int(value) if value and value.isdecimal() else None


def note_person(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have the browser keep, signed, who is signed in: a page left open after signing out was theirs and nobody else's."""
    if request.user.is_authenticated and last_person(request) != request.user.pk:
        response.set_signed_cookie(
            LAST_PERSON,
            str(request.user.pk),
            salt=LAST_PERSON,
            max_age=DAYS_KNOWN * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def remember(request: HttpRequest, post: KeptPost) -> None:
    """Store `post` in the visitor's session, which Django carries over into the session after sign-in."""
    request.session[SESSION_KEY] = asdict(post)
    request.session.set_expiry(SECONDS_KEPT)


def remembered(request: HttpRequest) -> KeptPost | None:
    """Return what is kept for this person, or None; another person's words on a shared computer are dropped unseen."""
    stored = request.session.get(SESSION_KEY)
    if not stored:
        return None
    post = KeptPost(stored["path"], [tuple(pair) for pair in stored["fields"]], stored["files"], stored["user_id"])
    if not post.is_for(request.user):
        forget(request)
        return None
    return post


def forget(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def is_from_our_page(request: HttpRequest) -> bool:
    """Say whether the browser names one of our own pages as the sender; a missing or opaque sender does not count."""
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    parts = urlsplit(sender)
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def is_from_script(request: HttpRequest) -> bool:
    """Say whether a script sent this (htmx, fetch): it wants an answer that it can read, not a page."""
    if request.headers.get("HX-Request") == "true" or request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return True
    if request.headers.get("Sec-Fetch-Mode") in {"cors", "same-origin"}:
        return True
    return request.headers.get("Accept", "").startswith("application/json")
