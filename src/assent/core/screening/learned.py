"""The learned part of screening: a linear model that says what the rules together mean.

It only ever moves a probability within bounds that it did not learn, and every move is a signal of
its own, so that the evidence still adds up to the verdict:

- it cannot refuse: what the rules do not find likely, it can at most have held;
- it cannot publish: what names a person outright stays at least held, and a protected name stays
  as it was.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from assent.core.screening.page import Page, Passage
from assent.core.screening.traits import (
    FACT_BITS,
    LONGEST,
    Said,
    facts_of,
    pairs_of,
    said_by,
)
from assent.core.screening.verdict import Signal
from assent.core.screening.weigh import LIKELY, Weighed

HELD_AT_MOST = 0.7  # the learned part alone never gets a listing refused
NAMED_AT_LEAST = 0.5  # what names a person is never published on the model's word
UNLISTED_AT_LEAST = 0.36  # a given name with a surname, where little else is in the text
HEARD = 0.4  # the rules keep at least this much of their say
DOUBTED = 0.15  # below this the model takes a name for a mere mention
_SURE = 0.02  # rules are taken as at least this unsure, so that their log odds stay finite
_LEAST_MOVE = 0.005
_WINDOW = 12  # bytes looked at together when the strongest place is sought
_ONES = np.ones(_WINDOW)
_FACTS = np.uint32(2**FACT_BITS - 1)

Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the three tables, and how they add up; see the model card beside them."""

    facts: Weights
    pairs: Weights
    grams: Weights
    loudness: tuple[float, float, float]  # of facts, pairs and stretches of letters
    rules: float  # weight of the log odds that the rules give
    bias: float
    slope: float  # calibration: the probability is sigmoid(slope * score + offset)
    offset: float

    def probability(self, page: Page, signals: Sequence[Signal], by_rules: float) -> float:
        """Return how likely it is, in [0, 1], that this must not be published unseen."""
        (said,) = said_by([page], self.grams)
        return self.judged(page, signals, by_rules, said)

    def judged(
        self, page: Page, signals: Sequence[Signal], by_rules: float, by_letters: Said
    ) -> float:
        """Return the probability where what the letters say is known already."""
        facts = facts_of(page, signals)
        loud = self.loudness
        score = self.bias + self.rules * log_odds(by_rules)
        if len(facts):
            said = float(self.facts.take(facts & _FACTS).sum())
            score += loud[0] * said / math.sqrt(len(facts))
            score += loud[1] * float(self.pairs.take(pairs_of(facts)).sum()) / len(facts)
        score += loud[2] * by_letters.total / math.sqrt(max(1, by_letters.count))
        return sigmoid(self.slope * score + self.offset)


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, kept finite."""
    return math.log(max(probability, _SURE) / max(1 - probability, _SURE))


def sigmoid(score: float) -> float:
    """Return the probability with these log odds, without overflow."""
    if score < 0:
        return math.exp(score) / (1 + math.exp(score))
    return 1 / (1 + math.exp(-score))


@cache
def shipped_model() -> Model:
    """Return the model that comes with Assent; safetensors, so nothing is ever executed."""
    folder = files("assent.core.screening").joinpath("data", "model")
    tables = load(folder.joinpath("weights.safetensors").read_bytes())
    card = json.loads(folder.joinpath("card.json").read_text(encoding="utf-8"))
    return model_of(tables, card["sums"])


def model_of(tables: dict[str, Weights], sums: dict[str, float]) -> Model:
    """Return a model from its tables and the numbers with which they add up."""
    loudness = (sums["loud_facts"], sums["loud_pairs"], sums["loud_grams"])
    return Model(
        tables["facts"],
        tables["pairs"],
        tables["grams"],
        loudness,
        sums["rules"],
        sums["bias"],
        sums["slope"],
        sums["offset"],
    )


def learned(page: Page, signals: Sequence[Signal]) -> Signal | None:
    """Return the signal by which the learned part moves the probability, None where it does not."""
    (moved,) = moves([page], [Weighed(signals)])
    return moved


def moves(pages: Sequence[Page], weighed: Sequence[Weighed]) -> list[Signal | None]:
    """Return what `learned` does for each of several pages with their signals, for less work."""
    said = said_by(pages, shipped_model().grams)
    return [_move(*one) for one in zip(pages, weighed, said, strict=True)]


def _move(page: Page, weighed: Weighed, said: Said) -> Signal | None:
    by_rules = weighed.probability
    by_model = shipped_model().judged(page, weighed.signals, by_rules, said)
    asked = page.has("request", "likeness", "photos", "social")
    move = round(within_bounds(by_model, by_rules, weighed, asked=asked) - by_rules, 4)
    if abs(move) < _LEAST_MOVE or not page.passages:
        return None
    passage, start, end = _strongest_place(page, said.at if move > 0 else -said.at)
    return passage.signal("learned", move, start, end, original=True)


def bounded(
    by_model: float, by_rules: float, signals: Sequence[Signal], *, asked: bool = False
) -> float:
    """Return the probability that the model may bring about beside these signals."""
    return within_bounds(by_model, by_rules, Weighed(signals), asked=asked)


def within_bounds(by_model: float, by_rules: float, weighed: Weighed, *, asked: bool) -> float:
    """Return the probability that the model may bring about.

    Somebody who is `asked` for ("LoRA of …") is no mere mention, whatever the model says.
    """
    if "protected_name" in weighed.names:
        return max(by_model, by_rules)
    if by_rules >= LIKELY and weighed.hard >= LIKELY:
        return by_rules if asked or by_model >= DOUBTED else NAMED_AT_LEAST
    least = min(NAMED_AT_LEAST, weighed.hard)
    if "unlisted_name" in weighed.names and weighed.against > 1 / 2:
        least = max(least, min(by_rules, UNLISTED_AT_LEAST))
    least = max(least, HEARD * by_rules)
    return max(least, min(by_model, max(HELD_AT_MOST, by_rules)))


def _strongest_place(page: Page, said: NDArray[np.float64]) -> tuple[Passage, int, int]:
    """Return the words whose letters speak most for the move, as original offsets."""
    window = np.convolve(said, _ONES, "valid") if len(said) > _WINDOW else said
    at = int(window.argmax()) + _WINDOW // 2
    passed = LONGEST
    for passage in page.passages:
        size = len(passage.reading.text.encode("utf-8", "ignore")) + 2
        if at < passed + size + LONGEST:
            return passage, *_words_at(passage, max(0, at - passed - 1))
        passed += size + LONGEST
    return page.passages[0], *_words_at(page.passages[0], 0)


def _words_at(passage: Passage, byte: int) -> tuple[int, int]:
    """Return the original offsets of the word at a byte of the reading."""
    text, at = passage.reading.text, byte
    if not text.isascii():
        at = len(text.encode("utf-8", "ignore")[:byte].decode("utf-8", "ignore"))
    number = bisect_right(passage.ends, at)
    if number < len(passage.ends):
        return passage.reading.span(passage.starts[number], passage.ends[number])
    return 0, len(passage.original)
