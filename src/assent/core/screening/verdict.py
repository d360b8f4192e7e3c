"""What screening says: signals with their evidence, and the verdict they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from assent.core.terms import Outcome, Rating, SubjectKind


class Signal(NamedTuple):
    """One clue with its evidence.

    `start` and `end` are character offsets into `field` exactly as it was submitted, and `text`
    is that slice. `weight` is in [0, 1] and may be negative down to -1 for a clue that speaks
    against a likeness (a garment, a style, a negation). `subject` is the person or character
    meant, where the clue names one.
    """

    name: str
    weight: float
    field: str
    start: int
    end: int
    text: str
    subject: str | None = None
    subject_kind: SubjectKind | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whose likeness is asked for, and how sure we are (probability in [0, 1])."""

    probability: float
    subject: str | None
    subject_kind: SubjectKind


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the machine says about a submission under one policy version.

    `rule` names the policy rule that decided; `code` is the stable reason code a refusal carries
    (for example `likeness_without_consent`); `sentence` is all that the requester may be shown.
    """

    outcome: Outcome
    policy: str
    rule: str
    code: str
    likeness: Likeness
    rating: Rating
    minor_risk: bool
    consent_claimed: bool
    signals: tuple[Signal, ...]
    sentence: str
