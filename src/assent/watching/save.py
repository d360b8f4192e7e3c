"""Writes who follows whom, who tracks what, and which letters nobody wants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assent.watching.models import Follow, NoLetter, Track


def follow(follower: int, followed: int, at: datetime) -> None:
    """Follow somebody; twice is once."""
    Follow.objects.get_or_create(
        follower_id=follower, followed_id=followed, defaults={"created_at": at}
    )


def unfollow(follower: int, followed: int) -> None:
    """Stop following; nothing happens to who does not."""
    Follow.objects.filter(follower_id=follower, followed_id=followed).delete()


def track(member_id: int, item_id: str, at: datetime) -> None:
    """Track an item; twice is once."""
    Track.objects.get_or_create(member_id=member_id, item_id=item_id, defaults={"created_at": at})


def untrack(member_id: int, item_id: str) -> None:
    """Stop tracking; nothing happens to who does not."""
    Track.objects.filter(member_id=member_id, item_id=item_id).delete()


def refuse_letters(member_id: int, topics: Iterable[str]) -> None:
    """Replace the topics of which a member wants no letters."""
    NoLetter.objects.filter(member_id=member_id).delete()
    NoLetter.objects.bulk_create([NoLetter(member_id=member_id, topic=t) for t in set(topics)])
