"""What is asked for: types, ratings, themes (the study's figures 2(a) to (c)), rewards, awards."""

from __future__ import annotations

import numpy as np
import polars as pl

from assent.audit.measures.ask import GROUPS, Facts, group, share, total, value
from assent.audit.schema import THEMES, slug
from assent.audit.stats.bootstrap import percentiles, ratio, resampled_weights
from assent.audit.terms import Findings, Measure, lacking

_FOLDED = {"data_set_caption": "data_set_creation", "datasetcaption": "datasetcreation",
           "dataset_caption": "dataset_creation"}  # fmt: skip
_NO_SPLIT = "no column tells SFW from NSFW (rating or theme)"


def types(facts: Facts) -> Findings:
    """Return each type's share of all records, and its NSFW share."""
    if not facts.has("type"):
        return lacking("no column has the type of work", "type", "nsfw_by_type")
    table = typed(facts)
    base = total(table)
    sizes = table.group_by("name").agg(pl.col("n").sum(), pl.col("type").first())
    sizes = sizes.sort("n", "name", descending=True)
    found = [share(f"type.{name}", said, count, base) for name, count, said in sizes.iter_rows()]
    rated = table.filter(pl.col("explicit").is_not_null())
    if not rated.height:
        return Findings(tuple(found)) + lacking(_NO_SPLIT, "nsfw_by_type")
    for name, _, said in sizes.iter_rows():
        part = rated.filter(pl.col("name") == name)
        if part.height:
            count = total(part, pl.col("explicit"))
            found.append(share(f"nsfw_by_type.{name}", f"NSFW: {said}", count, total(part)))
    return Findings(tuple(found))


def typed(facts: Facts) -> pl.DataFrame:
    """Return the table of types with the slug of each as `name`; captions count as data sets."""
    table = facts.tables["types"].filter(pl.col("type").is_not_null())
    words = table["type"].unique().to_list()
    names = [_FOLDED.get(slug(word), slug(word)) for word in words]
    return table.with_columns(
        name=pl.col("type").replace_strict(words, names, return_dtype=pl.String)
    ).sort("name", pl.col("type").str.to_lowercase().str.contains("caption"))


def themes(facts: Facts) -> Findings:
    """Return each theme's share of the records that have one."""
    if not facts.has("theme") and not facts.has("predicted_theme") and not facts.has("hand_theme"):
        return lacking("no column has a theme; see `assent audit label`", "theme")
    table = facts.tables["themes"]
    base = total(table)
    sizes = dict(table.select("final_theme", "n").iter_rows())
    sizes.setdefault("human_deepfake", 0)
    sizes["human_deepfake"] += sum(sizes.get(f"{r}_human_deepfake", 0) for r in ("sfw", "nsfw"))
    ordered = sorted(sizes, key=lambda name: (-sizes[name], name))
    wanted = [n for n in ordered if sizes[n] or n in THEMES]
    labels = {
        name: name.replace("_", " ").replace("nsfw", "NSFW").replace("sfw", "SFW")
        for name in wanted
    }
    return Findings(tuple(share(f"theme.{n}", labels[n], sizes[n], base) for n in wanted if base))


def awards(facts: Facts) -> Findings:
    """Return the share awarded, by group, of the records whose end is known."""
    names = [f"awarded.{name}" for name in GROUPS]
    table = facts.tables["awards"]
    if not total(table):
        return lacking("no column says whether an entry was awarded (awarded, state)", *names)
    found = Findings()
    for name, said in GROUPS.items():
        part = table.filter(group(name))
        base = total(part)
        if base:
            count = total(part, pl.col("awarded"))
            found += Findings((share(f"awarded.{name}", f"awarded: {said}", count, base),))
        else:
            found += lacking(_why(name), f"awarded.{name}")
    return found


def _why(name: str) -> str:
    return "no record is known to be of this group" if name == "deepfake" else _NO_SPLIT


def rewards(facts: Facts) -> Findings:
    """Return mean, total and standard deviation of the reward by group, in credits.

    The interval of each resamples groups of requesters, so that one who posts often counts once.
    """
    table = facts.tables["rewards"]
    found = Findings()
    for name, said in GROUPS.items():
        part = table.filter(group(name))
        if part.height:
            found += _reward(name, said, part, facts.seed)
        else:
            why = _why(name) if facts.has("reward") else "no column has the reward"
            found += lacking(why, *(f"reward.{name}.{end}" for end in ("mean", "total", "sd")))
    return found


def _reward(name: str, said: str, part: pl.DataFrame, seed: int) -> Findings:
    units = part.group_by("bucket").agg(pl.col("n", "reward", "square").sum()).sort("bucket")
    n, sums, squares = (units[c].to_numpy().astype(np.float64) for c in ("n", "reward", "square"))
    mean = sums.sum() / n.sum()
    sd = float(_sd(n.sum(), sums.sum(), squares.sum()))
    weights = resampled_weights(len(n), seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = percentiles(_sd(weights @ n, weights @ sums, weights @ squares), len(n))
    whole = percentiles(weights @ sums, len(n))
    made: tuple[Measure, ...] = (
        value(f"reward.{name}.mean", f"mean reward: {said}", mean, *ratio(sums, n, seed)),
        value(f"reward.{name}.total", f"total reward: {said}", sums.sum(), *whole),
        value(f"reward.{name}.sd", f"standard deviation of the reward: {said}", sd, *spread),
    )
    return Findings(made)


def _sd(n: np.ndarray, sums: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """The sample standard deviation (n - 1) from sums; exact enough for whole credits."""
    found: np.ndarray = np.sqrt(np.maximum(squares - sums**2 / n, 0) / (n - 1))
    return found
