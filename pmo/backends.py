"""How the person of a session is read: with what every page's frame shows of them, in the same query."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from pmo.models import Notification, User


class SessionBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in as allauth does it."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session with `counted_unread`, or None when they are gone or may not sign in."""
        unread = Notification.objects.unread().filter(recipient=OuterRef("pk")).order_by().values("recipient")
        counted = Coalesce(Subquery(unread.annotate(count=Count("pk")).values("count")), 0)
        user = User.objects.filter(pk=user_id).annotate(counted_unread=counted).first()
        return user if user and self.user_can_authenticate(user) else None
