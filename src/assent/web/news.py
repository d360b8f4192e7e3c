"""What a member was told, as a page says it: with the title where they may see the item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assent.catalogue import lists
from assent.catalogue.values import ItemView
from assent.core.access import Person
from assent.gateways.mail import said_of
from assent.journal.queries import Told
from assent.web.templatetags.house import page_name


@dataclass(frozen=True, slots=True)
class News:
    """One message: `item` is what it links to, where the reader may see it."""

    at: datetime
    heading: str
    sentence: str
    item: ItemView | None
    is_new: bool


def written(who: Person, told: Iterable[Told]) -> list[News]:
    """Return messages as they are read. A title is looked up now, so that what cannot be seen any
    more is not named either."""
    listed = list(told)
    seen = lists.visible(who, [m.about for m in listed if m.about])
    return [_news(m, seen.get(m.about or "")) for m in listed]


def _news(told: Told, item: ItemView | None) -> News:
    name = f"“{page_name(item)}”" if item else "(not shown any more)"
    named = {key: name for key in ("about", "item", "bounty") if told.data.get(key)}
    heading, sentence = said_of(told.template, {**told.data, **named})
    return News(told.at, heading, sentence, item, told.is_new)
