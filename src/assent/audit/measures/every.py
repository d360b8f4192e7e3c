"""All measures, in the order of the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assent.audit.measures import coding, hand, market, people, platform, targets, time
from assent.audit.measures.ask import Facts
from assent.audit.terms import Findings


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the report: a question and the measures that answer it."""

    name: str
    title: str
    ask: Sequence[Callable[[Facts], Findings]]


CHAPTERS: tuple[Chapter, ...] = (
    Chapter("targets", "Who is depicted, and did the platform notice", (targets.targets,)),
    Chapter("tag", "What the platform's own tag finds", (platform.tag_recall,)),
    Chapter("market", "What is asked for", (market.types, market.themes)),
    Chapter("time", "How it changes", (time.trends, time.policy_dates)),
    Chapter("stay", "What stays after a ban", (time.persistence,)),
    Chapter("takedown", "How fast notices are acted on", (time.takedowns,)),
    Chapter("concentration", "How few ask for how much", (people.concentration,)),
    Chapter("repeats", "Who is targeted again", (people.repeats,)),
    Chapter("money", "Rewards and awards", (market.awards, market.rewards)),
    Chapter("supply", "Who makes it", (people.supply,)),
    Chapter("models", "Models by their metadata", (platform.models, platform.consent)),
    Chapter("agreement", "How far the labels can be trusted", (coding.agreement,)),
    Chapter("coding", "What coding by hand says", (hand.coding,)),
)


VERSUS = Chapter("versus", "How the two differ", ())


def answers(facts: Facts) -> dict[str, Findings]:
    """Return what each chapter found."""
    return {c.name: sum((ask(facts) for ask in c.ask), Findings()) for c in CHAPTERS}
