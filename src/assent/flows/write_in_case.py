"""A word into the box of a case: from the person, or from the case worker who has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from assent.casework import answers
from assent.casework import queries as cases
from assent.casework import save as casework
from assent.casework.misuse import judged
from assent.casework.status import CaseStatus
from assent.core.access import A_STRANGER, Actor
from assent.core.notices import TEXT_MAX, UNDECIDED, locate
from assent.core.settlement import Effects, Tell
from assent.core.terms import CaseState, Refusal, Refused
from assent.effects.apply import apply
from assent.effects.hiding import Reach, hide
from assent.effects.looking import told_to_look
from assent.effects.opening import (
    HIDDEN,
    TRIAGE_HOURS,
    budget,
    found_by,
    is_slowed,
    watch_hashes,
)
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import Member

_EMPTY = Refusal("check_the_form", "Please write something first.")
_TOO_LONG = Refusal("check_the_form", "Please use at most 5,000 characters.")


def write_to_us(case: CaseStatus, text: str) -> int:
    """Keep what the person has to add, or refuse. Until it is decided, links, ids and hashes in it
    hide at once, like those of the request; return how many more that hid."""
    at, plain = clock.now(), _kept(text)
    located = locate(plain.splitlines())
    with transaction.atomic():
        answers.add_note(case.key, plain, None, at)
        found, told = Reach({}, 0), tuple[Tell, ...]()
        if case.state in UNDECIDED:
            slowed = _slowed(case, at)
            named, found = found_by(located, 0 if slowed else budget(at))
            watch_hashes(located, case.key, at)
            if found.beyond or named < len(located.ids):
                told = told_to_look()
                look_by = at + timedelta(hours=TRIAGE_HOURS)
                answers.look_by(case.key, look_by)
        if found.ids:
            casework.move_case(case.key, UNDECIDED, CaseState.HIDDEN, at)
        moves = hide(case.key, found.found, HIDDEN, actor=None, at=at) if found.ids else ()
        events = [Event("case.written", case.key, {"worker": False})]
        if moves:
            events.append(Event("case.joined", case.key, {"items": len(found.ids)}))
        by_rule = HIDDEN.rule if moves else "takedown.box"
        effects = Effects(moves=moves, messages=told)
        apply(effects, by=A_STRANGER, rule=by_rule, at=at, events=tuple(events))
    return len(moves)


def _slowed(case: CaseStatus, at: datetime) -> bool:
    who = cases.reached(case.key)
    sensitive = judged(case.key).sensitive
    return not sensitive and who is not None and is_slowed(who.contact, None, at)


def write_to_person(moderator: Member, number: str, text: str) -> None:
    """Leave a word for the person; a letter says only that it is there."""
    at, plain = clock.now(), _kept(text)
    key = cases.case_file(moderator.person, number).status.key
    told = (Tell(None, "case_written", case=key),)
    with transaction.atomic():
        answers.add_note(key, plain, moderator.id, at)
        event = Event("case.written", key, {"worker": True})
        by = Actor(moderator.key, moderator.id)
        apply(Effects(messages=told), by=by, rule="takedown.box", at=at, events=(event,))


def _kept(text: str) -> str:
    plain = text.replace("\0", "").strip()
    if not plain:
        raise Refused(_EMPTY)
    if len(plain) > TEXT_MAX:
        raise Refused(_TOO_LONG)
    return plain
