"""Hand in work to a bounty: it is held until every file has been scanned."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile

from assent.casework.strikes import require_not_suspended
from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.core.access import Actor, Verb
from assent.core.offers import files_refusal, words_faults
from assent.core.settlement import Effects, Tell
from assent.core.terms import ItemKind, ItemState, Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.effects.uploads import accepted, kept, record
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member, require_agreement

_ENOUGH = Refusal(
    "entries_enough",
    "You have handed in as many entries as this bounty takes from one creator. You can take one "
    "back and hand in another.",
    RefusalKind.CONFLICT,
)


def hand_in_entry(
    creator: Member,
    bounty_id: str,
    note: str,
    works: Sequence[UploadedFile[bytes]],
    images: Sequence[UploadedFile[bytes]],
) -> str:
    """Store an entry and return its id, or refuse and leave nothing behind."""
    # load
    at = clock.now()
    require_not_suspended(creator.id, at)
    require_agreement(creator.id)
    bounty = queries.bounty(creator.person, bounty_id)
    queries.require(creator.person, Verb.ENTER, bounty.facts)
    # think
    if queries.entries_by(creator.id, bounty_id) >= bounty.entries_max:
        raise Refused(_ENOUGH)
    faults = words_faults("", note, ())
    refusal = files_refusal(len(works), len(images))
    if faults or refusal:
        raise Refused(refusal or Refusal("check_the_form", "The note is too long.", fields=faults))
    incoming = accepted(works, images)
    # save
    entry_id = new_item_id()
    words = catalogue.Words("", note.strip(), ())
    with kept(incoming):
        catalogue.lock(bounty_id, ItemState.OPEN)
        catalogue.add_item(entry_id, ItemKind.ENTRY, ItemState.HELD, creator.id, words, at)
        catalogue.add_entry(entry_id, bounty_id)
        record(incoming, entry_id, at)
        apply(
            Effects(messages=(Tell(bounty.item.owner, "entry_waits", {"bounty": bounty_id}),)),
            by=Actor(creator.key, creator.id),
            rule="entry.held_until_scanned",
            at=at,
            events=(Event("entry.handed_in", entry_id, {"files": len(incoming)}),),
        )
    return entry_id
