"""What a kind of thing brings to the search, and its hits as the page shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse

from pmo.lib.finding import Piece, words_of

HITS_A_GROUP = 10
HITS_A_PAGE = 25

Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Hit:
    title: str
    url: str
    where: str
    state: str
    title_pieces: Pieces = ()
    said: Pieces = ()
    """Where the words stand, when it is not the title."""
    place: str = ""
    """The section that says them."""


@dataclass(frozen=True)
class Found:
    """All hits of one kind: a queryset, or a list where the database alone cannot tell. `is_cut` where not all were read."""

    rows: Any
    is_cut: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is looked through.

    `find` returns what a person may see of what says the words; `hit` shows one row of it. `list_name` is the address of a list
    whose own filter finds the same, for those whom `may_list` lets in.
    """

    slug: str
    title: str
    find: Callable[[Any, str], Found]
    hit: Callable[[Any, Sequence[str]], Hit]
    list_name: str = ""
    may_list: Callable[[Any], bool] = field(default=lambda user: True)


@dataclass(frozen=True)
class Group:
    """Hits of one kind: the first ones, or one page of them; how many there are, and where all of them are."""

    kind: Kind
    hits: list[Hit]
    total: int
    is_cut: bool
    all_url_name: str
    """The list that finds the same, or nothing where the search itself shows all."""
    page: Page[Any]

    @property
    def title(self) -> str:
        return self.kind.title

    @property
    def has_more(self) -> bool:
        return self.total > len(self.hits)

    @property
    def count(self) -> str:
        """Return how many there are, in words: at least so many where not all were read."""
        return f"at least {self.total:,}" if self.is_cut else f"{self.total:,}"

    @property
    def list_url(self) -> str:
        return reverse(self.all_url_name) if self.all_url_name else ""


def group_of(kind: Kind, user: Any, text: str, *, page: Any = 1, size: int = HITS_A_GROUP) -> Group | None:
    """Return what `user` finds of one kind, or None where it is nothing: where not all was read, a group without hits."""
    found = kind.find(user, text)
    shown = Paginator(found.rows, size).get_page(page)
    if not shown.paginator.count and not found.is_cut:
        return None
    words = words_of(text)
    hits = [kind.hit(row, words) for row in shown]
    listed = kind.list_name if kind.list_name and kind.may_list(user) else ""
    return Group(kind, hits, shown.paginator.count, found.is_cut, listed, shown)
