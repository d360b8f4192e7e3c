"""Who hears of a move besides those whom the flow tells itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assent.catalogue.context import related
from assent.core.messages import Watched, is_news, news
from assent.core.settlement import Move, Tell
from assent.core.terms import ItemKind
from assent.watching.queries import followers_of, trackers_of


def told_of(moves: Iterable[Move], actor: int | None) -> tuple[Tell, ...]:
    """Return the messages that these moves cause, inside the flow's transaction."""
    heard = {m.item: m for m in moves if is_news(m)}
    found = related(list(heard)) if heard else []
    return tuple(tell for item in found for tell in news(heard[item.id], _watched(item), actor))


def _watched(item: Watched) -> Watched:
    follows = item.kind in (ItemKind.BOUNTY, ItemKind.LISTING, ItemKind.VERSION)
    return replace(
        item,
        followers=tuple(followers_of(item.owner)) if follows else (),
        trackers=tuple(trackers_of(item.parent or item.id)),
    )
