"""A word into the box of a case: from the person, or from the case worker who has it."""

from __future__ import annotations

from django.db import transaction

from assent.casework import answers
from assent.casework import queries as cases
from assent.casework.status import CaseStatus
from assent.core.access import A_STRANGER, Actor
from assent.core.notices import TEXT_MAX
from assent.core.settlement import Effects, Tell
from assent.core.terms import Refusal, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import Member

_EMPTY = Refusal("check_the_form", "Please write something first.")
_TOO_LONG = Refusal("check_the_form", "Please use at most 5,000 characters.")


def write_to_us(case: CaseStatus, text: str) -> None:
    """Keep what the person has to add, or refuse."""
    _write(case.key, text, None, A_STRANGER, ())


def write_to_person(moderator: Member, number: str, text: str) -> None:
    """Leave a word for the person; a letter says only that it is there."""
    key = cases.case_file(moderator.person, number).status.key
    told = (Tell(None, "case_written", case=key),)
    _write(key, text, moderator.id, Actor(moderator.key, moderator.id), told)


def _write(key: str, text: str, by: int | None, actor: Actor, told: tuple[Tell, ...]) -> None:
    at, plain = clock.now(), text.replace("\0", "").strip()
    if not plain:
        raise Refused(_EMPTY)
    if len(plain) > TEXT_MAX:
        raise Refused(_TOO_LONG)
    with transaction.atomic():
        answers.add_note(key, plain, by, at)
        event = Event("case.written", key, {"worker": by is not None})
        apply(Effects(messages=told), by=actor, rule="takedown.box", at=at, events=(event,))
