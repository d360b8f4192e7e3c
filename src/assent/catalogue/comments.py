"""Reads comments. Like everything here: the viewer first, and only what they may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from assent.catalogue.models import Comment
from assent.catalogue.queries import NOTHING_HERE, _facts, _item, require
from assent.catalogue.values import CommentView
from assent.core.access import Person, Verb
from assent.core.terms import ItemKind, ItemState, Refused

PAGE = 50
_PUBLIC = [s for s in ItemState if s.is_public]
_SHOWN_TO_AUTHOR = (ItemState.HELD, ItemState.REFUSED)


@dataclass(frozen=True, slots=True)
class Talk:
    """Part of what is said about an item: comments oldest first, each with its replies; `next` is
    where the following part starts (None at the end)."""

    threads: tuple[tuple[CommentView, tuple[CommentView, ...]], ...]
    count: int
    next: str | None


def comment(viewer: Person, comment_id: str) -> CommentView:
    """Return a comment, or refuse."""
    row = _rows().filter(item_id=comment_id).first()
    if row is None:
        raise Refused(NOTHING_HERE)
    view = _view(row)
    require(viewer, Verb.SEE, view.facts)
    return view


def talk(viewer: Person, item_id: str, after: str = "") -> Talk:
    """Return what the viewer may read of what is said about an item that they see; their own
    comments that are held or were refused are among it."""
    seen = Q(item__state__in=_PUBLIC)
    if viewer.id is not None:
        seen |= Q(item__owner_id=viewer.id, item__state__in=_SHOWN_TO_AUTHOR)
    rows = _rows().filter(seen, on_id=item_id)
    # A reply to a comment that is gone stands by itself.
    above = Q(reply_to__item__state__in=_PUBLIC)
    tops = rows.filter(Q(reply_to__isnull=True) | ~above)
    last = Comment.objects.select_related("item").filter(item_id=after, on_id=item_id).first()
    if last is not None:
        at = last.item.created_at
        tops = tops.filter(
            Q(item__created_at__gt=at) | Q(item__created_at=at, item_id__gt=last.item_id)
        )
    found = list(tops[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    replies: dict[str, list[CommentView]] = {}
    for reply in rows.filter(reply_to__in=[c.item_id for c in found]):
        replies.setdefault(str(reply.reply_to_id), []).append(_view(reply))
    threads = tuple((_view(c), tuple(replies.get(c.item_id, ()))) for c in found)
    count = Comment.objects.filter(on_id=item_id, item__state__in=_PUBLIC).count()
    return Talk(threads, count, found[-1].item_id if more else None)


def _rows() -> QuerySet[Comment]:
    rows = Comment.objects.select_related("item__owner", "on")
    return rows.order_by("item__created_at", "item_id")


def _view(row: Comment) -> CommentView:
    return CommentView(
        _item(row.item),
        row.on_id,
        ItemKind(row.on.kind),
        row.on.title,
        row.reply_to_id,
        row.reworded_at,
        _facts(row.item, row.on),
    )
