"""How the person of a session is read: with what every page's frame shows of them, in the same query."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Func, IntegerField, OuterRef, QuerySet, Subquery

from governance.models import DeliverableVersion
from pmo.models import Notification, User


class SessionBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in as allauth does it."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session, or None when they are gone or may not sign in.

        They bring along `counted_unread` (their notifications) and `counted_reviews` (versions that wait for anybody's review).
        """
        unread = Notification.objects.unread().filter(recipient=OuterRef("pk"))
        waiting = DeliverableVersion.objects.waiting()
        counts = {"counted_unread": _count(unread), "counted_reviews": _count(waiting)}
        user = User.objects.filter(pk=user_id).annotate(**counts).first()
        return user if user and self.user_can_authenticate(user) else None


def _count(rows: QuerySet[Any]) -> Subquery:
    """Return how many rows there are, as part of another query. A plain function: an aggregate would ask for groups."""
    counted = Func("pk", function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(count=counted).values("count"))
