"""What every flow that screens an item does: ask whether a grant covers it, keep the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assent.casework import save as casework
from assent.catalogue import save as catalogue
from assent.consent.queries import grant_terms
from assent.core.casework import Placement, Ruling
from assent.core.consent.cover import Cover, Use, covers, normalised_name
from assent.core.screening.discreet import discreet, names_protected
from assent.core.screening.policies import default_policy
from assent.core.screening.record import record_of
from assent.core.screening.screen import screen
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Verdict
from assent.core.settlement import Effects, Move, Tell
from assent.core.terms import ItemKind
from assent.effects.protected import protected_names
from assent.gateways.keys import new_item_id
from assent.gateways.secrets import keyed_digest
from assent.people.queries import staff_ids

# A commission is made to be trained, used and looked at: a grant must allow all three.
MAKES_AND_SHOWS = frozenset({"train", "generate", "display"})


def verdict_on(submission: Submission, at: datetime) -> Verdict:
    """Return the verdict on something that a member wrote: see `core.screening.discreet`."""
    policy = default_policy()
    found = screen(submission, policy, at=at.date(), protected=protected_names())
    if not names_protected(found):
        return found
    return discreet(found, screen(submission, policy, at=at.date()))


def to_be_looked_at(verdict: Verdict, item: str, placement: Placement) -> Effects:
    """Tell staff of something public that mentions a protected name, so that a person looks."""
    if placement is not Placement.PUBLISH or not names_protected(verdict):
        return Effects()
    told = tuple(Tell(who, "name_mentioned", {"item": item}) for who in staff_ids())
    return Effects(messages=told)


def uses_of(kind: str) -> frozenset[str]:
    """Return what a grant must allow for an item of this kind."""
    return OFFERS if kind == ItemKind.LISTING else MAKES_AND_SHOWS


def keep_verdict(
    submission: Submission,
    verdict: Verdict,
    ruling: Ruling,
    moves: Iterable[Move],
    at: datetime,
) -> None:
    """Write the screening and the machine's decision with its effects."""
    catalogue.add_screening(submission.id, verdict, record_of(submission, verdict), at)
    casework.add_decision(new_item_id(), ruling, moves, actor=None, at=at, item=submission.id)


# A listing is there to be downloaded by anyone.
OFFERS = MAKES_AND_SHOWS | {"download"}


def cover_for(
    verdict: Verdict,
    grant_id: str | None,
    requester_key: str,
    work_type: str | None,
    at: datetime,
    uses: frozenset[str] = MAKES_AND_SHOWS,
) -> Cover:
    """Return whether the named grant covers the likeness that a verdict found, now."""
    subject = verdict.likeness.subject
    digest = keyed_digest("name", normalised_name(subject)) if subject else None
    use = Use(requester_key, work_type or "", digest, uses, verdict.rating)
    return covers(grant_terms(grant_id), use, at.date())
