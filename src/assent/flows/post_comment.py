"""Say something about a public bounty or listing: screened before anyone else sees it."""

from __future__ import annotations

from django.db import transaction

from assent.casework.strikes import require_not_suspended
from assent.catalogue import comments, context, queries
from assent.catalogue import save as catalogue
from assent.core.access import Actor, Verb
from assent.core.casework import Ruling
from assent.core.offers import comment_refusal
from assent.core.settlement import placing
from assent.core.terms import ItemKind, ItemState, Refused
from assent.effects.apply import apply, ruled
from assent.effects.screened import keep_verdict, to_be_looked_at
from assent.effects.wording import read_comment
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.people.queries import Member


def post_comment(
    author: Member, item_id: str, text: str, reply_to: str | None = None
) -> tuple[str, Ruling]:
    """Store a comment where its ruling puts it and return its id, or refuse.

    A refused one keeps its row, so that its author can read why; nobody else ever sees it.
    """
    # load
    at = clock.now()
    require_not_suspended(author.id, at)
    seen = queries.item_facts(item_id)
    if seen is None:
        raise Refused(queries.NOTHING_HERE)
    queries.require(author.person, Verb.COMMENT, seen[1])
    thread = _thread(author, item_id, reply_to)
    # think
    refusal = comment_refusal(text)
    if refusal:
        raise Refused(refusal)
    # save
    comment_id = new_item_id()
    words = catalogue.Words("", text.strip(), ())
    with transaction.atomic():
        # Under the lock of what it is about, so that nothing is said to what was just hidden.
        catalogue.lock(item_id, seen[0].state)
        catalogue.add_item(comment_id, ItemKind.COMMENT, ItemState.HELD, author.id, words, at)
        catalogue.add_comment(comment_id, item_id, thread)
        read = read_comment(context.scan_context(comment_id).item, at)
        moved = placing(comment_id, ItemState.HELD, read.ruling.placement, ItemState.PUBLISHED)
        moved += to_be_looked_at(read.verdict, comment_id, read.ruling.placement)
        keep_verdict(read.submission, read.verdict, read.ruling, moved.moves, at)
        by = Actor(author.key, author.id)
        event = ruled(comment_id, read.ruling)
        apply(moved, by=by, rule=read.ruling.rule, at=at, events=(event,))
    return comment_id, read.ruling


def _thread(author: Member, item_id: str, reply_to: str | None) -> str | None:
    """Return the comment that a reply stands under: replies to replies stay in one thread."""
    if not reply_to:
        return None
    answered = comments.comment(author.person, reply_to)
    if answered.on != item_id or not answered.item.state.is_public:
        raise Refused(queries.NOTHING_HERE)
    return answered.reply_to or answered.item.id
