"""How well verdicts agree with labels: what leaks, what is refused or held for nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from assent.core.screening.record import RecordError, parse_record
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Verdict
from assent.core.terms import Outcome, SubjectKind

ACTIONS = {"allow": Outcome.ALLOW, "review": Outcome.REVIEW, "block": Outcome.REFUSE,
           "refuse": Outcome.REFUSE}  # fmt: skip
_Z = 1.959963984540054  # the 97.5 % point of the normal distribution


class Labelled(NamedTuple):
    """A submission with what a person says should happen to it."""

    submission: Submission
    wanted: Outcome
    subject_kind: str
    evasion: str


class Judged(NamedTuple):
    """A labelled submission with what the machine said."""

    labelled: Labelled
    got: Outcome
    stop: float  # probability in [0, 1] that it must not be published


@dataclass(frozen=True, slots=True)
class Share:
    """A count out of a base with its 95 % Wilson interval; no share of an empty base."""

    count: int
    base: int

    @property
    def interval(self) -> tuple[float, float]:
        """The interval of Wilson (1927), which stays inside [0, 1] at small counts."""
        if not self.base:
            return 0.0, 1.0
        n, p = self.base, self.count / self.base
        middle = p + _Z * _Z / (2 * n)
        spread = _Z * math.sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n))
        scale = 1 + _Z * _Z / n
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)

    def record(self) -> dict[str, Any]:
        """The share as JSON: count, base, share, low, high."""
        low, high = self.interval
        share = round(self.count / self.base, 4) if self.base else None
        return {"count": self.count, "base": self.base, "share": share,
                "low": round(low, 4), "high": round(high, 4)}  # fmt: skip


def parse_labelled(data: object) -> Labelled:
    """Return a labelled record, or raise RecordError naming the field."""
    if not isinstance(data, dict):
        raise RecordError("the line is not a JSON object")
    submission = parse_record(data)
    labels = data.get("labels")
    if not isinstance(labels, dict):
        raise RecordError('"labels" must be an object')
    wanted = labels.get("action")
    if not isinstance(wanted, str) or wanted not in ACTIONS:
        raise RecordError('"labels.action" must be allow, review or block')
    kind = labels.get("subject_kind", "none")
    if kind not in {known.value for known in SubjectKind}:
        raise RecordError('"labels.subject_kind" is none of the kinds')
    evasion = data.get("evasion", "none")
    if not isinstance(evasion, str):
        raise RecordError('"evasion" must be a text')
    return Labelled(submission, ACTIONS[wanted], str(kind), evasion)


def judged(labelled: Labelled, verdict: Verdict) -> Judged:
    """Put a verdict beside its label."""
    sure = verdict.minor_risk or verdict.rating.value == "explicit"
    return Judged(labelled, verdict.outcome, 1.0 if sure else verdict.likeness.probability)


# What is counted: of which records, and which of them.
MEASURES: Mapping[str, tuple[Callable[[Judged], bool], Callable[[Judged], bool]]] = {
    "leak": (lambda j: j.labelled.wanted is not Outcome.ALLOW, lambda j: j.got is Outcome.ALLOW),
    "benign_refused": (
        lambda j: j.labelled.wanted is Outcome.ALLOW,
        lambda j: j.got is Outcome.REFUSE,
    ),
    "benign_held": (
        lambda j: j.labelled.wanted is Outcome.ALLOW,
        lambda j: j.got is Outcome.REVIEW,
    ),
    "review_load": (lambda j: True, lambda j: j.got is Outcome.REVIEW),
    "exact": (lambda j: True, lambda j: j.got is j.labelled.wanted),
}
GROUPS: Mapping[str, Callable[[Judged], str]] = {
    "evasion": lambda j: j.labelled.evasion,
    "lang": lambda j: j.labelled.submission.lang or "unknown",
    "subject_kind": lambda j: j.labelled.subject_kind,
}


def measure(records: Sequence[Judged]) -> dict[str, Share]:
    """Return every measure over these records."""
    return {
        name: Share(sum(1 for j in records if of(j) and is_(j)), sum(1 for j in records if of(j)))
        for name, (of, is_) in MEASURES.items()
    }


def grouped(records: Iterable[Judged], by: str) -> dict[str, list[Judged]]:
    """Return the records of each value of a grouping, values in alphabetical order."""
    found: dict[str, list[Judged]] = {}
    for record in records:
        found.setdefault(GROUPS[by](record), []).append(record)
    return dict(sorted(found.items()))


def report(records: Sequence[Judged]) -> dict[str, Any]:
    """Return all measures, over everything and by group, as JSON."""
    return {
        "records": len(records),
        "measures": _shares(records),
        "by": {by: {value: _shares(part) for value, part in grouped(records, by).items()}
               for by in GROUPS},
        "risk_coverage": [point._asdict() for point in risk_coverage(records)],
    }  # fmt: skip


def _shares(records: Sequence[Judged]) -> dict[str, Any]:
    return {name: share.record() for name, share in measure(records).items()}


class Point(NamedTuple):
    """A point of the risk-coverage curve.

    If only the surest `coverage` of the records were decided without a person, `risk` of those
    would be decided wrongly; `confidence` is how sure the least sure of them is.
    """

    coverage: float
    risk: float
    confidence: float


def risk_coverage(records: Sequence[Judged]) -> list[Point]:
    """Return the curve of El-Yaniv and Wiener (2010); records equally sure enter together."""
    surest = sorted(records, key=lambda j: -abs(j.stop - 0.5))
    points: list[Point] = []
    wrong = 0
    for number, record in enumerate(surest, start=1):
        wrong += (record.stop >= 0.5) != (record.labelled.wanted is not Outcome.ALLOW)
        confidence = round(0.5 + abs(record.stop - 0.5), 4)
        if points and points[-1].confidence == confidence:
            points.pop()
        points.append(Point(round(number / len(surest), 4), round(wrong / number, 4), confidence))
    return points
