from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def offered_to(self, user, list_name: str) -> SavedViewQuerySet:  # type: ignore[no-untyped-def]
        """Return the views of one list that `user` may choose, own first."""
        return self.filter(Q(owner=user) | Q(is_shared=True), list_name=list_name).order_by("is_shared", "name")


class SavedView(models.Model):
    """A named query string of a list: filters, columns and order, kept by one person or shared with all who see the list."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    list_name = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True, max_length=2000)
    is_shared = models.BooleanField("shared with everyone who sees this list", default=False)
    is_default = models.BooleanField("opens first for me", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_name", "name"],
                name="pmo_savedview_name_once",
                violation_error_message="You already have a view of this name. Choose another name.",
            ),
            models.UniqueConstraint(
                fields=["owner", "list_name"], condition=Q(is_default=True), name="pmo_savedview_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name
