"""Lists of items: board, feed, profile, queue. Strangers' lists hold public items alone."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Count, Min, Q, QuerySet, Sum

from assent.catalogue.models import Item, StoredFile
from assent.catalogue.queries import _item
from assent.catalogue.values import Card, CardPage
from assent.core.access import Denied, Person, may_use_queue
from assent.core.ledger import PledgeState
from assent.core.terms import (
    EntryMode,
    FileState,
    ItemKind,
    ItemState,
    Refusal,
    RefusalKind,
    Refused,
    WorkType,
)

PAGE = 24
_PUBLIC = [s for s in ItemState if s.is_public]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; empty means everything."""

    kind: ItemKind | None = None
    state: ItemState | None = None
    work_type: WorkType | None = None
    words: str = ""
    owner: int | None = None


def cards(viewer: Person, wanted: Filter, cursor: str | None = None, limit: int = PAGE) -> CardPage:
    """Return public items, newest first. The viewer's own are in `mine`, held ones in `queue`."""
    rows = Item.objects.filter(state__in=_PUBLIC)
    # An entry is as public as its bounty.
    rows = rows.filter(Q(entry__isnull=True) | Q(entry__bounty__item__state__in=_PUBLIC))
    # One that only supporters see is in nobody's list; the bounty's page shows it to them.
    rows = rows.exclude(entry__bounty__entry_mode=EntryMode.SUPPORTERS)
    return _page(_narrow(rows, wanted), cursor, limit)


def mine(viewer: Person, cursor: str | None = None, limit: int = PAGE) -> CardPage:
    """Return what the viewer put here, in every state except what was taken down."""
    if viewer.id is None:
        return CardPage((), None)
    gone = [s for s in ItemState if s.is_gone]
    return _page(Item.objects.filter(owner_id=viewer.id).exclude(state__in=gone), cursor, limit)


def queue(viewer: Person, cursor: str | None = None, limit: int = PAGE) -> CardPage:
    """Return what is held for a moderator, oldest first, or refuse."""
    answer = may_use_queue(viewer)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
    return _page(Item.objects.filter(state=ItemState.HELD), cursor, limit, oldest_first=True)


def _narrow(rows: QuerySet[Item], wanted: Filter) -> QuerySet[Item]:
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.owner is not None:
        rows = rows.filter(owner_id=wanted.owner)
    if wanted.work_type:
        rows = rows.filter(
            Q(bounty__work_type=wanted.work_type) | Q(listing__work_type=wanted.work_type)
        )
    for word in wanted.words.split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(description__icontains=word))
    return rows


def _page(
    rows: QuerySet[Item], cursor: str | None, limit: int, *, oldest_first: bool = False
) -> CardPage:
    after = _read_cursor(cursor)
    if after is not None:
        at, item_id = after
        beyond = (
            Q(created_at__gt=at) | Q(created_at=at, id__gt=item_id)
            if oldest_first
            else Q(created_at__lt=at) | Q(created_at=at, id__lt=item_id)
        )
        rows = rows.filter(beyond)
    order = ("created_at", "id") if oldest_first else ("-created_at", "-id")
    rows = rows.select_related("owner", "bounty", "listing", "entry__bounty__item")
    found = list(rows.order_by(*order)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return CardPage(tuple(_cards(found)), _cursor(found[-1]) if more else None)


def _cards(rows: list[Item]) -> Iterable[Card]:
    ids = [row.id for row in rows]
    sums = _sums(ids)
    images = dict(
        StoredFile.objects.filter(item_id__in=ids, role="image", state=FileState.CLEAN)
        .values_list("item_id")
        .annotate(Min("id"))
    )
    for row in rows:
        own = getattr(row, "bounty", None) or getattr(row, "listing", None)
        total, supporters, entries = sums.get(row.id, (0, 0, 0))
        yield Card(
            _item(row),
            WorkType(own.work_type) if own else None,
            total,
            supporters,
            entries,
            _deadline(row),
            images.get(row.id),
            *_bounty_of(row),
        )


def _bounty_of(row: Item) -> tuple[str | None, str]:
    entry = getattr(row, "entry", None)
    if entry is None:
        return None, ""
    bounty = entry.bounty.item
    return bounty.id, "" if ItemState(bounty.state).is_gone else bounty.title


def titles(viewer: Person, item_ids: Iterable[str]) -> dict[str, str]:
    """Return the titles of those of these items that are public or the viewer's own."""
    rows = Item.objects.filter(id__in=set(item_ids))
    gone = [s for s in ItemState if s.is_gone]
    mine = Q(owner_id=viewer.id) & ~Q(state__in=gone) if viewer.id is not None else Q(pk=None)
    return dict(rows.filter(Q(state__in=_PUBLIC) | mine).values_list("id", "title"))


def _deadline(row: Item) -> date | None:
    own = getattr(row, "bounty", None)
    return own.deadline if own else None


def _sums(ids: list[str]) -> dict[str, tuple[int, int, int]]:
    bounties = Item.objects.filter(id__in=ids, kind=ItemKind.BOUNTY)
    live = ~Q(bounty__pledges__state=PledgeState.REFUNDED)
    pledged = bounties.annotate(
        total=Sum("bounty__pledges__amount", filter=live),
        people=Count("bounty__pledges__supporter", filter=live, distinct=True),
    ).values_list("id", "total", "people")
    shown = Q(bounty__entries__item__state__in=_PUBLIC)
    handed_in = dict(
        bounties.annotate(n=Count("bounty__entries", filter=shown, distinct=True)).values_list(
            "id", "n"
        )
    )
    return {i: (total or 0, people, handed_in[i]) for i, total, people in pledged}


def _cursor(row: Item) -> str:
    return base64.urlsafe_b64encode(f"{row.created_at.isoformat()}|{row.id}".encode()).decode()


def _read_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    try:
        at, item_id = base64.urlsafe_b64decode(cursor.encode()).decode().split("|")
        if not item_id.isalnum():
            raise ValueError(item_id)
        return datetime.fromisoformat(at).astimezone(UTC), item_id
    except (ValueError, OverflowError) as error:
        raise Refused(
            Refusal(
                "bad_cursor",
                "This is not a place in the list that we gave out.",
                RefusalKind.INVALID,
                {"cursor": "Unknown place in the list."},
            )
        ) from error
