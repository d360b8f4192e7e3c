"""Screening: a submission in, a verdict out. No clock, network or database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

from assent.core.screening.detectors import DETECTORS
from assent.core.screening.gazetteer import starter_entries
from assent.core.screening.learned import learned
from assent.core.screening.names import NameIndex
from assent.core.screening.page import Page
from assent.core.screening.policy import Policy
from assent.core.screening.protected import Registry
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Likeness, Signal, Verdict
from assent.core.screening.weigh import rating, weigh
from assent.core.terms import SubjectKind

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
    return _clues(page_of(submission, at=at, protected=protected, names=names))


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


def _clues(page: Page) -> tuple[Signal, ...]:
    signals = signals_of(page)
    moved = learned(page, signals)
    return signals if moved is None else (*signals, moved)


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
    signals = collect(submission, at=at, protected=protected, names=names)
    return judge(signals, policy)


def screen_many(
    submissions: Sequence[Submission],
    policy: Policy,
    *,
    at: date,
    protected: Registry | None = None,
    names: NameIndex | None = None,
) -> list[Verdict]:
    """Return what `screen` says about each of many submissions, for less work."""
    pages = Page.read_all(submissions, at, names or starter_index(), protected)
    return [judge(_clues(page), policy) for page in pages]


def judge(signals: tuple[Signal, ...], policy: Policy) -> Verdict:
    """Combine clues into a verdict."""
    likeness = weigh(signals)
    level = policy.level(likeness.probability)
    if level == "none" and likeness.subject_kind is not SubjectKind.FICTIONAL:
        likeness = Likeness(likeness.probability, None, SubjectKind.NONE)
    found = frozenset(signal.name for signal in signals)
    facts: dict[str, object] = {
        "likeness": level,
        "subject_kind": likeness.subject_kind.value,
        "rating": rating(signals).value,
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
        rating=rating(signals),
        minor_risk="minor" in found,
        consent_claimed="consent_claim" in found,
        signals=_strongest(signals),
        sentence=rule.sentence,
    )


def _strongest(signals: tuple[Signal, ...]) -> tuple[Signal, ...]:
    if len(signals) <= MAX_SIGNALS:
        return signals
    return tuple(sorted(signals, key=lambda s: -abs(s.weight))[:MAX_SIGNALS])
