"""Make the report that the law asks for about an apparent minor, and note that it was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import transaction

from assent.casework.preserved import Named, items_of_case, minors_cases, preserved_in
from assent.casework.queries import key_of
from assent.catalogue import context
from assent.core.access import Actor
from assent.core.preserving import Tip, tip_xml
from assent.core.settlement import Effects
from assent.core.terms import ItemKind, Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import key_and_name

_UNKNOWN = Refusal("not_found", "There is no case of this number.", RefusalKind.NOT_FOUND)
_NOT_MINORS = Refusal(
    "not_about_minors",
    "This case is not marked as about somebody who may be under 18.",
    RefusalKind.CONFLICT,
)
_PATHS = {
    ItemKind.BOUNTY: "bounties",
    ItemKind.ENTRY: "entries",
    ItemKind.LISTING: "listings",
    ItemKind.VERSION: "versions",
    ItemKind.COMMENT: "comments",
}
_NOTHING = Refusal("nothing_named", "This case names nothing that is here.", RefusalKind.CONFLICT)


def reports_of(number: str) -> tuple[str, list[bytes]]:
    """Return the random key of a case and a report as XML for each person who put here what it
    names, or refuse."""
    key = key_of(number)
    if key is None:
        raise Refused(_UNKNOWN)
    items = items_of_case(key)
    if not items:
        raise Refused(_NOTHING)
    if not minors_cases([item.id for item in items]):
        raise Refused(_NOT_MINORS)
    sums: dict[str, list[str]] = {}
    for one in preserved_in(key):
        sums.setdefault(one.item, []).append(one.sha256)
    return key, [
        tip_xml(_tip(owner, [item for item in items if item.owner == owner], sums))
        for owner in dict.fromkeys(item.owner for item in items)
    ]


def _tip(owner: int, items: Sequence[Named], sums: Mapping[str, Sequence[str]]) -> Tip:
    key, name = key_and_name(owner)
    works = [context.kind_of_work(item.id) for item in items]
    site = settings.SITE_URL
    return Tip(
        at=min(item.created_at for item in items),
        reporter_mail=settings.CONTACT_MAIL,
        legal_url=f"{site}/contact",
        urls=[f"{site}/{_PATHS[item.kind]}/{item.id}" for item in items],
        esp_identifier=key,
        screen_name=name,
        hashes=[one for item in items for one in sums.get(item.id, ()) if one],
        generated=any(work is None or work.is_made_by_ai for work in works),
    )


def note_sent(case_key: str, report_id: str, *, production: bool) -> None:
    """Write down that a case was reported, and under which number."""
    told = {"report": report_id, "test": not production}
    with transaction.atomic():
        event = Event("case.reported", case_key, told)
        by = Actor("operator")
        apply(Effects(), by=by, rule="minors.reported", at=clock.now(), events=(event,))
