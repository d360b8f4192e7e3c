"""When takedown requests are plainly without ground, again and again: what may follow, and what
may not.

Nothing here refuses a request, stops its clock or asks for anything more. All that can follow is
that, for a while, a person looks before something hides (within the hour) where a request gives
the one contact that was found. Regulation (EU) 2022/2065, Article 23(2) to (4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assent.core.notices import Complaint, Contact, Ground
from assent.core.terms import Refusal, RefusalKind

# How long a finding counts, how long a brake lasts, and from which finding on there may be one.
COUNTS_FOR = timedelta(days=180)
BRAKE_TIME = timedelta(days=30)
FINDINGS_NEEDED = 3
REASON_MIN, REASON_MAX = 20, 1000
# What such a request says hides at once, whoever sends it.
SENSITIVE_DETAILS = ("intimate", "under_18", "danger")
# To have searched and found nothing, or to be contradicted by a record, is to lose, not to misuse.
PLAIN_GROUNDS = frozenset({Ground.NOT_THE_PERSON, Ground.NO_LIKENESS})


class Step(StrEnum):
    """What two people may find about a request that was plainly without ground."""

    WARNING = "warning"
    BRAKE = "brake"


@dataclass(frozen=True, slots=True)
class Judged:
    """What counts of a case when somebody asks whether it was misuse."""

    turned_down: bool
    ground: Ground | None
    # Nude or sexual, somebody under 18, or danger.
    sensitive: bool
    # Whether whoever sent it showed that they are reached by the contact it gave.
    confirmed: bool
    complaint: Complaint
    from_person: bool


@dataclass(frozen=True, slots=True)
class Before:
    """A finding about an earlier request of the same sender that stands: when it was told."""

    told_at: datetime


def finding_refusal(case: Judged) -> Refusal | None:
    """Return why nobody may find that this request was misuse, or None."""
    if not (case.turned_down and case.from_person):
        return NOT_TURNED_DOWN
    if case.sensitive:
        return SENSITIVE
    if case.ground not in PLAIN_GROUNDS:
        return ONLY_LOST
    if not case.confirmed:
        return NOT_CONFIRMED
    if case.complaint in (Complaint.OPEN, Complaint.UPHELD):
        return UNDER_COMPLAINT
    return None


def next_step(before: Sequence[Before], received_at: datetime, decided: int, at: datetime) -> Step:
    """Return what a finding about a request received then leads to.

    `before` are the findings about earlier requests of the same sender, `decided` is how many
    requests of theirs were decided in the time that counts, this one included. There is a brake
    only after a warning that came before this request was sent, from the third finding on, and
    only where most of what they asked was without ground: somebody who helps many people and is
    mostly right is never slowed.
    """
    counting = [one for one in before if at - one.told_at <= COUNTS_FOR]
    warned = any(one.told_at < received_at for one in counting)
    found = len(counting) + 1
    if warned and found >= FINDINGS_NEEDED and found * 2 > decided:
        return Step.BRAKE
    return Step.WARNING


def ends_at(step: Step, at: datetime) -> datetime:
    """Return when what was found at this moment ends by itself."""
    return at + (BRAKE_TIME if step is Step.BRAKE else COUNTS_FOR)


def reason_refusal(reason: str) -> Refusal | None:
    """Return what is wrong with a reason, which the sender reads, or None."""
    if REASON_MIN <= len(reason.strip()) <= REASON_MAX:
        return None
    return Refusal("check_the_form", NO_REASON, fields={"reason": NO_REASON})


def normalised_contact(kind: str, value: str) -> str:
    """Return a contact so that the same address typed in another way is the same; empty where
    there is none."""
    plain = " ".join(value.split()).casefold()
    if kind == Contact.PHONE:
        plain = "".join(c for c in plain if c.isdigit()).lstrip("0")
    return f"{kind}:{plain}" if plain and kind != Contact.BOX else ""


NO_REASON = "Say why in 20 to 1,000 characters: whoever sent it reads exactly this."
NOT_TURNED_DOWN = Refusal(
    "not_turned_down",
    "Only a request that two people turned down can be found to be misuse.",
    RefusalKind.CONFLICT,
)
SENSITIVE = Refusal(
    "never_misuse",
    "A request about something nude or sexual, somebody under 18 or danger never counts.",
    RefusalKind.CONFLICT,
)
ONLY_LOST = Refusal(
    "only_lost",
    "To have lost is no misuse. It counts only where it plainly shows nobody, or not this person.",
    RefusalKind.CONFLICT,
)
NOT_CONFIRMED = Refusal(
    "not_confirmed",
    "Nobody has shown that they sent it: anybody can write down somebody else’s address.",
    RefusalKind.CONFLICT,
)
UNDER_COMPLAINT = Refusal(
    "under_complaint",
    "There is a complaint about this decision, or it was right.",
    RefusalKind.CONFLICT,
)
