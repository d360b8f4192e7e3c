"""A moderator asks colleagues about a held item; it stays held until one of them has answered."""

from __future__ import annotations

from django.db import transaction

from assent.casework import save_looks
from assent.casework.looks import Opinion, open_opinion
from assent.catalogue import save as catalogue
from assent.core.access import Actor
from assent.core.settlement import Effects, Tell
from assent.core.terms import ItemState, Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.effects.held import require_may_decide
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member

WORDS_MAX = 2000
LEANINGS = ("publish", "refuse", "unsure")
_NO_QUESTION = Refusal(
    "check_the_form", "Write your question, in at most 2,000 characters.",
    fields={"question": "Write your question, in at most 2,000 characters."},
)  # fmt: skip
_NO_ANSWER = Refusal(
    "check_the_form", "Choose what you lean to, and say why in at most 2,000 characters.",
    fields={"answer": "Choose what you lean to, and say why in at most 2,000 characters."},
)  # fmt: skip
_OWN_QUESTION = Refusal(
    "second_person", "You asked, so somebody else has to answer.", RefusalKind.NOT_ALLOWED
)
_NOT_ASKED = Refusal(
    "opinion_over", "No second opinion is being asked for here any more.", RefusalKind.CONFLICT
)
_NOT_YOURS = Refusal(
    "opinion_not_yours", "Only whoever asked takes the question back.", RefusalKind.NOT_ALLOWED
)


def ask_opinion(moderator: Member, item_id: str, question: str) -> None:
    """Ask colleagues about a held item, or refuse."""
    require_may_decide(moderator, item_id)
    words = question.strip()
    if not 0 < len(words) <= WORDS_MAX:
        raise Refused(_NO_QUESTION)
    with transaction.atomic():
        catalogue.lock(item_id, ItemState.HELD)
        save_looks.ask(new_item_id(), item_id, moderator.id, words, clock.now())
        _note(Event("opinion.asked", item_id), moderator)


def answer_opinion(moderator: Member, item_id: str, leaning: str, answer: str) -> None:
    """Answer a colleague's question, who is told; or refuse. Nothing is decided by it."""
    require_may_decide(moderator, item_id)
    words = answer.strip()
    if leaning not in LEANINGS or not 0 < len(words) <= WORDS_MAX:
        raise Refused(_NO_ANSWER)
    found = _open(item_id)
    if found.asked_by == moderator.id:
        raise Refused(_OWN_QUESTION)
    told = Tell(found.asked_by, "opinion_answered", {"item": item_id, "kind": found.kind})
    with transaction.atomic():
        save_looks.answer(found.id, moderator.id, leaning, words, clock.now())
        _note(Event("opinion.answered", item_id), moderator, told)


def take_back_opinion(moderator: Member, item_id: str) -> None:
    """Take one's question back, so that the item can be decided; or refuse."""
    require_may_decide(moderator, item_id)
    found = _open(item_id)
    if found.asked_by != moderator.id:
        raise Refused(_NOT_YOURS)
    with transaction.atomic():
        save_looks.take_back(found.id, clock.now())
        _note(Event("opinion.taken_back", item_id), moderator)


def _open(item_id: str) -> Opinion:
    found = open_opinion(item_id)
    if found is None:
        raise Refused(_NOT_ASKED)
    return found


def _note(event: Event, moderator: Member, *told: Tell) -> None:
    by, effects = Actor(moderator.key, moderator.id), Effects(messages=told)
    apply(effects, by=by, rule="moderator.opinion", at=clock.now(), events=(event,))
