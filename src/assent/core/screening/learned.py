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
    facts_of,
    grams_of,
    letters_of,
    pairs_of,
)
from assent.core.screening.verdict import Signal
from assent.core.screening.weigh import LIKELY, against, hard, weigh

HELD_AT_MOST = 0.7  # the learned part alone never gets a listing refused
NAMED_AT_LEAST = 0.5  # what names a person is never published on the model's word
UNLISTED_AT_LEAST = 0.36  # a given name with a surname, where little else is in the text
HEARD = 0.4  # the rules keep at least this much of their say
DOUBTED = 0.15  # below this the model takes a name for a mere mention
_SURE = 0.02  # rules are taken as at least this unsure, so that their log odds stay finite
_LEAST_MOVE = 0.005
_WINDOW = 12  # bytes looked at together when the strongest place is sought

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
        return self.judged(page, signals, by_rules, self.heard(letters_of(page)))

    def heard(self, letters: NDArray[np.uint8]) -> list[tuple[Weights, NDArray[np.bool_]]]:
        """Return, for each length of a stretch, the weight at every byte and whether it counts."""
        return [(self.grams[ids], counts) for ids, counts in grams_of(letters)]

    def judged(
        self,
        page: Page,
        signals: Sequence[Signal],
        by_rules: float,
        said_by_letters: list[tuple[Weights, NDArray[np.bool_]]],
    ) -> float:
        """Return the probability where what the letters say is known already."""
        facts = facts_of(page, signals)
        loud = self.loudness
        score = self.bias + self.rules * log_odds(by_rules)
        if len(facts):
            said = float(self.facts[facts & np.uint32(2**FACT_BITS - 1)].sum())
            score += loud[0] * said / math.sqrt(len(facts))
            score += loud[1] * float(self.pairs[pairs_of(facts)].sum()) / len(facts)
        heard, count = 0.0, 0
        for weights, counts in said_by_letters:
            heard += float((weights * counts).sum(dtype=np.float64))
            count += int(np.count_nonzero(counts))
        score += loud[2] * heard / math.sqrt(max(1, count))
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


def learned(page: Page, signals: Sequence[Signal], model: Model | None = None) -> Signal | None:
    """Return the signal by which the learned part moves the probability, None where it does not."""
    model = model or shipped_model()
    by_rules = weigh(signals).probability
    letters = letters_of(page)
    said = model.heard(letters)
    by_model = model.judged(page, signals, by_rules, said)
    asked = page.has("request", "likeness", "photos", "social")
    wanted = bounded(by_model, by_rules, signals, asked=asked)
    move = round(wanted - by_rules, 4)
    if abs(move) < _LEAST_MOVE or not page.passages:
        return None
    passage, start, end = _strongest_place(page, len(letters), said, 1 if move > 0 else -1)
    return passage.signal("learned", move, start, end, original=True)


def bounded(
    by_model: float, by_rules: float, signals: Sequence[Signal], *, asked: bool = False
) -> float:
    """Return the probability that the model may bring about.

    Somebody who is `asked` for ("LoRA of …") is no mere mention, whatever the model says.
    """
    if any(signal.name == "protected_name" for signal in signals):
        return max(by_model, by_rules)
    if by_rules >= LIKELY and hard(signals) >= LIKELY:
        return by_rules if asked or by_model >= DOUBTED else NAMED_AT_LEAST
    least = min(NAMED_AT_LEAST, hard(signals))
    if any(s.name == "unlisted_name" for s in signals) and against(signals) > 1 / 2:
        least = max(least, min(by_rules, UNLISTED_AT_LEAST))
    least = max(least, HEARD * by_rules)
    return max(least, min(by_model, max(HELD_AT_MOST, by_rules)))


def _strongest_place(
    page: Page, size: int, heard: list[tuple[Weights, NDArray[np.bool_]]], sign: int
) -> tuple[Passage, int, int]:
    """Return the words whose letters speak most for the move, as original offsets."""
    said = np.zeros(size - LONGEST + 1, dtype=np.float64)
    for weights, counts in heard:
        said += sign * weights * counts
    window = np.convolve(said, np.ones(_WINDOW), "valid") if len(said) > _WINDOW else said
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
    before = passage.reading.text.encode("utf-8", "ignore")[:byte].decode("utf-8", "ignore")
    at = len(before)
    for token in passage.tokens:
        if token.end > at:
            return passage.reading.span(token.start, token.end)
    return 0, len(passage.original)
