"""Lists of items: board, feed, profile, queue. Strangers' lists hold public items alone."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from assent.catalogue.models import Item, Pledge, SearchWord, StoredFile
from assent.catalogue.queries import _item
from assent.catalogue.values import Card, CardPage, ItemView
from assent.core.access import Denied, Person, may_use_queue
from assent.core.ledger import PledgeState
from assent.core.screening.searching import NO_SEARCH, Search
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


class Sort(StrEnum):
    """The order of a list; of equals, the newer comes first."""

    NEWEST = "newest"
    CREDITS = "credits"
    DEADLINE = "deadline"
    DOWNLOADS = "downloads"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; empty means everything."""

    kind: ItemKind | None = None
    state: ItemState | None = None
    work_type: WorkType | None = None
    search: Search = NO_SEARCH
    owner: int | None = None
    base_model: str = ""
    credits_min: int = 0
    is_priced: bool | None = None
    sort: Sort = Sort.NEWEST


def cards(viewer: Person, wanted: Filter, cursor: str | None = None, limit: int = PAGE) -> CardPage:
    """Return public items, newest first. The viewer's own are in `mine`, held ones in `queue`."""
    found = _page(_narrow(public_items(), wanted), cursor, limit, wanted.sort)
    # Looked up all the same, so that the time says nothing about what was looked for.
    return found if wanted.search.answered else CardPage((), None)


def public_items() -> QuerySet[Item]:
    """What a stranger may see: what belongs to another item is only as public as that one."""
    # An entry that only supporters see is in no list; the bounty's page shows it to them.
    return Item.objects.exclude(entry__bounty__entry_mode=EntryMode.SUPPORTERS).filter(
        Q(entry__isnull=True) | Q(entry__bounty__item__state__in=_PUBLIC),
        Q(version__isnull=True) | Q(version__listing__item__state__in=_PUBLIC),
        Q(comment__isnull=True) | Q(comment__on__state__in=_PUBLIC),
        state__in=_PUBLIC,
    )


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
    if wanted.base_model or wanted.is_priced is not None:
        rows = _narrow_listings(rows, wanted)
    if wanted.search.asked:
        rows = rows.filter(kind__in=_SEARCHED)
    for word in filter(None, (*wanted.search.words, wanted.search.tag)):
        found = SearchWord.objects.filter(item=OuterRef("pk"), word=word)
        rows = rows.filter(Exists(found))
    if wanted.credits_min or wanted.sort is Sort.CREDITS:
        rows = rows.annotate(pledged=_pledged())
    if wanted.credits_min:
        rows = rows.filter(GreaterThanOrEqual(F("pledged"), wanted.credits_min))
    return rows


def _narrow_listings(rows: QuerySet[Item], wanted: Filter) -> QuerySet[Item]:
    if wanted.base_model:
        rows = rows.filter(listing__base_model__iexact=wanted.base_model)
    if wanted.is_priced is not None:
        free = Q(listing__price=0)
        rows = rows.filter(~free if wanted.is_priced else free, kind=ItemKind.LISTING)
    return rows


_SEARCHED = (ItemKind.BOUNTY, ItemKind.LISTING)


def _pledged() -> Coalesce:
    live = Pledge.objects.filter(bounty_id=OuterRef("pk")).exclude(state=PledgeState.REFUNDED)
    total = live.order_by().values("bounty_id").annotate(s=Sum("amount")).values("s")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


# What each order sorts by, whether downwards, and how a value of it is read back from a cursor.
_ORDERS: Mapping[Sort, tuple[str, bool, Callable[[str], object]]] = {
    Sort.NEWEST: ("created_at", True, datetime.fromisoformat),
    Sort.CREDITS: ("pledged", True, int),
    Sort.DEADLINE: ("bounty__deadline", False, date.fromisoformat),
    Sort.DOWNLOADS: ("listing__downloads", True, int),
}


def _page(
    rows: QuerySet[Item],
    cursor: str | None,
    limit: int,
    sort: Sort = Sort.NEWEST,
    *,
    oldest_first: bool = False,
) -> CardPage:
    key, down, read = _ORDERS[sort]
    down = down and not oldest_first
    if sort is not Sort.NEWEST:
        rows = rows.filter(**{f"{key}__isnull": False})
    after = _read_cursor(cursor, read)
    ways = ("lt" if down else "gt", "gt" if oldest_first else "lt")
    if after is not None:
        value, item_id = after
        same = Q(**{key: value}) & Q(**{f"id__{ways[1]}": item_id})
        rows = rows.filter(Q(**{f"{key}__{ways[0]}": value}) | same)
    order = (f"-{key}" if down else key, "id" if oldest_first else "-id")
    rows = rows.select_related("owner", "bounty", "listing", *_PARENTS).annotate(sort_key=F(key))
    found = list(rows.order_by(*order)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return CardPage(tuple(_cards(found)), _cursor(found[-1]) if more else None)


def _cards(rows: Sequence[Item]) -> Iterable[Card]:
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
            _is_made_by_ai(row),
            *_parent_of(row),
            row.listing.price if hasattr(row, "listing") else 0,
        )


