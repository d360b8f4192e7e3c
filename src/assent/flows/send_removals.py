"""Send the removal notices that wait to the recipients that the operator listed. Run by the
worker's clock; where one is not taken, it is tried again for a week."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from assent.casework import save_others
from assent.casework.others import ToSend, due
from assent.core.access import WORKER
from assent.core.removals import KIND, RemovalNotice, Sent, claims, next_try
from assent.core.settlement import Effects
from assent.effects.apply import apply
from assent.gateways import channels, clock
from assent.gateways.signing import sign
from assent.journal.append import Event

CONTENT_TYPE = "application/jose"
# To say the same again would get the same answer.
_FINAL = frozenset({400, 413, 415, 422})


def send_removals() -> int:
    """Send what is due and return how many notices were taken. Nothing is called inside a
    transaction: a notice that was taken while we were cut off is sent again under its own number,
    which a recipient knows by then."""
    return sum(_send(one) for one in due(clock.now()))


def _send(one: ToSend) -> bool:
    if one.recipient not in settings.REMOVAL_RECIPIENTS:
        return _settle(one, Sent.STOPPED, "no longer listed")
    at = clock.now()
    notice = RemovalNotice(one.id, settings.SITE_URL.rstrip("/"), one.recipient, at, one.hashes)
    try:
        status = channels.hand_over(
            one.recipient, sign(claims(notice), KIND).encode(), CONTENT_TYPE
        )
    except channels.UnseenError as error:
        return _again(one, str(error), at)
    answer = f"answered {status}"
    if 200 <= status < 300:
        return _settle(one, Sent.TAKEN, answer)
    if status in _FINAL:
        return _settle(one, Sent.REFUSED, answer)
    return _again(one, answer, at)


def _again(one: ToSend, answer: str, at: datetime) -> bool:
    tries = one.tries + 1
    following = next_try(tries, one.at, at)
    if following is None:
        return _settle(one, Sent.GIVEN_UP, answer)
    save_others.tried(one.id, tries, answer[:100], at, following)
    return False


def _settle(one: ToSend, state: Sent, answer: str) -> bool:
    at = clock.now()
    with transaction.atomic():
        if save_others.settle(one.id, state, one.tries + 1, answer[:100], at):
            event = Event("removal.sent", one.id, {"state": state, "hashes": len(one.hashes)})
            apply(Effects(), by=WORKER, rule="removal.told_others", at=at, events=(event,))
    return state is Sent.TAKEN
