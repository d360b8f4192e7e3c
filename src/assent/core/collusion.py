"""Signs that an award goes back to whoever paid it. They hold the payout for a person; they never
refuse it: two friends may well work for each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from assent.core.consent.asking import normalised_address


class Doubt(StrEnum):
    """Why a payout waits for a moderator."""

    SAME_PAYOUT = "same_payout"
    SAME_MAILBOX = "same_mailbox"
    PLEDGE_CYCLE = "pledge_cycle"
    DISPUTED = "disputed"

    @property
    def sentence(self) -> str:
        """What both sides are told."""
        return _SENTENCES[self]

    @property
    def of_a_sale(self) -> str:
        """The same where a listing was sold."""
        return _OF_SALES[self]


_SENTENCES = {
    Doubt.SAME_PAYOUT: "A supporter and the creator are paid out to the same person or account.",
    Doubt.SAME_MAILBOX: "A supporter and the creator seem to share a mailbox.",
    Doubt.PLEDGE_CYCLE: "Credits went the other way between these two within the last 90 days.",
    Doubt.DISPUTED: "A supporter’s payment was taken back through the card.",
}
_OF_SALES = {
    Doubt.SAME_PAYOUT: "Buyer and seller are paid out to the same person or account.",
    Doubt.SAME_MAILBOX: "Buyer and seller seem to share a mailbox.",
    Doubt.PLEDGE_CYCLE: _SENTENCES[Doubt.PLEDGE_CYCLE],
    Doubt.DISPUTED: "The buyer’s payment was taken back through the card.",
}
CYCLE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """Who awards and who is paid: addresses and payout identities (keyed digests) by log-in, and
    the log-ins that the creator has paid by an award of their own lately."""

    awarders: frozenset[int]
    creator: int
    addresses: Mapping[int, str]
    paid_by_creator: frozenset[int]
    identities: Mapping[int, frozenset[str]] = field(default_factory=dict)


def doubt(facts: AwardFacts) -> Doubt | None:
    """Return the first sign that the award is no real one, or None."""
    others = facts.awarders - {facts.creator}
    paid_to = facts.identities.get(facts.creator, frozenset())
    if any(paid_to & facts.identities.get(who, frozenset()) for who in others):
        return Doubt.SAME_PAYOUT
    boxes = {
        normalised_address(address)
        for who in others
        if (address := facts.addresses.get(who, "")).strip()
    }
    own = facts.addresses.get(facts.creator, "")
    if own.strip() and normalised_address(own) in boxes:
        return Doubt.SAME_MAILBOX
    if others & facts.paid_by_creator:
        return Doubt.PLEDGE_CYCLE
    return None
