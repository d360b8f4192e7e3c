"""Screening: a submission in, a verdict out. No clock, network or database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

from assent.core.screening.detectors import DETECTORS
from assent.core.screening.gazetteer import starter_entries
from assent.core.screening.learned import moves
from assent.core.screening.names import NameIndex
from assent.core.screening.page import Page
from assent.core.screening.policy import Policy
from assent.core.screening.protected import Registry
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Likeness, Signal, Verdict
from assent.core.screening.weigh import Weighed
from assent.core.terms import SubjectKind

TOGETHER = 32  # listings looked through at once; more would not fit into a processor's memory
MAX_SIGNALS = 200  # a verdict is evidence for a person to read


@cache
def starter_index() -> NameIndex:
    """Return the index of the shipped names."""
    return NameIndex(starter_entries())


def collect(
    submission: Submission,
    *,
    at: date,
    protected: Registry | None = None,
    names: NameIndex | None = None,
) -> tuple[Signal, ...]:
    """Return every clue in a submission, each with its evidence."""
    page = page_of(submission, at=at, protected=protected, names=names)
    (weighed,) = _weigh_all([page])
    return weighed.signals


def page_of(
    submission: Submission,
    *,
    at: date,
    protected: Registry | None = None,
    names: NameIndex | None = None,
) -> Page:
    """Return a submission read once, for the detectors and the learned model."""
    (page,) = Page.read_all([submission], at, names or starter_index(), protected)
    return page


def signals_of(page: Page) -> tuple[Signal, ...]:
    """Return what the detectors find on a page, each clue with its evidence."""
    return tuple(signal for detector in DETECTORS for signal in detector.detect(page))


def screen(
    submission: Submission,
    policy: Policy,
    *,
    at: date,
    protected: Registry | None = None,
    names: NameIndex | None = None,
) -> Verdict:
    """Return what the machine says about a submission under one policy version."""
    (verdict,) = screen_many([submission], policy, at=at, protected=protected, names=names)
    return verdict


def screen_many(
    submissions: Sequence[Submission],
    policy: Policy,
    *,
    at: date,
    protected: Registry | None = None,
    names: NameIndex | None = None,
) -> list[Verdict]:
    """Return what `screen` says about each of many submissions, for less work."""
    verdicts: list[Verdict] = []
    for begin in range(0, len(submissions), TOGETHER):
        some = submissions[begin : begin + TOGETHER]
        pages = Page.read_all(some, at, names or starter_index(), protected)
        verdicts.extend([_verdict(weighed, policy) for weighed in _weigh_all(pages)])
    return verdicts


def _weigh_all(pages: Sequence[Page]) -> list[Weighed]:
    """Return all clues of each page, weighed; each detector goes through all pages in turn."""
    found: list[list[Signal]] = [[] for _ in pages]
    for detector in DETECTORS:
        detect = detector.detect
        for page, signals in zip(pages, found, strict=True):
            signals.extend(detect(page))
    weighed = [Weighed(signals) for signals in found]
    return [
        one if moved is None else one.with_move(moved)
        for one, moved in zip(weighed, moves(pages, weighed), strict=True)
    ]


def judge(signals: tuple[Signal, ...], policy: Policy) -> Verdict:
    """Combine clues into a verdict."""
    return _verdict(Weighed(signals), policy)


def _verdict(weighed: Weighed, policy: Policy) -> Verdict:
    likeness, found, rating = weighed.likeness, weighed.names, weighed.rating
    level = policy.level(likeness.probability)
    if level == "none" and likeness.subject_kind is not SubjectKind.FICTIONAL:
        likeness = Likeness(likeness.probability, None, SubjectKind.NONE)
    facts: dict[str, object] = {
        "likeness": level,
        "subject_kind": likeness.subject_kind.value,
        "rating": rating.value,
        "minor_risk": "minor" in found,
        "consent_claimed": "consent_claim" in found,
    }
    rule = policy.first(facts, found)
    return Verdict(
        outcome=rule.outcome,
        policy=policy.id,
        rule=rule.id,
        code=rule.code,
        likeness=likeness,
        rating=rating,
        minor_risk="minor" in found,
        consent_claimed="consent_claim" in found,
        signals=_strongest(weighed.signals),
        sentence=rule.sentence,
    )


def _strongest(signals: tuple[Signal, ...]) -> tuple[Signal, ...]:
    if len(signals) <= MAX_SIGNALS:
        return signals
    return tuple(sorted(signals, key=lambda s: -abs(s.weight))[:MAX_SIGNALS])
