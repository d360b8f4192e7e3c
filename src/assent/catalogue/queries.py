"""Reads the catalogue. Every function takes the viewer first and returns only what they may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Prefetch, QuerySet

from assent.catalogue.models import (
    Bounty,
    Comment,
    Entry,
    Item,
    Listing,
    Pledge,
    Screening,
    StoredFile,
    Version,
)
from assent.catalogue.values import (
    BountyView,
    EntryView,
    FileView,
    ItemView,
    ListingView,
    Origin,
    PledgeView,
    ScreeningView,
)
from assent.core.access import Denied, Facts, Person, Verb, may, may_use_queue
from assent.core.ledger import PledgeState, SaleState
from assent.core.settlement import PledgeFacts
from assent.core.terms import (
    AwardMode,
    EntryMode,
    FileState,
    ItemKind,
    ItemState,
    Rating,
    Refusal,
    RefusalKind,
    Refused,
    WorkType,
)

NOTHING_HERE = Refusal(
    "not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND
)


def require(viewer: Person, verb: Verb, facts: Facts) -> None:
    """Refuse, with the reason, unless the viewer may do this."""
    answer = may(viewer, verb, facts)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))


def bounty(viewer: Person, bounty_id: str) -> BountyView:
    """Return a bounty with its pledges and visible entries, or refuse."""
    row = _bounties().filter(item_id=bounty_id).first()
    if row is None:
        raise Refused(NOTHING_HERE)
    facts = _bounty_facts(row)
    require(viewer, Verb.SEE, facts)
    found = (_entry(e) for e in row.entries.all())
    return BountyView(
        _item(row.item),
        WorkType(row.work_type),
        row.credits,
        row.deadline,
        row.grant.reference if row.grant else None,
        tuple(_pledge(p) for p in row.pledges.all()),
        tuple(e for e in found if not isinstance(may(viewer, Verb.SEE, e.facts), Denied)),
        facts,
        EntryMode(row.entry_mode),
        AwardMode(row.award_mode),
        row.entries_max,
    )


def entry(viewer: Person, entry_id: str) -> EntryView:
    """Return an entry with its files, or refuse."""
    row = _entries().filter(item_id=entry_id).first()
    if row is None:
        raise Refused(NOTHING_HERE)
    view = _entry(row)
    require(viewer, Verb.SEE, view.facts)
    return view


def listing(viewer: Person, listing_id: str) -> ListingView:
    """Return a listing with its files, or refuse."""
    row = Listing.objects.select_related("item__owner", "grant").filter(item_id=listing_id).first()
    if row is None:
        raise Refused(NOTHING_HERE)
    facts = _offered(row, row.item)
    require(viewer, Verb.SEE, facts)
    return ListingView(
        _item(row.item),
        WorkType(row.work_type),
        row.base_model,
        row.version,
        row.downloads,
        tuple(_file(f) for f in row.item.files.order_by("created_at", "id")),
        facts,
        _origin(row),
        row.licence,
        row.price,
    )


def item_facts(item_id: str) -> tuple[ItemView, Facts] | None:
    """Return an item of any kind with what access needs to know; None where there is none."""
    row = Item.objects.select_related("owner").filter(id=item_id).first()
    if row is None:
        return None
    if row.kind == ItemKind.ENTRY:
        return _item(row), _entry_facts(_entries().get(item_id=item_id))
    if row.kind == ItemKind.BOUNTY:
        return _item(row), _bounty_facts(_bounties().get(item_id=item_id))
    if row.kind == ItemKind.COMMENT:
        return _item(row), _facts(row, Comment.objects.select_related("on").get(item=row).on)
    if row.kind == ItemKind.VERSION:
        found = Version.objects.select_related("listing__item").get(item=row)
        return _item(row), _offered(found.listing, row, found.listing.item)
    if row.kind == ItemKind.LISTING:
        return _item(row), _offered(Listing.objects.get(item=row), row)
    return _item(row), _facts(row)


def file(viewer: Person, file_id: str, verb: Verb) -> FileView:
    """Return a clean file that the viewer may open (`SEE` for images, `DOWNLOAD` for work)."""
    row = StoredFile.objects.filter(id=file_id).first()
    found = item_facts(row.item_id) if row else None
    if row is None or found is None:
        raise Refused(NOTHING_HERE)
    require(viewer, Verb.SEE, found[1])
    if row.role == "work":
        require(viewer, Verb.DOWNLOAD, found[1])
    if row.state != FileState.CLEAN:
        raise Refused(NOTHING_HERE)
    return _file(row)


def last_screening(item_id: str) -> ScreeningView | None:
    """Return the latest verdict on an item. For its owner and staff only: check SEE_REASONS."""
    row = Screening.objects.filter(item_id=item_id).order_by("-at", "-id").first()
    if row is None:
        return None
    return ScreeningView(
        row.at, row.policy, row.outcome, row.rule, row.code, row.sentence, row.record
    )


def _bounties() -> QuerySet[Bounty]:
    pledges = Pledge.objects.select_related("supporter").order_by("created_at", "id")
    return Bounty.objects.select_related("item__owner", "grant").prefetch_related(
        Prefetch("pledges", pledges), Prefetch("entries", _entries())
    )


def _entries() -> QuerySet[Entry]:
    files = StoredFile.objects.order_by("created_at", "id")
    return (
        Entry.objects.select_related("item__owner", "bounty__item", "bounty__grant")
        .prefetch_related(Prefetch("item__files", files))
        .order_by("item__created_at", "item_id")
    )


def _facts(row: Item, parent: Item | None = None) -> Facts:
    """What access needs to know; `parent` is what a version or a comment belongs to."""
    kind, state = ItemKind(row.kind), ItemState(row.state)
    if parent is None:
        return Facts(kind, state, row.owner_id)
    return Facts(kind, state, row.owner_id, ItemState(parent.state), parent.owner_id)


def _offered(row: Listing, item: Item, parent: Item | None = None) -> Facts:
    """The same of a listing, or of a version of it, which costs what the listing does. Whoever
    bought it while a moderator has doubts of the sale waits as the seller does."""
    if not row.price:
        return _facts(item, parent)
    lasting = dict(row.sales.exclude(state=SaleState.RETURNED).values_list("buyer_id", "doubt"))
    doubted = frozenset(buyer for buyer, doubt in lasting.items() if doubt)
    return replace(
        _facts(item, parent), price=row.price, bought_by=frozenset(lasting), doubted=doubted
    )


def _bounty_facts(row: Bounty) -> Facts:
    pledges = [p for p in row.pledges.all() if p.state == PledgeState.HELD]
    alive = any(ItemState(e.item.state) not in _DEAD for e in row.entries.all())
    others = any(p.supporter_id != row.item.owner_id for p in pledges)
    return Facts(
        ItemKind.BOUNTY,
        ItemState(row.item.state),
        row.item.owner_id,
        supporters=frozenset(p.supporter_id for p in pledges),
        committed=others or alive,
        entries=alive,
    )


def _entry_facts(row: Entry) -> Facts:
    bounty = row.bounty
    return Facts(
        ItemKind.ENTRY,
        ItemState(row.item.state),
        row.item.owner_id,
        ItemState(bounty.item.state),
        bounty.item.owner_id,
        _awarders(row),
        frozenset(
            bounty.pledges.filter(state=PledgeState.HELD).values_list("supporter", flat=True)
        ),
        bounty.award_mode == AwardMode.EACH,
        bounty.entry_mode == EntryMode.SUPPORTERS,
    )


def _awarders(row: Entry) -> frozenset[int]:
    """Whoever's pledge went to this very entry; nobody else's files open by it."""
    if row.item.state != ItemState.AWARDED:
        return frozenset()
    paid = row.bounty.pledges.filter(
        state=PledgeState.AWARDED, payout__entry_id=row.item_id, payout__doubt=""
    )
    return frozenset(paid.values_list("supporter", flat=True))


def _item(row: Item) -> ItemView:
    return ItemView(
        row.id,
        ItemKind(row.kind),
        ItemState(row.state),
        row.owner_id,
        row.owner.username,
        row.title,
        row.description,
        tuple(row.tags),
        Rating(row.rating),
        row.created_at,
        row.published_at,
    )


def _file(row: StoredFile) -> FileView:
    return FileView(
        row.id,
        row.item_id,
        row.role,
        row.name,
        row.size,
        FileState(row.state),
        row.sentence,
        row.sha256,
        row.tensor_hash,
        row.facts,
    )


def _entry(row: Entry) -> EntryView:
    return EntryView(
        _item(row.item),
        row.bounty_id,
        row.bounty.item.title,
        tuple(_file(f) for f in row.item.files.all()),
        _entry_facts(row),
        _origin(row.bounty),
    )


def _origin(row: Bounty | Listing) -> Origin:
    return Origin(WorkType(row.work_type), row.grant.reference if row.grant else None)


def _pledge(row: Pledge) -> PledgeView:
    return PledgeView(
        row.id,
        row.supporter_id,
        row.supporter.journal_key,
        row.supporter.username,
        row.amount,
        PledgeState(row.state),
        row.created_at,
    )


def files_of(item_ids: Iterable[str]) -> list[FileView]:
    """Return the files of these items. For flows, which have asked for permission already."""
    return [_file(f) for f in StoredFile.objects.filter(item_id__in=list(item_ids))]


_DEAD = (ItemState.REFUSED, ItemState.WITHDRAWN, ItemState.REMOVED)


def entries_alive(bounty_id: str) -> int:
    """Return how many entries of a bounty may still win."""
    return Entry.objects.filter(bounty_id=bounty_id).exclude(item__state__in=_DEAD).count()


def entries_by(creator_id: int, bounty_id: str) -> int:
    """Return how many entries of a creator to a bounty may still win."""
    own = Entry.objects.filter(bounty_id=bounty_id, item__owner_id=creator_id)
    return own.exclude(item__state__in=_DEAD).count()


def due_soon(today: date, until: date) -> list[str]:
    """Return the ids of open bounties that end by `until` and were not reminded of it."""
    rows = Bounty.objects.filter(item__state=ItemState.OPEN, reminded_at=None)
    rows = rows.filter(deadline__gte=today, deadline__lte=until)
    return list(rows.order_by("deadline").values_list("item_id", flat=True))


def undecided(viewer: Person, before: date) -> list[BountyView]:
    """Return closed bounties whose grace is over and whose credits nobody awarded, oldest first;
    refuse whoever does not work the queue."""
    answer = may_use_queue(viewer)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
    rows = Bounty.objects.filter(item__state=ItemState.CLOSED, deadline__lt=before)
    ids = rows.order_by("deadline").values_list("item_id", flat=True)[:100]
    return [bounty(viewer, bounty_id) for bounty_id in ids]


def overdue_bounties(today: date) -> list[str]:
    """Return the ids of open bounties whose deadline is before today."""
    overdue = Bounty.objects.filter(item__state=ItemState.OPEN, deadline__lt=today)
    return list(overdue.order_by("deadline").values_list("item_id", flat=True))


def pledges_of(bounty_id: str) -> list[PledgeFacts]:
    """Return a bounty's pledges as money sees them. For flows."""
    rows = Pledge.objects.select_related("supporter").filter(bounty_id=bounty_id).order_by("id")
    return [_pledge(row).facts(bounty_id) for row in rows]
