"""Many items at once, in a few queries: for sweeps, which visit all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count

from assent.catalogue.context import ScanContext
from assent.catalogue.models import (
    Bounty,
    Comment,
    Download,
    Entry,
    Item,
    Listing,
    Screening,
    StoredFile,
    Version,
)
from assent.catalogue.queries import _file, _item
from assent.catalogue.values import FileView
from assent.core.terms import ItemKind

_Own = tuple[str, str | None, str]


def scan_contexts(item_ids: Sequence[str]) -> dict[str, ScanContext]:
    """Return what is known of each of these items, as `context.scan_context` says it of one."""
    rows = Item.objects.select_related("owner").filter(id__in=item_ids)
    own = _own(item_ids)
    files: dict[str, list[FileView]] = defaultdict(list)
    for file in StoredFile.objects.filter(item_id__in=item_ids).order_by("created_at", "id"):
        files[file.item_id].append(_file(file))
    found = {}
    for row in rows:
        work_type, grant, requester = own[row.id]
        asker = row.owner.journal_key if row.kind == ItemKind.LISTING else requester
        found[row.id] = ScanContext(_item(row), work_type, tuple(files[row.id]), grant, asker)
    return found


def _own(item_ids: Sequence[str]) -> dict[str, _Own]:
    listings = Listing.objects.filter(item_id__in=item_ids)
    found: dict[str, _Own] = {r.item_id: (r.work_type, r.grant_id, "") for r in listings}
    bounties = Bounty.objects.filter(item_id__in=item_ids).select_related("item__owner")
    found |= {r.item_id: _of_bounty(r) for r in bounties}
    entries = Entry.objects.filter(item_id__in=item_ids).select_related("bounty__item__owner")
    found |= {r.item_id: _of_bounty(r.bounty) for r in entries}
    versions = Version.objects.filter(item_id__in=item_ids).select_related("listing__item__owner")
    found |= {r.item_id: _of_listing(r.listing) for r in versions}
    said = Comment.objects.filter(item_id__in=item_ids).select_related(
        "on__bounty__item__owner", "on__listing__item__owner"
    )
    return found | {r.item_id: _of_what_it_is_about(r.on) for r in said}


def _of_listing(row: Listing) -> _Own:
    return row.work_type, row.grant_id, row.item.owner.journal_key


def _of_what_it_is_about(row: Item) -> _Own:
    is_bounty = row.kind == ItemKind.BOUNTY
    return _of_bounty(row.bounty) if is_bounty else _of_listing(row.listing)


def _of_bounty(row: Bounty) -> _Own:
    return row.work_type, row.grant_id, row.item.owner.journal_key


def item_count() -> int:
    """Return how many items there are, of every kind and state."""
    return Item.objects.count()


def takers_count(item_ids: Iterable[str]) -> dict[str, int]:
    """Return how many log-ins have a copy of each of these items; none where nobody has."""
    rows = Download.objects.filter(item_id__in=list(item_ids)).order_by()
    return dict(rows.values_list("item_id").annotate(n=Count("id")))


def last_records(item_ids: Iterable[str]) -> dict[str, tuple[datetime, Mapping[str, Any]]]:
    """Return the last verdict of each of these items, as (when, record)."""
    rows = Screening.objects.filter(item_id__in=list(item_ids)).order_by("at", "id")
    return {r.item_id: (r.at, r.record) for r in rows}


def with_bounty(item_id: str) -> tuple[str, ...]:
    """Return the item's id, and for an entry also its bounty's: an entry shows what was asked."""
    bounty = Entry.objects.filter(item_id=item_id).values_list("bounty_id", flat=True).first()
    return (item_id, bounty) if bounty else (item_id,)
