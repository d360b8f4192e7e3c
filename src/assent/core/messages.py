"""What members are told, by topic; and who is told of what happens to an item.

A takedown tells nobody but the person it concerns, in the words of its own letter: hiding, giving
back and removing are no news, and no message of another kind survives the item that it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from assent.core.settlement import Move, Tell
from assent.core.terms import ItemKind, ItemState

# Told once a day, for all cases together, so that the minute of a letter says nothing about who
# asked, when, or for what else.
BATCHED = frozenset({"removed"})
BATCH_HOUR = 9
BATCH_WAITS = timedelta(hours=12)


def told_after(template: str, at: datetime) -> datetime | None:
    """Return before which moment a message is neither shown nor sent; None where it is told at
    once. A batch goes out at 9:00 UTC, at least 12 hours after what it tells of."""
    if template not in BATCHED:
        return None
    earliest = (at + BATCH_WAITS).astimezone(UTC)
    batch = earliest.replace(hour=BATCH_HOUR, minute=0, second=0, microsecond=0)
    return batch if batch >= earliest else batch + timedelta(days=1)


class Topic(StrEnum):
    """What a member can choose to have letters about, or not."""

    ITEMS = "items"
    CREDITS = "credits"
    ENTRIES = "entries"
    COMMENTS = "comments"
    FOLLOWING = "following"
    TRACKING = "tracking"

    @property
    def label(self) -> str:
        """What stands beside the choice."""
        return _LABELS[self]


_LABELS = {
    Topic.ITEMS: "What you put here: published, held or refused",
    Topic.CREDITS: "Credits: awards, payouts, refunds",
    Topic.ENTRIES: "Work handed in to your bounties",
    Topic.COMMENTS: "Comments on your bounties and listings, and answers to yours",
    Topic.FOLLOWING: "New things from people you follow",
    Topic.TRACKING: "What happens to bounties and listings that you track",
}

# A template without a topic is always sent: a member cannot choose not to hear that something of
# theirs was taken down.
TOPICS: Mapping[str, Topic] = {
    "published": Topic.ITEMS,
    "held": Topic.ITEMS,
    "refused": Topic.ITEMS,
    "awarded": Topic.CREDITS,
    "paid": Topic.CREDITS,
    "refunded": Topic.CREDITS,
    "sold": Topic.CREDITS,
    "sale_paid": Topic.CREDITS,
    "sale_returned": Topic.CREDITS,
    "cashout_paid": Topic.CREDITS,
    "entry_waits": Topic.ENTRIES,
    "commented": Topic.COMMENTS,
    "answered": Topic.COMMENTS,
    "followed_published": Topic.FOLLOWING,
    "tracked_entry": Topic.TRACKING,
    "tracked_comment": Topic.TRACKING,
    "tracked_version": Topic.TRACKING,
    "tracked_moved": Topic.TRACKING,
}
# News about what belongs to others. It goes with what it is about.
NEWS = frozenset(
    name
    for name, topic in TOPICS.items()
    if topic in (Topic.ENTRIES, Topic.COMMENTS, Topic.FOLLOWING, Topic.TRACKING)
)
_NEWSWORTHY = (ItemState.CLOSED, ItemState.SETTLED, ItemState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Watched:
    """An item that moves, and whom that may concern. `parent` is what an entry, a version or a
    comment belongs to; `answered` is the author of the comment that this one answers."""

    id: str
    kind: ItemKind
    owner: int
    followers: tuple[int, ...] = ()
    trackers: tuple[int, ...] = ()
    parent: str | None = None
    parent_owner: int | None = None
    answered: int | None = None
    is_reworded: bool = False


def is_news(move: Move) -> bool:
    """Whether anybody but its owner hears of a move: something is public for the first time, or a
    public bounty ends. What a takedown does is never news."""
    if move.before.is_gone or move.after.is_gone:
        return False
    if move.before.is_public:
        return move.after in _NEWSWORTHY
    return move.after.is_public


def news(move: Move, item: Watched, actor: int | None) -> tuple[Tell, ...]:
    """Return what is told to whom of a move that is news. Nobody hears of what they did
    themselves, and nobody hears of one thing twice."""
    told: dict[int, Tell] = {}
    for template, people, data in _news(move, item):
        for person in people:
            if person not in (actor, item.owner):
                told.setdefault(person, Tell(person, template, data))
    return tuple(told.values())


def _news(
    move: Move, item: Watched
) -> Iterable[tuple[str, tuple[int, ...], Mapping[str, str | int]]]:
    here = {"about": item.id, "kind": item.kind}
    around = {"about": item.parent or item.id, "kind": item.kind}
    if move.before.is_public:
        yield "tracked_moved", item.trackers, {**here, "state": move.after}
    elif item.kind is ItemKind.COMMENT:
        if item.is_reworded:
            return
        if item.answered is not None:
            yield "answered", (item.answered,), around
        if item.parent_owner is not None:
            yield "commented", (item.parent_owner,), around
        yield "tracked_comment", item.trackers, around
    elif item.kind is ItemKind.ENTRY:
        yield "tracked_entry", item.trackers, around
    elif item.kind is ItemKind.VERSION:
        yield "tracked_version", item.trackers, around
        yield "followed_published", item.followers, around
    else:
        yield "followed_published", item.followers, here
