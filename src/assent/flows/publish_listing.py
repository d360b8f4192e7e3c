"""Offer finished work: the listing is held until its words and every file have been scanned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from assent.casework.strikes import require_not_suspended
from assent.catalogue import save as catalogue
from assent.consent.queries import grant_id_of, grant_terms
from assent.core.access import Actor
from assent.core.consent.cover import may_be_sold
from assent.core.offers import LICENCES, files_refusal, words_faults
from assent.core.sales import NOT_TO_BE_SOLD, price_fault
from assent.core.settlement import Effects
from assent.core.terms import ItemKind, ItemState, Refusal, Refused, WorkType
from assent.effects.apply import apply
from assent.effects.uploads import accepted, kept, record
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member, require_agreement


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing as its creator wrote it."""

    title: str
    description: str
    work_type: str
    tags: tuple[str, ...]
    base_model: str = ""
    version: str = "1.0"
    consent: str = ""
    licence: str = ""
    price: int = 0


def publish_listing(
    creator: Member,
    offer: Offer,
    works: Sequence[UploadedFile[bytes]],
    images: Sequence[UploadedFile[bytes]],
) -> str:
    """Store a listing and return its id, or refuse and leave nothing behind."""
    # load
    at = clock.now()
    require_not_suspended(creator.id, at)
    require_agreement(creator.id)
    # think
    grant = grant_id_of(offer.consent) if offer.consent else None
    known = not offer.consent or grant is not None
    refusal = _refusal(offer, len(works), len(images), known=known) or _unsellable(offer, grant)
    if refusal:
        raise Refused(refusal)
    incoming = accepted(works, images)
    # save
    listing_id = new_item_id()
    words = catalogue.Words(offer.title.strip(), offer.description.strip(), offer.tags)
    with kept(incoming):
        catalogue.add_item(listing_id, ItemKind.LISTING, ItemState.HELD, creator.id, words, at)
        catalogue.add_listing(
            listing_id,
            offer.work_type,
            offer.base_model,
            offer.version,
            grant,
            offer.licence,
            offer.price,
        )
        record(incoming, listing_id, at)
        apply(
            Effects(),
            by=Actor(creator.key, creator.id),
            rule="listing.held_until_scanned",
            at=at,
            events=(Event("listing.handed_in", listing_id, {"files": len(incoming)}),),
        )
    return listing_id


def _unsellable(offer: Offer, grant: str | None) -> Refusal | None:
    if not offer.price or grant is None or may_be_sold(grant_terms(grant)):
        return None
    return Refusal("check_the_form", NOT_TO_BE_SOLD, fields={"price": NOT_TO_BE_SOLD})


def _refusal(offer: Offer, works: int, images: int, *, known: bool) -> Refusal | None:
    found = words_faults(offer.title, offer.description, offer.tags)
    if not offer.title.strip():
        found["title"] = "Give it a title."
    if offer.work_type not in list(WorkType):
        found["type"] = "Choose what kind of work this is."
    if len(offer.base_model) > 80:
        found["base_model"] = "Use at most 80 characters."
    if not 0 < len(offer.version) <= 40:
        found["version"] = "Name the version in at most 40 characters."
    if not known:
        found["consent"] = "There is no consent record of this reference."
    if offer.licence and offer.licence not in LICENCES:
        found["licence"] = "Choose one of these."
    fault = price_fault(offer.price)
    if fault:
        found["price"] = fault
    if found:
        return Refusal("check_the_form", "Some of this needs another look.", fields=found)
    return files_refusal(works, images)
