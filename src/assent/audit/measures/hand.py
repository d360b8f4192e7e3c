"""What hand coding says: do coders agree, how good is the classifier, how many are there really."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from assent.audit.label.coded import Coded
from assent.audit.measures.ask import Facts, share, value
from assent.audit.stats.agreement import alpha_of_coders, f1_intervals, with_intervals
from assent.audit.stats.bootstrap import Ints, percentiles
from assent.audit.stats.prevalence import stratified
from assent.audit.terms import Findings, lacking

_RESAMPLES = 500
_SAID = {"deepfake": "real person's likeness", "theme": "theme"}


def coding(facts: Facts) -> Findings:
    """Return agreement among coders and with the classifier, and corrected prevalence."""
    coded = facts.coded
    if coded is None or not coded.codings:
        return lacking("no sample was coded by hand (`assent audit label`)", "coding", "prevalence")
    places = {one.place for one in coded.codings}
    found = Findings((
        share("coding.items", "drawn records that somebody coded", len(places), coded.size),
        value("coding.coders", "coders", len(coded.coders())),
    ))  # fmt: skip
    for field in _SAID:
        found += _among_coders(coded, field, facts.seed)
    return found + _classifier(coded, facts.seed) + _prevalence(coded, facts.seed)


def _among_coders(coded: Coded, field: str, seed: int) -> Findings:
    names, coders = (f"coding.{field}.alpha", coded.coders())
    if len(coders) < 2:
        return lacking("only one person coded", names)
    words = sorted(
        {w for one in coded.codings if (w := getattr(one, field)) not in (None, "unsure")}
    )
    at = {place: column for column, place in enumerate(sorted({c.place for c in coded.codings}))}
    matrix = np.full((len(coders), len(at)), -1, np.int64)
    for one in coded.codings:
        said = getattr(one, field)
        if said in words:
            matrix[coders.index(one.coder), at[one.place]] = words.index(said)
    dice = np.random.default_rng(seed)
    drawn = dice.integers(0, len(at), (_RESAMPLES, len(at)))
    draws = np.array([alpha_of_coders(matrix[:, places]) for places in drawn])
    label = f"Krippendorff's alpha of {len(coders)} coders: {_SAID[field]}"
    ends = percentiles(draws, len(at))
    found = Findings((value(names, label, alpha_of_coders(matrix), *ends),))
    return found + _pairs(matrix, field, len(words), seed)


def _pairs(matrix: Ints, field: str, classes: int, seed: int) -> Findings:
    """Cohen's kappa of every two coders, who are numbered and not named."""
    found = Findings()
    for first, second in combinations(range(len(matrix)), 2):
        both = (matrix[first] >= 0) & (matrix[second] >= 0)
        if not both.any():
            continue
        pairs = np.zeros((classes, classes), np.int64)
        np.add.at(pairs, (matrix[first][both], matrix[second][both]), 1)
        label = f"Cohen's kappa of coders {first + 1} and {second + 1}: {_SAID[field]}"
        name = f"coding.{field}.kappa.{first + 1}_{second + 1}"
        found += Findings((value(name, label, *with_intervals(pairs, seed)["kappa"]),))
    return found


def _classifier(coded: Coded, seed: int) -> Findings:
    """How good the classifier is on the coded items, by the coders' agreed word."""
    found = Findings()
    for field, place_of in (("deepfake", 1), ("theme", 2)):
        pairs: list[tuple[str, str]] = []
        for place, word in coded.agreed(field).items():
            guess = coded.hidden[place][place_of]
            if guess is not None:
                pairs.append((word, _word(guess)))
        if pairs:
            found += _against(field, pairs, seed)
        else:
            why = "no classifier looked at the coded records"
            found += lacking(why, f"coding.{field}.macro_f1")
    return found


def _word(guess: str | bool) -> str:
    """A program's verdict in the coders' words."""
    return guess if isinstance(guess, str) else ("no", "yes")[guess]


def _against(field: str, pairs: list[tuple[str, str]], seed: int) -> Findings:
    classes = sorted({word for pair in pairs for word in pair})
    table = np.zeros((len(classes), len(classes)), np.int64)
    for word, guess in pairs:
        table[classes.index(word), classes.index(guess)] += 1
    stats = with_intervals(table, seed)
    found = Findings()
    for short, said in {"macro_f1": "macro F1", "weighted_f1": "weighted F1", "mcc": "MCC"}.items():
        label = f"{said} of the classifier: {_SAID[field]}"
        found += Findings((value(f"coding.{field}.{short}", label, *stats[short]),))
    for word, ends in zip(classes, f1_intervals(table, seed), strict=True):
        label = f"F1 of the classifier: {_SAID[field]}, {word.replace('_', ' ')}"
        found += Findings((value(f"coding.{field}.f1.{word}", label, *ends),))
    return found


def _prevalence(coded: Coded, seed: int) -> Findings:
    """The share of deepfakes in the whole source, from the sample alone, stratum by stratum."""
    said = coded.agreed("deepfake")
    parts = []
    for stratum, size in coded.strata.items():
        words = [word for place, word in said.items() if coded.hidden[place][0] == stratum]
        parts.append((size, words.count("yes"), words.count("no")))
    name = "prevalence.deepfake"
    if any(size and not yes + no for size, yes, no in parts):
        return lacking("some stratum has no coded record yet", name)
    label = "records that show a real person's likeness, corrected by hand coding"
    return Findings((value(name, label, *stratified(parts, seed)),))
