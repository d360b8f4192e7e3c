"""Change a comment: the new words are screened as if they were the first."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from assent.catalogue import comments, queries
from assent.catalogue import save as catalogue
from assent.core.access import Actor, Verb
from assent.core.casework import Placement, Ruling
from assent.core.offers import comment_refusal
from assent.core.settlement import placing
from assent.core.terms import ItemState, Refusal, Refused
from assent.effects.apply import apply, ruled
from assent.effects.screened import keep_verdict, to_be_looked_at
from assent.effects.wording import read_comment
from assent.gateways import clock
from assent.people.queries import Member


def reword_comment(author: Member, comment_id: str, text: str) -> Ruling:
    """Replace a comment's words, or refuse: words that are refused change nothing, so that the
    comment stands as it was."""
    at = clock.now()
    with transaction.atomic():
        # load: under the row's lock, so that what is published is what was screened
        catalogue.lock_any(comment_id)
        found = comments.comment(author.person, comment_id)
        queries.require(author.person, Verb.REWORD, found.facts)
        # think
        refusal = comment_refusal(text)
        if refusal:
            raise Refused(refusal)
        read = read_comment(replace(found.item, description=text.strip()), at)
        ruling = read.ruling
        if ruling.placement is Placement.REFUSE:
            why = ruling.sentence
            raise Refused(Refusal("words_refused", why, fields={"text": why}))
        # save
        catalogue.reword_comment(comment_id, text.strip(), at)
        moved = placing(comment_id, found.item.state, ruling.placement, ItemState.PUBLISHED)
        moved += to_be_looked_at(read.verdict, comment_id, ruling.placement)
        keep_verdict(read.submission, read.verdict, ruling, moved.moves, at)
        event = ruled(comment_id, ruling)
        by = Actor(author.key, author.id)
        apply(moved, by=by, rule=ruling.rule, at=at, events=(event,))
    return ruling
