"""The open metadata of public items: nothing that names, describes or finds a file elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from assent.catalogue.lists import public_items
from assent.catalogue.models import Item, Screening
from assent.catalogue.queries import NOTHING_HERE, item_facts, require
from assent.core.access import STRANGER, Verb
from assent.core.terms import ItemKind, Refused

PAGE = 500


@dataclass(frozen=True, slots=True)
class Metadata:
    """An item as the open API shows it."""

    id: str
    kind: str
    type: str | None
    state: str
    base_model: str | None
    created_at: datetime
    downloads: int | None
    consent: bool
    scope_hash: str | None
    policy: str | None


def page(cursor: str) -> tuple[list[Metadata], str | None]:
    """Return public items after this id, and the id to go on from (None at the end)."""
    found = list(_rows().filter(id__gt=cursor)[: PAGE + 1])
    following = found[PAGE - 1].id if len(found) > PAGE else None
    return [_metadata(row) for row in found[:PAGE]], following


def everything() -> Iterator[Metadata]:
    """Yield every public item in the order of ids, a page at a time."""
    cursor: str | None = ""
    while cursor is not None:
        found, cursor = page(cursor)
        yield from found


def one(item_id: str) -> Metadata:
    """Return one public item, or refuse."""
    seen = item_facts(item_id)
    if seen is None:
        raise Refused(NOTHING_HERE)
    require(STRANGER, Verb.SEE, seen[1])
    row = _rows().filter(id=item_id).first()
    if row is None:
        raise Refused(NOTHING_HERE)
    return _metadata(row)


def _rows() -> QuerySet[Item]:
    last = Screening.objects.filter(item=OuterRef("pk")).order_by("-at", "-id")
    return (
        public_items()
        .exclude(kind=ItemKind.COMMENT)
        .select_related(
            "bounty__grant", "listing__grant", "entry__bounty__grant", "version__listing__grant"
        )
        .annotate(policy=Subquery(last.values("policy")[:1]))
        .order_by("id")
    )


def _metadata(row: Item) -> Metadata:
    version = getattr(row, "version", None)
    listing = version.listing if version else getattr(row, "listing", None)
    entry = getattr(row, "entry", None)
    bounty = entry.bounty if entry else getattr(row, "bounty", None)
    own = listing or bounty
    grant = own.grant if own else None
    return Metadata(
        row.id,
        ItemKind(row.kind).value,
        own.work_type if own else None,
        row.state,
        (listing.base_model or None) if listing else None,
        row.created_at,
        (version or listing).downloads if listing else None,
        grant is not None,
        _scope_hash(grant.uses, grant.work_types, grant.rating) if grant else None,
        getattr(row, "policy", None),
    )


def _scope_hash(uses: list[str], work_types: list[str], rating: str) -> str:
    scope = json.dumps([sorted(uses), sorted(work_types), rating], separators=(",", ":"))
    return hashlib.sha256(scope.encode()).hexdigest()
