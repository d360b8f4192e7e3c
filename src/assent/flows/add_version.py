"""Offer a new version of a listing: its files are scanned and its words screened like anything new.

The versions before stay on offer until their creator withdraws them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile

from assent.casework.strikes import require_not_suspended
from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.catalogue.versions import names_taken
from assent.core.access import Actor, Verb
from assent.core.offers import files_refusal, version_faults
from assent.core.settlement import Effects
from assent.core.terms import ItemKind, ItemState, Refusal, Refused
from assent.effects.apply import apply
from assent.effects.uploads import accepted, kept, record
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member, require_agreement


def add_version(
    creator: Member,
    listing_id: str,
    name: str,
    note: str,
    works: Sequence[UploadedFile[bytes]],
    images: Sequence[UploadedFile[bytes]],
) -> str:
    """Store a version and return its id, or refuse and leave nothing behind."""
    # load
    at = clock.now()
    require_not_suspended(creator.id, at)
    require_agreement(creator.id)
    listing = queries.listing(creator.person, listing_id)
    queries.require(creator.person, Verb.ADD_VERSION, listing.facts)
    # think
    faults = version_faults(name, note, names_taken(listing_id))
    if faults:
        raise Refused(Refusal("check_the_form", "Some of this needs another look.", fields=faults))
    refusal = files_refusal(len(works), len(images))
    if refusal:
        raise Refused(refusal)
    incoming = accepted(works, images)
    # save
    version_id = new_item_id()
    words = catalogue.Words(f"{listing.item.title} {name.strip()}"[:140], note.strip(), ())
    with kept(incoming):
        catalogue.lock(listing_id, ItemState.PUBLISHED)
        catalogue.add_item(version_id, ItemKind.VERSION, ItemState.HELD, creator.id, words, at)
        catalogue.add_version(version_id, listing_id, name.strip())
        record(incoming, version_id, at)
        apply(
            Effects(),
            by=Actor(creator.key, creator.id),
            rule="version.held_until_scanned",
            at=at,
            events=(Event("version.handed_in", version_id, {"files": len(incoming)}),),
        )
    return version_id