_PARENTS = ("entry__bounty__item", "version__listing__item", "comment__on")


def _is_made_by_ai(row: Item) -> bool:
    own = getattr(row, "bounty", None) or getattr(row, "listing", None)
    if hasattr(row, "entry"):
        own = row.entry.bounty
    elif hasattr(row, "version"):
        own = row.version.listing
    return own is None or WorkType(own.work_type).is_made_by_ai


def _parent_of(row: Item) -> tuple[str | None, str]:
    if hasattr(row, "entry"):
        parent = row.entry.bounty.item
    elif hasattr(row, "version"):
        parent = row.version.listing.item
    elif hasattr(row, "comment"):
        parent = row.comment.on
    else:
        return None, ""
    return parent.id, "" if ItemState(parent.state).is_gone else parent.title


def counts_of(user_id: int) -> dict[str, int]:
    """Return how many public items a member has, by kind, and how many entries were awarded."""
    rows = public_items().filter(owner_id=user_id)
    found = dict(rows.order_by().values_list("kind").annotate(n=Count("id")))
    awarded = rows.filter(kind=ItemKind.ENTRY, state=ItemState.AWARDED).count()
    return {kind.value: found.get(kind.value, 0) for kind in ItemKind} | {"awarded": awarded}


def visible(viewer: Person, item_ids: Iterable[str]) -> dict[str, ItemView]:
    """Return those of these items that are public, or the viewer's own and not taken down."""
    rows = public_items().filter(id__in=set(item_ids))
    if viewer.id is not None:
        gone = [s for s in ItemState if s.is_gone]
        own = Item.objects.filter(id__in=set(item_ids), owner_id=viewer.id)
        rows = rows | own.exclude(state__in=gone)
    return {row.id: _item(row) for row in rows.select_related("owner").distinct()}


def cards_of(viewer: Person, item_ids: Iterable[str]) -> tuple[Card, ...]:
    """Return the public ones of these items, in their order."""
    listed = list(item_ids)
    rows = public_items().filter(id__in=listed).select_related("owner", "bounty", "listing")
    found = {card.item.id: card for card in _cards(list(rows.select_related(*_PARENTS)))}
    return tuple(found[i] for i in listed if i in found)


def titles(viewer: Person, item_ids: Iterable[str]) -> dict[str, str]:
    """Return the titles of those of these items that are public or the viewer's own."""
    rows = Item.objects.filter(id__in=set(item_ids))
    gone = [s for s in ItemState if s.is_gone]
    mine = Q(owner_id=viewer.id) & ~Q(state__in=gone) if viewer.id is not None else Q(pk=None)
    return dict(rows.filter(Q(state__in=_PUBLIC) | mine).values_list("id", "title"))


def kinds(item_ids: Iterable[str]) -> dict[str, ItemKind]:
    """Return of what kind each of these is. A kind says nothing that whoever paid does not know."""
    rows = Item.objects.filter(id__in=set(item_ids)).values_list("id", "kind")
    return {item_id: ItemKind(kind) for item_id, kind in rows}


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


def base_models(limit: int = 100) -> list[str]:
    """Return the base models that public listings were made for, the most usual first."""
    rows = public_items().filter(kind=ItemKind.LISTING).exclude(listing__base_model="")
    named = rows.values_list("listing__base_model").annotate(n=Count("id")).order_by("-n")
    return [name for name, _ in named[:limit]]


def _cursor(row: Item) -> str:
    value = row.sort_key  # type: ignore[attr-defined]  # annotated in `_page`
    text = value.isoformat() if isinstance(value, date) else str(value)
    return base64.urlsafe_b64encode(f"{text}|{row.id}".encode()).decode()


def _read_cursor(cursor: str | None, read: Callable[[str], object]) -> tuple[object, str] | None:
    if not cursor:
        return None
    try:
        text, item_id = base64.urlsafe_b64decode(cursor.encode()).decode().split("|")
        if not item_id.isalnum():
            raise ValueError(item_id)
        value = read(text)
        return value.astimezone(UTC) if isinstance(value, datetime) else value, item_id
    except (ValueError, OverflowError) as error:
        raise Refused(
            Refusal(
                "bad_cursor",
                "This is not a place in the list that we gave out.",
                RefusalKind.INVALID,
                {"cursor": "Unknown place in the list."},
            )
        ) from error
