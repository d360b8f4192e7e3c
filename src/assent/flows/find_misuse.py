"""Two case workers find that a request was plainly without ground: the sender is warned, and only
where it happens again and again does a person look, for a while, before something hides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.casework import answers, save_misuse
from assent.casework import queries as cases
from assent.casework.misuse import (
    before,
    decided_contacts,
    finding_of,
    judged,
    run_out,
    took_part,
)
from assent.casework.queries import CaseFile
from assent.core.access import Actor
from assent.core.misuse import (
    COUNTS_FOR,
    Step,
    ends_at,
    finding_refusal,
    next_step,
    reason_refusal,
)
from assent.core.settlement import Effects, Tell
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.contact import sender_digest
from assent.journal.append import Event
from assent.people.queries import Member

_SAME = Refusal("second_person", "Somebody else has to agree to this.", RefusalKind.NOT_ALLOWED)
_DECIDER = Refusal(
    "second_person",
    "Somebody who had no part in turning the request down has to agree to this.",
    RefusalKind.NOT_ALLOWED,
)
_OWN = Refusal("own_item", "It is about your own item.", RefusalKind.NOT_ALLOWED)
_NO_PROPOSAL = Refusal("no_proposal", "Nobody proposes this any more.", RefusalKind.CONFLICT)


def propose_misuse(moderator: Member, number: str, reason: str) -> None:
    """Propose to find that a request was plainly without ground; nothing follows from it yet."""
    file = _file(moderator, number)
    refusal = reason_refusal(reason) or finding_refusal(judged(file.status.key))
    if refusal:
        raise Refused(refusal)
    with transaction.atomic():
        save_misuse.propose(file.status.key, moderator.id, reason.strip(), clock.now())
        _note(Event("sender.proposed", file.status.key), moderator)


def drop_misuse(moderator: Member, number: str) -> None:
    """Let go of a proposal: whoever made it takes it back, or somebody else does not agree."""
    key = _file(moderator, number).status.key
    with transaction.atomic():
        save_misuse.drop(key)
        _note(Event("sender.dropped", key), moderator)


def agree_to_misuse(moderator: Member, number: str) -> Step:
    """Agree to a colleague's proposal, as somebody who did not turn the request down. The sender is
    told, with the reasons and how to object; return what follows, or refuse."""
    at = clock.now()
    file = _file(moderator, number)
    key = file.status.key
    with transaction.atomic():
        found = finding_of(key)
        if found is None or not found.waits:
            raise Refused(_NO_PROPOSAL)
        if found.by == moderator.id:
            raise Refused(_SAME)
        if moderator.id in took_part(key):
            raise Refused(_DECIDER)
        refusal = finding_refusal(judged(key))
        if refusal:
            raise Refused(refusal)
        step = foreseen_step(file, at)
        until = ends_at(step, at)
        sender = sender_digest(file.contact)
        save_misuse.agree(key, moderator.id, sender, step, at, until)
        answers.add_note(key, found.reason, moderator.id, at)
        told = (Tell(None, "case_written", case=key),)
        data: dict[str, str] = {"step": step, "until": until.isoformat()}
        _note(Event("sender.found", key, data), moderator, *told)
    return step


def foreseen_step(file: CaseFile, at: datetime) -> Step:
    """Return what agreeing would lead to: shown before somebody agrees."""
    sender = sender_digest(file.contact)
    since = at - COUNTS_FOR
    decided = sum(sender_digest(one) == sender for one in decided_contacts(since))
    found = before(sender, file.status.key, at)
    return next_step(found, file.status.received_at, decided, at)


def forget_misuse() -> int:
    """Delete findings that count no more; return how many."""
    return save_misuse.forget(run_out(clock.now()))


def _file(moderator: Member, number: str) -> CaseFile:
    file = cases.case_file(moderator.person, number)
    if any(i.owner == moderator.id for i in file.items):
        raise Refused(_OWN)
    return file


def _note(event: Event, moderator: Member, *told: Tell) -> None:
    by = Actor(moderator.key, moderator.id)
    apply(Effects(messages=told), by=by, rule="takedown.misuse", at=clock.now(), events=(event,))
