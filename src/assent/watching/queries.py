"""Who follows whom and who tracks what. Only the member themself is ever shown it."""

from __future__ import annotations

from assent.watching.models import Follow, NoLetter, Track


def followers_of(user_id: int) -> list[int]:
    """Return who hears of what this member publishes. For effects, which tell them."""
    rows = Follow.objects.filter(followed_id=user_id, follower__is_active=True)
    return list(rows.order_by("id").values_list("follower_id", flat=True))


def trackers_of(item_id: str) -> list[int]:
    """Return who hears of what happens to an item. For effects, which tell them."""
    rows = Track.objects.filter(item_id=item_id, member__is_active=True)
    return list(rows.order_by("id").values_list("member_id", flat=True))


def follows(follower: int, followed: int) -> bool:
    """Whether one member follows another."""
    return Follow.objects.filter(follower_id=follower, followed_id=followed).exists()


def tracks(member_id: int, item_id: str) -> bool:
    """Whether a member tracks an item."""
    return Track.objects.filter(member_id=member_id, item_id=item_id).exists()


def followed_by(member_id: int, limit: int = 200) -> list[str]:
    """Return the names of those whom a member follows, the latest first."""
    rows = Follow.objects.filter(follower_id=member_id, followed__is_active=True)
    return list(rows.order_by("-created_at").values_list("followed__username", flat=True)[:limit])


def tracked_by(member_id: int, limit: int = 200) -> list[str]:
    """Return the ids of what a member tracks, the latest first; what of it can be seen is for
    the catalogue to say."""
    rows = Track.objects.filter(member_id=member_id).order_by("-created_at")
    return list(rows.values_list("item_id", flat=True)[:limit])


def unwanted_letters(member_id: int) -> frozenset[str]:
    """Return the topics of which a member wants no letters."""
    rows = NoLetter.objects.filter(member_id=member_id)
    return frozenset(rows.values_list("topic", flat=True))
