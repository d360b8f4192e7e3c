"""Asking somebody for consent, so that asking can never be used to harass or to wear down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assent.core.terms import Refusal

ASKS_PER_DAY = 5  # by one requester
LETTERS_PER_MONTH = 3  # to one channel, whoever asks
VALID_DAYS = 30


class InvitationState(StrEnum):
    """The life of an invitation. The requester is shown `asked` or `given`, and nothing between."""

    ASKED = "asked"
    SIGNED = "signed"
    PROVED = "proved"
    REFUSED = "refused"
    BLOCKED = "blocked"
    LAPSED = "lapsed"

    @property
    def is_open(self) -> bool:
        """Whether the person can still answer."""
        return self in (InvitationState.ASKED, InvitationState.SIGNED)

    @property
    def shown(self) -> str:
        """What the requester may know: refused, ignored and blocked look the same."""
        return "given" if self is InvitationState.PROVED else "asked"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent before: today by this requester, this month to this channel by anyone, ever
    by this requester to this channel; and whether the channel wants no more."""

    by_requester_today: int
    to_channel_this_month: int
    by_requester_to_channel: int
    never: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """Whether the request is taken, and whether a letter goes out. A request that is taken without
    a letter looks to the requester exactly like one whose letter is ignored."""

    refusal: Refusal | None
    letter: bool


_TWICE = Refusal(
    "asked_already",
    "You have asked this person already. One request is all that anybody gets.",
    fields={"channel": "You have asked here before."},
)
_ENOUGH = Refusal("asked_enough", "That is enough for one day. Please go on tomorrow.", retry=True)


def asking(sent: Sent) -> Asking:
    """Return what happens to a request for consent.

    Only the requester's own doings refuse it; what the person or other requesters did never shows.
    """
    if sent.by_requester_to_channel:
        return Asking(_TWICE, letter=False)
    if sent.by_requester_today >= ASKS_PER_DAY:
        return Asking(_ENOUGH, letter=False)
    flooded = sent.to_channel_this_month >= LETTERS_PER_MONTH
    return Asking(None, letter=not (sent.never or flooded))


_TAG = re.compile(r"\+[^@]*(?=@)")
_DOTLESS = ("gmail.com", "googlemail.com")


def normalised_address(address: str) -> str:
    """Return an e-mail address as one mailbox: case, `+tag` and the dots that some providers
    ignore taken out, so that the same person is not asked twice under two spellings.

    >>> normalised_address("Vera.L+x@GMail.com")
    'veral@gmail.com'
    """
    local, _, host = _TAG.sub("", address.strip().casefold()).rpartition("@")
    if host in _DOTLESS:
        local, host = local.replace(".", ""), "gmail.com"
    return f"{local}@{host}"
