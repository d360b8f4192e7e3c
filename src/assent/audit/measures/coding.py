"""How far labels can be trusted: ratings against moderation, themes against hand coding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from assent.audit.measures.ask import Facts, total, value
from assent.audit.stats.agreement import f1_intervals, with_intervals
from assent.audit.stats.bootstrap import Ints
from assent.audit.terms import Findings, lacking

SCHEMES = {
    "default": ("nsfw", "only SFW images are SFW"),
    "r_as_sfw": ("nsfw_r", "R counts as SFW"),
    "r_and_x_as_sfw": ("nsfw_rx", "R and X count as SFW"),
}
_LABELS = {
    "kappa": "Cohen's kappa", "mcc": "Matthews correlation", "accuracy": "accuracy",
    "alpha": "Krippendorff's alpha", "macro_f1": "macro F1", "weighted_f1": "weighted F1",
}  # fmt: skip
_RATING, _THEME = ("kappa", "mcc", "accuracy"), ("alpha", "macro_f1", "weighted_f1")


def agreement(facts: Facts) -> Findings:
    """Return the agreement of ratings with moderation, and of themes with hand coding.

    `agreement.kappa`, `mcc` and `accuracy` are the ratings' by the default scheme where there is
    a moderation flag, else the themes'; `of` says which.
    """
    ratings, coded = _ratings(facts), _themes(facts)
    found = ratings + coded
    by_name = {measure.name: measure for measure in found.measures}
    for short in (*_RATING, *_THEME):
        places = ["rating.default", "theme"] if short in _RATING else ["theme"]
        full = [f"agreement.{place}.{short}" for place in places]
        one = next((by_name[name] for name in full if name in by_name), None)
        if one is not None:
            found += Findings((replace(one, name=f"agreement.{short}"),))
        else:
            why = "no column has a hand-coded theme beside another one"
            if short in _RATING:
                why = "no column has a moderation flag beside the rating, and no hand coding"
            found += lacking(why, f"agreement.{short}")
    return found


def _ratings(facts: Facts) -> Findings:
    table = facts.tables["ratings"]
    found = Findings()
    for scheme, (column, said) in SCHEMES.items():
        names = [f"agreement.rating.{scheme}.{short}" for short in _RATING]
        known = table.filter(pl.col(column).is_not_null())
        if not facts.has("moderated") or not total(known):
            why = "no column has a moderation flag beside a rating with levels"
            found += lacking(why, *names)
            continue
        pairs = _square(known.select(pl.col(column), pl.col("moderated"), "n"), [False, True])
        stats = with_intervals(pairs, facts.seed)
        for name, short in zip(names, _RATING, strict=True):
            label = f"{_LABELS[short]} of rating and moderation: {said}"
            found += Findings((value(name, label, *stats[short], of="rating"),))
    return found


def _themes(facts: Facts) -> Findings:
    pairs, classes = theme_pairs(facts)
    names = [f"agreement.theme.{short}" for short in _LABELS]
    if not pairs.sum():
        return lacking("no column has a hand-coded theme beside another one", *names)
    stats = with_intervals(pairs, facts.seed)
    made = [
        value(name, f"{_LABELS[short]} of themes against hand coding", *stats[short], of="theme")
        for name, short in zip(names, _LABELS, strict=True)
    ]
    for name, ends in zip(classes, f1_intervals(pairs, facts.seed), strict=True):
        said = f"F1 of the theme {name.replace('_', ' ')}"
        made.append(value(f"agreement.theme.f1.{name}", said, *ends, of="theme"))
    return Findings(tuple(made))


def theme_pairs(facts: Facts) -> tuple[Ints, list[str]]:
    """Return the table of (hand, classifier) themes and its classes. The rating's part of a
    deepfake theme is no theme."""
    table = facts.tables["coding"].filter(pl.col("predicted").is_not_null())
    folded = pl.col("predicted").str.replace("^n?sfw_human_deepfake$", "human_deepfake")
    table = table.select("hand_theme", folded, "n")
    classes = sorted(set(table["hand_theme"]) | set(table["predicted"]))
    return _square(table, classes), classes


def _square(table: pl.DataFrame, classes: list[str] | list[bool]) -> Ints:
    pairs = np.zeros((len(classes), len(classes)), np.int64)
    at = {name: place for place, name in enumerate(classes)}
    for first, second, n in table.iter_rows():
        pairs[at[first], at[second]] += n
    return pairs
