"""Keep a bounty's draft: nobody but its requester sees it, and nothing is screened yet."""

from __future__ import annotations

from django.db import transaction

from assent.catalogue import queries, save
from assent.consent.queries import grant_id_of
from assent.core.access import Verb
from assent.core.offers import BountyDraft, draft_refusal
from assent.core.terms import ItemKind, ItemState, Refusal, Refused
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.people.queries import Member

_NO_SUCH_GRANT = Refusal(
    "no_such_consent_record",
    "There is no consent record with this reference.",
    fields={"grant": "Check the reference; it looks like C-7K3M9QX2."},
)


def save_draft(requester: Member, draft: BountyDraft, bounty_id: str | None = None) -> str:
    """Insert or replace a draft and return its id, or refuse."""
    # load
    at = clock.now()
    if bounty_id is not None:
        found = queries.bounty(requester.person, bounty_id)
        queries.require(requester.person, Verb.EDIT, found.facts)
    # think
    refusal = draft_refusal(draft)
    if refusal:
        raise Refused(refusal)
    grant_id = grant_id_of(draft.grant)
    if draft.grant.strip() and grant_id is None:
        raise Refused(_NO_SUCH_GRANT)
    # save
    words = save.Words(draft.title.strip(), draft.description.strip(), draft.tags)
    with transaction.atomic():
        if bounty_id is None:
            bounty_id = new_item_id()
            save.add_item(bounty_id, ItemKind.BOUNTY, ItemState.DRAFT, requester.id, words, at)
        else:
            save.rewrite(bounty_id, words)
        save.put_bounty(bounty_id, draft, grant_id)
    return bounty_id
