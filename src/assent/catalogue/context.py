"""What the worker must know of an item: for flows alone, which answer to no viewer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery, Sum

from assent.catalogue.models import (
    Bounty,
    Comment,
    Download,
    Entry,
    Item,
    Listing,
    Pledge,
    Screening,
    StoredFile,
    Version,
)
from assent.catalogue.queries import _file, _item
from assent.catalogue.values import FileView, ItemView
from assent.core.ledger import PayoutState, PledgeState
from assent.core.messages import Watched
from assent.core.terms import FileState, ItemKind, ItemState, WorkType


@dataclass(frozen=True, slots=True)
class ScanContext:
    """An item with its files, its kind of work, and the consent grant that it relies on."""

    item: ItemView
    work_type: str | None
    files: tuple[FileView, ...]
    grant: str | None
    requester_key: str

    @property
    def still_waiting(self) -> bool:
        """Whether some file has not been scanned yet."""
        return any(f.state is FileState.WAITING for f in self.files)


def waiting_file(file_id: str) -> FileView | None:
    """Return a file that waits for its scan; None if it was settled, or its item was removed and
    the bytes with it."""
    waiting = StoredFile.objects.filter(id=file_id, state=FileState.WAITING)
    row = waiting.exclude(item__state=ItemState.REMOVED).first()
    return _file(row) if row else None


def scan_context(item_id: str) -> ScanContext:
    """Return what is known of an item."""
    row = Item.objects.select_related("owner").get(id=item_id)
    work_type, grant, requester = _own(row)
    files = StoredFile.objects.filter(item_id=item_id).order_by("created_at", "id")
    return ScanContext(_item(row), work_type, tuple(_file(f) for f in files), grant, requester)


def _own(row: Item) -> tuple[str | None, str | None, str]:
    if row.kind == ItemKind.LISTING:
        listing = Listing.objects.get(item=row)
        return listing.work_type, listing.grant_id, row.owner.journal_key
    if row.kind == ItemKind.VERSION:
        listing = Version.objects.select_related("listing").get(item=row).listing
        return listing.work_type, listing.grant_id, row.owner.journal_key
    if row.kind == ItemKind.COMMENT:
        return _own(Comment.objects.select_related("on__owner").get(item=row).on)
    if row.kind == ItemKind.ENTRY:
        entry = Entry.objects.select_related("bounty__item__owner").get(item=row)
        bounty = entry.bounty
    else:
        bounty = Bounty.objects.select_related("item__owner").get(item=row)
    return bounty.work_type, bounty.grant_id, bounty.item.owner.journal_key


def item_ids_after(cursor: str, limit: int) -> list[str]:
    """Return the next item ids in the order of ids, for work that visits every item."""
    rows = Item.objects.filter(id__gt=cursor).order_by("id")
    return list(rows.values_list("id", flat=True)[:limit])


def known_ids(item_ids: tuple[str, ...]) -> list[str]:
    """Return the ids of the items that have these ids, or hold the files that have them, in the
    order given."""
    known = dict(Item.objects.filter(id__in=item_ids).values_list("id", "id"))
    of_files = StoredFile.objects.filter(id__in=item_ids).values_list("id", "item_id")
    known = dict(of_files) | known
    return list(dict.fromkeys(known[i] for i in item_ids if i in known))


def parts_of(item_ids: list[str]) -> list[str]:
    """Return the ids of what belongs to these items and holds files of its own: the entries to
    bounties and the versions of listings."""
    entries = Entry.objects.filter(bounty_id__in=item_ids).exclude(item_id__in=item_ids)
    versions = Version.objects.filter(listing_id__in=item_ids).exclude(item_id__in=item_ids)
    found = entries.values_list("item_id", flat=True), versions.values_list("item_id", flat=True)
    return sorted(one for ids in found for one in ids)


def holding(sums: Iterable[str], tensor_hashes: Iterable[str]) -> list[str]:
    """Return the ids of items that hold a file with one of these SHA-256s or tensor hashes,
    whatever their state: published, held, withdrawn or refused."""
    by_sum = StoredFile.objects.filter(sha256__in=[s for s in sums if s])
    by_tensors = StoredFile.objects.filter(tensor_hash__in=[t for t in tensor_hashes if t])
    rows = Item.objects.filter(files__in=by_sum | by_tensors).distinct()
    return list(rows.order_by("id").values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class Resting:
    """An item that rests on a consent grant: a bounty, an entry to one, or a listing."""

    id: str
    kind: ItemKind
    owner: int


def under_grants(grant_ids: list[str]) -> list[Resting]:
    """Return every item that rests on one of these grants; drafts rest on nothing yet."""
    rows = Item.objects.filter(
        Q(bounty__grant__in=grant_ids)
        | Q(entry__bounty__grant__in=grant_ids)
        | Q(listing__grant__in=grant_ids)
    ).exclude(state=ItemState.DRAFT)
    found = rows.order_by("id").values_list("id", "kind", "owner_id")
    return [Resting(item_id, ItemKind(kind), owner) for item_id, kind, owner in found]


def shown_under(grant_id: str) -> list[ItemView]:
    """Return what rests on a grant and is public: what the person sees of what was made."""
    ids = [item.id for item in under_grants([grant_id])]
    rows = Item.objects.select_related("owner").filter(id__in=ids).order_by("created_at")
    return [item for row in rows if (item := _item(row)).state.is_public]


def grant_behind(item_id: str) -> str | None:
    """Return the id of the consent grant that an item rests on; None where it rests on none."""
    return _own(Item.objects.select_related("owner").get(id=item_id))[1]


def kind_of_work(item_id: str) -> WorkType | None:
    """Return the kind of work that an item is, asks for or belongs to."""
    found = _own(Item.objects.select_related("owner").get(id=item_id))[0]
    return WorkType(found) if found else None


# What screening says of an item that shows a real person for certain.
_DEPICTS = ("likeness_without_consent", "consent_on_record")


def depicting_items() -> Iterator[tuple[str, str, str | None]]:
    """Yield (id, kind, grant) of every public item that rests on a grant, or that screening found
    to show a real person."""
    public = Item.objects.filter(state__in=[s for s in ItemState if s.is_public])
    latest = Screening.objects.filter(item=OuterRef("pk")).order_by("-at", "-id")
    rows = public.annotate(said=Subquery(latest.values("code")[:1])).select_related("owner")
    for row in rows.order_by("id").iterator(chunk_size=500):
        grant = _own(row)[1]
        if grant is not None or row.said in _DEPICTS:
            yield row.id, row.kind, grant


def takers_of(item_ids: Iterable[str]) -> list[tuple[str, int]]:
    """Return (item id, log-in) of everyone who downloaded one of these items."""
    rows = Download.objects.filter(item_id__in=list(item_ids)).order_by("item_id", "user_id")
    return list(rows.values_list("item_id", "user_id"))


def bounties_of(entry_ids: set[str]) -> set[str]:
    """Return the ids of the bounties that these entries were handed in to."""
    rows = Entry.objects.filter(item_id__in=entry_ids)
    return set(rows.values_list("bounty_id", flat=True))


def unknown_files(file_ids: set[str]) -> set[str]:
    """Return those of these ids that no file row has."""
    known: set[str] = set()
    listed = sorted(file_ids)
    for start in range(0, len(listed), 500):
        rows = StoredFile.objects.filter(id__in=listed[start : start + 500])
        known |= set(rows.values_list("id", flat=True))
    return file_ids - known


def escrowed_by_bounty() -> dict[str, int]:
    """Return what each bounty's escrow must hold: pledges held there, and awarded ones whose
    payout has not been posted."""
    inside = Q(state=PledgeState.HELD) | (
        Q(state=PledgeState.AWARDED) & ~Q(payout__state=PayoutState.POSTED)
    )
    sums = Pledge.objects.filter(inside).values_list("bounty_id").annotate(total=Sum("amount"))
    return {bounty: total for bounty, total in sums.order_by("bounty_id") if total}


def waiting_files_of(item_id: str) -> list[str]:
    """Return the ids of an item's files that wait for their scan."""
    rows = StoredFile.objects.filter(item_id=item_id, state=FileState.WAITING)
    return list(rows.order_by("created_at", "id").values_list("id", flat=True))


