"""From a verdict to a decision: states and legal moves. Notices are in `notices`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assent.core.consent.cover import Cover
from assent.core.screening.verdict import Verdict
from assent.core.terms import (
    ItemKind,
    ItemState,
    Outcome,
    Refusal,
    RefusalKind,
    SubjectKind,
)

S = ItemState

_GONE_MOVES = frozenset({(S.HIDDEN, S.REMOVED)})
_HIDEABLE = tuple(s for s in S if s not in (S.HIDDEN, S.REMOVED))
# A hidden item returns only to the state that it was hidden in; the effect row remembers it.
_HIDE_MOVES = frozenset({(s, S.HIDDEN) for s in _HIDEABLE} | {(S.HIDDEN, s) for s in _HIDEABLE})
# An appeal that is right brings what was refused back to where a person decides.
_COMMON = (
    _GONE_MOVES | _HIDE_MOVES | {(S.HELD, S.REFUSED), (S.HELD, S.REMOVED), (S.REFUSED, S.HELD)}
)

_OFFERED = _COMMON | {
    (S.HELD, S.PUBLISHED),
    (S.HELD, S.WITHDRAWN),
    (S.PUBLISHED, S.HELD),
    (S.PUBLISHED, S.WITHDRAWN),
}

MOVES: Mapping[ItemKind, frozenset[tuple[ItemState, ItemState]]] = {
    ItemKind.BOUNTY: _COMMON
    | {(S.DRAFT, s) for s in (S.HELD, S.OPEN, S.REFUSED, S.CANCELLED)}
    | {(S.HELD, S.OPEN), (S.HELD, S.CANCELLED)}
    | {(S.OPEN, s) for s in (S.HELD, S.CLOSED, S.SETTLED, S.CANCELLED)}
    | {(S.CLOSED, S.SETTLED), (S.CLOSED, S.CANCELLED)},
    ItemKind.ENTRY: _COMMON
    | {(S.HELD, S.PUBLISHED), (S.HELD, S.WITHDRAWN), (S.PUBLISHED, S.HELD)}
    | {(S.PUBLISHED, s) for s in (S.AWARDED, S.DECLINED, S.WITHDRAWN)},
    **dict.fromkeys((ItemKind.LISTING, ItemKind.VERSION, ItemKind.COMMENT), _OFFERED),
}


def is_legal(kind: ItemKind, before: ItemState, after: ItemState) -> bool:
    """Return whether an item of this kind may go from one state to the other."""
    return (before, after) in MOVES[kind]


class Placement(StrEnum):
    """Where a decision puts an item."""

    PUBLISH = "publish"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision on a submission, with the rule it rests on and the sentence for its owner."""

    placement: Placement
    rule: str
    code: str
    policy: str
    sentence: str


LIKENESS_CODE = "likeness_without_consent"
COVERED_SENTENCE = (
    "This asks for a real person's likeness and names a consent record that covers it. "
    "A moderator checks that it shows nobody else before it is published."
)


def rule_on(verdict: Verdict, cover: Cover, *, depicts: bool = False) -> Ruling:
    """Return what happens to a submission: the verdict, softened only by a covering consent.

    Even a covered likeness is held for a person to look at: a record speaks for one person, and a
    machine cannot be sure that nobody else is meant. `depicts` says that the item belongs to a
    bounty under a consent record, so that silence about the person does not publish it either.
    """
    covered = verdict.outcome is Outcome.REFUSE and verdict.code == LIKENESS_CODE and cover.covered
    if covered or (depicts and verdict.outcome is Outcome.ALLOW):
        return Ruling(
            Placement.HOLD,
            "likeness.covered",
            "consent_on_record",
            verdict.policy,
            COVERED_SENTENCE,
        )
    return Ruling(
        _PLACEMENTS[verdict.outcome], verdict.rule, verdict.code, verdict.policy, verdict.sentence
    )


_PLACEMENTS = {
    Outcome.ALLOW: Placement.PUBLISH,
    Outcome.REVIEW: Placement.HOLD,
    Outcome.REFUSE: Placement.REFUSE,
}

NOT_TAKEN = "This file cannot be published here."


def rule_on_files(refused: str | None, staydown: list[bool], policy: str) -> Ruling | None:
    """Return the ruling that an item's files force, or None when they force none.

    `refused` is the sentence for a file that is not taken. `staydown` has an element for each
    match with something taken down: True once its case was decided. A decided match refuses, an
    undecided one holds; the sentence says nothing of why.
    """
    if refused is not None:
        return Ruling(Placement.REFUSE, "file.not_taken", "file_not_taken", policy, refused)
    if any(staydown):
        return Ruling(Placement.REFUSE, "staydown.match", "file_not_taken", policy, NOT_TAKEN)
    if staydown:
        return Ruling(Placement.HOLD, "staydown.undecided", "needs_review", policy, HELD_SENTENCE)
    return None


HELD_SENTENCE = "A moderator looks at this before it is published."

_NEEDS_RECORD = Refusal(
    "likeness_without_consent",
    "This asks for a real person's likeness, and no consent record covers it. Nobody can publish "
    "it: refuse it, or leave it held until its owner names a record.",
    RefusalKind.CONFLICT,
)
_UNDER_NOTICE = Refusal(
    "takedown_open",
    "The same file is under a takedown request. Decide that case first.",
    RefusalKind.CONFLICT,
)


def approval_refusal(verdict: Verdict, cover: Cover, staydown: list[bool]) -> Refusal | None:
    """Return why not even a moderator may publish this, or None.

    A moderator settles whether a doubtful text means a real person. Where it plainly does (it was
    refused as one, speaks of its own writer, or claims that somebody agreed), only a covering
    consent record publishes it: "she agreed" is not consent, and neither is a moderator's word.
    """
    if staydown:
        return _UNDER_NOTICE
    plainly_somebody = (
        verdict.outcome is Outcome.REFUSE
        or verdict.likeness.subject_kind is SubjectKind.SELF
        or verdict.consent_claimed
    )
    return _NEEDS_RECORD if plainly_somebody and not cover.covered else None
