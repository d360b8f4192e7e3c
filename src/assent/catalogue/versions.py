"""Reads the versions of a listing. The viewer first, and only what they may see."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from assent.catalogue.models import Listing, StoredFile, Version
from assent.catalogue.queries import NOTHING_HERE, _file, _item, _offered, _origin, require
from assent.catalogue.values import VersionView
from assent.core.access import Allowed, Person, Verb, may
from assent.core.terms import ItemState, Refused


def version(viewer: Person, version_id: str) -> VersionView:
    """Return a version with its files, or refuse."""
    row = _rows().filter(item_id=version_id).first()
    if row is None:
        raise Refused(NOTHING_HERE)
    view = _view(row)
    require(viewer, Verb.SEE, view.facts)
    return view


def versions_of(viewer: Person, listing_id: str) -> list[VersionView]:
    """Return the later versions of a listing that the viewer may see, the newest first. What was
    refused or withdrawn is on its own page alone."""
    rows = _rows().filter(listing_id=listing_id, item__state__in=_SHOWN)
    views = [_view(row) for row in rows]
    return [v for v in views if isinstance(may(viewer, Verb.SEE, v.facts), Allowed)]


def names_taken(listing_id: str) -> frozenset[str]:
    """Return the names that a listing's versions have, folded."""
    first = Listing.objects.filter(item_id=listing_id).values_list("version", flat=True)
    later = Version.objects.filter(listing_id=listing_id).exclude(item__state__in=_OUT)
    names = [*first, *later.values_list("name", flat=True)]
    return frozenset(name.casefold() for name in names)


_SHOWN = (ItemState.HELD, ItemState.PUBLISHED)
_OUT = (ItemState.REFUSED, ItemState.WITHDRAWN, ItemState.REMOVED)


def _rows() -> QuerySet[Version]:
    files = StoredFile.objects.order_by("created_at", "id")
    return (
        Version.objects.select_related("item__owner", "listing__item", "listing__grant")
        .prefetch_related(Prefetch("item__files", files))
        .order_by("-item__created_at", "-item_id")
    )


def _view(row: Version) -> VersionView:
    parent = row.listing.item
    return VersionView(
        _item(row.item),
        row.listing_id,
        parent.title,
        row.name,
        row.downloads,
        tuple(_file(f) for f in row.item.files.all()),
        _offered(row.listing, row.item, parent),
        _origin(row.listing),
    )
