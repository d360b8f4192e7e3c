"""Open metadata of public items, so that anyone can measure us. No title, tag, text or file hash:
an old dump must not become an index for mirrors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from assent.api.shape import ALWAYS, Error
from assent.catalogue.metadata import Metadata, one, page

router = Router()


class ItemOut(Schema):
    """What is public of an item. A field that does not apply is null."""

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


class ItemPage(Schema):
    """Part of the list; pass `next` as `cursor` for the following part."""

    items: list[ItemOut]
    next: str | None


@router.get("", response={200: ItemPage, **ALWAYS}, summary="Metadata of public items")
def list_items(request: HttpRequest, cursor: str = "") -> dict[str, Any]:
    """Return public items in the order of their ids."""
    found, following = page(cursor)
    return {"items": [_out(m) for m in found], "next": following}


@router.get(
    "/{item_id}", response={200: ItemOut, **ALWAYS, 404: Error, 410: Error}, summary="One item"
)
def get_item(request: HttpRequest, item_id: str) -> dict[str, Any]:
    """Return one public item's metadata, or refuse."""
    return _out(one(item_id))


def _out(found: Metadata) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ItemOut.model_fields}