_MANY = 500  # names in one question to the database


def any_gone(item_ids: set[str]) -> bool:
    """Return whether one of these items is hidden or removed."""
    gone = (ItemState.HIDDEN, ItemState.REMOVED)
    ids = sorted(item_ids)
    parts = (ids[at : at + _MANY] for at in range(0, len(ids), _MANY))
    return any(Item.objects.filter(id__in=part, state__in=gone).exists() for part in parts)


def related(item_ids: list[str]) -> list[Watched]:
    """Return whom these items may concern, in the order of their ids; who follows or tracks them
    is not known here."""
    rows = Item.objects.select_related(
        "entry__bounty__item", "version__listing__item", "comment__on", "comment__reply_to__item"
    )
    return [_related(row) for row in rows.filter(id__in=item_ids).order_by("id")]


def _related(row: Item) -> Watched:
    parent = answered = None
    reworded = False
    if row.kind == ItemKind.ENTRY:
        parent = row.entry.bounty.item
    elif row.kind == ItemKind.VERSION:
        parent = row.version.listing.item
    elif row.kind == ItemKind.COMMENT:
        parent, reply = row.comment.on, row.comment.reply_to
        answered = reply.item.owner_id if reply else None
        reworded = row.comment.reworded_at is not None
    return Watched(
        row.id,
        ItemKind(row.kind),
        row.owner_id,
        parent=parent.id if parent else None,
        parent_owner=parent.owner_id if parent else None,
        answered=answered,
        is_reworded=reworded,
    )


def uploaders() -> set[int]:
    """Return the log-ins of everybody who has work here in public."""
    kinds = (ItemKind.ENTRY, ItemKind.LISTING, ItemKind.VERSION)
    public = Item.objects.filter(kind__in=kinds, state__in=[s for s in ItemState if s.is_public])
    return set(public.values_list("owner_id", flat=True).distinct())


def screened_in_public() -> tuple[int, int]:
    """Return how many items are public, and how many of these were never screened."""
    public = Item.objects.filter(state__in=[s for s in ItemState if s.is_public])
    unscreened = public.filter(~Exists(Screening.objects.filter(item=OuterRef("pk"))))
    return public.count(), unscreened.count()


def removed_among(item_ids: Iterable[str]) -> int:
    """Return how many of these items were removed."""
    return Item.objects.filter(id__in=list(item_ids), state=ItemState.REMOVED).count()
