"""Comments and questions on an item."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from assent.api.auth import Token, member_of, viewer_of
from assent.api.once import once
from assent.api.shape import ALWAYS, SIGNED, Error, Placed, placed
from assent.catalogue import queries
from assent.catalogue.comments import talk
from assent.catalogue.values import CommentView
from assent.core.access import Verb
from assent.core.terms import ItemState, Refused
from assent.flows.post_comment import post_comment

router = Router()


class CommentOut(Schema):
    """A comment as the caller may see it; `reply_to` is the comment that it answers."""

    id: str
    state: str
    author: str
    text: str
    reply_to: str | None
    created_at: datetime
    reworded_at: datetime | None


class CommentPage(Schema):
    """Part of the list; pass `next` as `cursor` for the following part. Replies follow the comment
    that they answer."""

    items: list[CommentOut]
    next: str | None


class NewComment(Schema):
    """What to say, and which comment it answers."""

    text: str
    reply_to: str = ""


@router.get(
    "/{item_id}/comments",
    response={200: CommentPage, **ALWAYS, 404: Error, 410: Error},
    summary="What is said about an item",
)
def list_comments(request: HttpRequest, item_id: str, cursor: str = "") -> dict[str, Any]:
    """Return comments, the oldest first; the caller's own held ones are among them."""
    viewer = viewer_of(request)
    seen = queries.item_facts(item_id)
    if seen is None:
        raise Refused(queries.NOTHING_HERE)
    queries.require(viewer, Verb.SEE, seen[1])
    found = talk(viewer, item_id, cursor)
    said = [c for first, replies in found.threads for c in (first, *replies)]
    return {"items": [_out(c) for c in said], "next": found.next}


@router.post(
    "/{item_id}/comments",
    auth=Token(),
    response={
        201: Placed, 202: Placed, **SIGNED,
        400: Error, 403: Error, 404: Error, 409: Error, 410: Error, 422: Error,
    },
    summary="Comment on an item",
)  # fmt: skip
def create_comment(request: HttpRequest, item_id: str, payload: NewComment) -> HttpResponse:
    """Screen and post: 201 public, 202 held for a moderator, 422 refused with the reason."""
    who = member_of(request)

    def act() -> tuple[int, dict[str, Any]]:
        comment_id, ruling = post_comment(who, item_id, payload.text, payload.reply_to)
        return placed(comment_id, ruling, ItemState.PUBLISHED)

    return once(request, who, act)


def _out(found: CommentView) -> dict[str, Any]:
    item = found.item
    return {
        "id": item.id, "state": item.state, "author": item.owner_name, "text": item.description,
        "reply_to": found.reply_to, "created_at": item.created_at,
        "reworded_at": found.reworded_at,
    }  # fmt: skip
