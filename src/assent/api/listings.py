"""Listings and entries: list, look, offer work, and open their files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from assent.api.auth import Token, member_of, viewer_of
from assent.api.once import once
from assent.api.shape import ALWAYS, SIGNED, Error, Placed
from assent.catalogue import lists, queries
from assent.catalogue.values import Card, EntryView, FileView, ItemView, ListingView
from assent.core.access import Allowed, Person, Verb, may
from assent.core.screening.policies import default_policy
from assent.core.screening.searching import read_search
from assent.core.terms import ItemKind, ItemState, WorkType
from assent.flows.open_file import open_file
from assent.flows.publish_listing import Offer, publish_listing
from assent.gateways import clock

router = Router()
GONE: dict[int, type[Schema]] = {404: Error, 410: Error}


class FileOut(Schema):
    """A file that passed its scan; `role` is `work` or `image`."""

    id: str
    role: str
    name: str
    bytes: int
    sha256: str


class ListingCard(Schema):
    """A listing in a list. `price` is in credits, 0 for free."""

    id: str
    state: str
    title: str
    description: str
    type: WorkType
    tags: list[str]
    creator: str
    created_at: datetime
    price: int


class ListingOut(ListingCard):
    """A listing as the caller may see it. `consent` is the record that it rests on; `open` says
    whether its files of work open to the caller."""

    base_model: str
    version: str
    licence: str
    downloads: int
    consent: str | None
    open: bool
    files: list[FileOut]


class ListingPage(Schema):
    """Part of the list; pass `next` as `cursor` for the following part."""

    items: list[ListingCard]
    next: str | None


class EntryOut(Schema):
    """Work handed in to a bounty, as the caller may see it."""

    id: str
    bounty: str
    state: str
    note: str
    creator: str
    consent: str | None
    created_at: datetime
    files: list[FileOut]


@router.get(
    "/listings",
    response={200: ListingPage, **ALWAYS, 422: Error},
    summary="Public listings, newest first",
)
def list_listings(
    request: HttpRequest,
    cursor: str | None = None,
    type: WorkType | None = None,
    q: str = "",
    free: bool | None = None,
) -> dict[str, Any]:
    """Return what the viewer may see; `free` only what costs nothing, or only what is sold."""
    search = read_search(q, default_policy(), at=clock.now().date())
    priced = None if free is None else not free
    wanted = lists.Filter(ItemKind.LISTING, None, type, search, is_priced=priced)
    page = lists.cards(viewer_of(request), wanted, cursor)
    return {"items": [_card(c) for c in page.cards], "next": page.next}


@router.get(
    "/listings/{listing_id}", response={200: ListingOut, **ALWAYS, **GONE}, summary="One listing"
)
def get_listing(request: HttpRequest, listing_id: str) -> dict[str, Any]:
    """Return one listing with its files, or refuse."""
    who = viewer_of(request)
    return _listing(queries.listing(who, listing_id), who)


@router.post(
    "/listings",
    auth=Token(),
    response={202: Placed, **SIGNED, 400: Error, 403: Error, 409: Error, 422: Error},
    summary="Offer work",
)
def create_listing(
    request: HttpRequest,
    title: Form[str],
    type: Form[WorkType],
    description: Form[str] = "",
    tags: Form[str] = "",
    base_model: Form[str] = "",
    version: Form[str] = "1.0",
    licence: Form[str] = "",
    consent: Form[str] = "",
    price: Form[int] = 0,
    files: File[list[UploadedFile]] = [],  # noqa: B006 - the framework reads the default
    images: File[list[UploadedFile]] = [],  # noqa: B006
) -> HttpResponse:
    """Store the files: 202 held until they are scanned, 422 refused with the reason. `tags` are
    separated by commas."""
    who = member_of(request)
    listed = tuple(tag.strip() for tag in tags.split(",") if tag.strip())
    offer = Offer(title, description, type, listed, base_model, version, consent, licence, price)

    def act() -> tuple[int, dict[str, Any]]:
        return 202, {"id": publish_listing(who, offer, files, images), "state": ItemState.HELD}

    return once(request, who, act)


@router.get("/entries/{entry_id}", response={200: EntryOut, **ALWAYS, **GONE}, summary="One entry")
def get_entry(request: HttpRequest, entry_id: str) -> dict[str, Any]:
    """Return one entry, or refuse; its files of work open to whoever awarded it."""
    return _entry(queries.entry(viewer_of(request), entry_id))


@router.get(
    "/files/{file_id}",
    response={200: None, **SIGNED, 403: Error, **GONE, 503: Error},
    summary="Download a file",
    openapi_extra={"responses": {200: {"content": {"application/octet-stream": {}}}}},
)
def get_file(request: HttpRequest, file_id: str) -> FileResponse:
    """Return the bytes of a file that the caller may open."""
    found, stream = open_file(viewer_of(request), file_id)
    answer = FileResponse(
        stream, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    answer["Content-Length"] = str(found.size)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _card(card: Card) -> dict[str, Any]:
    return _words(card.item) | {"type": card.work_type, "price": card.price}


def _words(item: ItemView) -> dict[str, Any]:
    return {
        "id": item.id, "state": item.state, "title": item.title, "description": item.description,
        "tags": item.tags, "creator": item.owner_name, "created_at": item.created_at,
    }  # fmt: skip


def _listing(found: ListingView, who: Person) -> dict[str, Any]:
    opens = isinstance(may(who, Verb.DOWNLOAD, found.facts), Allowed)
    return _words(found.item) | {
        "type": found.work_type, "base_model": found.base_model, "version": found.version,
        "licence": found.licence, "downloads": found.downloads, "consent": found.origin.record,
        "price": found.price, "open": opens,
        "files": [_file(f) for f in found.works + found.images],
    }  # fmt: skip


def _entry(found: EntryView) -> dict[str, Any]:
    item = found.item
    clean = [f for f in found.files if f.is_clean]
    return {
        "id": item.id, "bounty": found.bounty, "state": item.state, "note": item.description,
        "creator": item.owner_name, "consent": found.origin.record, "created_at": item.created_at,
        "files": [_file(f) for f in clean],
    }  # fmt: skip


def _file(found: FileView) -> dict[str, Any]:
    return {
        "id": found.id, "role": found.role, "name": found.name, "bytes": found.size,
        "sha256": found.sha256,
    }  # fmt: skip
