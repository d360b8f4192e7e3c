"""Change an open bounty while nobody else has a stake in it; what is new is screened again."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from assent.casework.strikes import require_not_suspended
from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.catalogue.submissions import submission_of
from assent.consent.queries import grant_id_of
from assent.core.access import Actor, Verb
from assent.core.casework import Placement, Ruling, rule_on
from assent.core.offers import BountyDraft, posting_refusal
from assent.core.settlement import placing
from assent.core.terms import ItemState, Refusal, Refused
from assent.effects.apply import apply, ruled
from assent.effects.screened import cover_for, keep_verdict, to_be_looked_at, verdict_on
from assent.gateways import clock
from assent.people.queries import Member


def amend_bounty(requester: Member, bounty_id: str, draft: BountyDraft) -> Ruling:
    """Replace words, terms and deadline, and return the ruling on them, or refuse.

    What would be refused is not taken over: the bounty stays as it was. What must be looked at goes
    out of sight until a moderator has. The credits that were offered stay what they are.
    """
    at = clock.now()
    require_not_suspended(requester.id, at)
    with transaction.atomic():
        # load
        catalogue.lock_any(bounty_id)
        bounty = queries.bounty(requester.person, bounty_id)
        queries.require(requester.person, Verb.AMEND, bounty.facts)
        draft = replace(draft, credits=bounty.credits, grant=bounty.grant or "")
        # think
        refusal = posting_refusal(draft, at.date())
        if refusal:
            raise Refused(refusal)
        words = catalogue.Words(draft.title.strip(), draft.description.strip(), draft.tags)
        item = replace(
            bounty.item, title=words.title, description=words.description, tags=words.tags
        )
        submission = submission_of(item, draft.work_type)
        verdict = verdict_on(submission, at)
        grant = grant_id_of(draft.grant)
        ruling = rule_on(verdict, cover_for(verdict, grant, requester.key, draft.work_type, at))
        if ruling.placement is Placement.REFUSE:
            raise Refused(Refusal(ruling.code, ruling.sentence, fields={"title": ruling.sentence}))
        effects = placing(bounty_id, ItemState.OPEN, ruling.placement, ItemState.OPEN)
        effects += to_be_looked_at(verdict, bounty_id, ruling.placement)
        # save
        catalogue.amend(bounty_id, words)
        catalogue.put_bounty(bounty_id, draft, grant)
        keep_verdict(submission, verdict, ruling, effects.moves, at)
        by = Actor(requester.key, requester.id)
        apply(effects, by=by, rule=ruling.rule, at=at, events=(ruled(bounty_id, ruling),))
    return ruling
