"""What the platform's own means see: its tag against screening, and models by their metadata."""

from __future__ import annotations

import polars as pl

from assent.audit.measures.ask import Facts, share, total, value
from assent.audit.stats.intervals import mcnemar
from assent.audit.terms import Findings, lacking


def tag_recall(facts: Facts) -> Findings:
    """Return what tag and classifier find of the confirmed deepfakes, compared item by item."""
    names = ("recall.tag", "recall.classifier", "recall.gap_p", "recall.false_marks")
    if not facts.has("deepfake", "marked"):
        return lacking("no columns have both a person's verdict and the platform's mark", *names)
    table = facts.tables["tags"].filter(pl.col("marked").is_not_null())
    truly, not_so = table.filter(pl.col("deepfake")), table.filter(~pl.col("deepfake"))
    if not total(truly):
        return lacking("no confirmed deepfake has a mark cell", *names)
    found = Findings((share(names[0], "confirmed deepfakes found by the platform's tag",
                            total(truly, pl.col("marked")), total(truly)),))  # fmt: skip
    if total(not_so):
        said = "rejected candidates that the platform had marked"
        found += Findings((share(names[3], said, total(not_so, pl.col("marked")), total(not_so)),))
    return found + _paired(truly, names[1], names[2])


def _paired(truly: pl.DataFrame, recall: str, gap: str) -> Findings:
    both = truly.filter(pl.col("predicted_deepfake").is_not_null())
    if not total(both):
        return lacking("no classifier looked at the same records", recall, gap)
    only_tag = total(both, pl.col("marked") & ~pl.col("predicted_deepfake"))
    only_other = total(both, ~pl.col("marked") & pl.col("predicted_deepfake"))
    count = total(both, pl.col("predicted_deepfake"))
    said = "McNemar's exact p: tag against classifier on the same deepfakes"
    return Findings((
        share(recall, "confirmed deepfakes found by the classifier", count, total(both)),
        value(gap, said, mcnemar(only_tag, only_other)),
    ))  # fmt: skip


def models(facts: Facts) -> Findings:
    """Return how many models reproduce a likeness and how often they were downloaded: an audit
    from public metadata alone, as Hawkins et al. (2025) did."""
    names = ("models.likeness", "models.downloads", "models.downloads_of_likeness")
    if not facts.has("base_model"):
        return lacking("no column has the base model", *names)
    table = facts.tables["models"]
    known = table.filter(pl.col("likeness").is_not_null())
    if not total(known):
        return lacking("no column tells which models reproduce a likeness", *names)
    likeness = known.filter(pl.col("likeness"))
    found = Findings((share(names[0], "models that reproduce a real person's likeness",
                            total(likeness), total(known)),))  # fmt: skip
    if not facts.has("downloads"):
        return found + lacking("no column has downloads", *names[1:])
    every, some = (float(t["downloads"].sum()) for t in (known, likeness))
    return found + Findings((
        value(names[1], "downloads of all models", every),
        value(names[2], "downloads of models that reproduce a likeness", some),
    ))  # fmt: skip


def consent(facts: Facts) -> Findings:
    """Return how many likenesses are online without a consent record: the violation rate."""
    names = ("consent.violations", "consent.covered")
    if not facts.has("consent"):
        return lacking("no column says whether a consent record covers it", *names)
    table = facts.tables["consent"]
    said, count = "records that a consent record covers", total(table, pl.col("consent"))
    covered = share(names[1], said, count, total(table))
    likeness = table.filter(pl.col("likeness"))
    if not total(likeness):
        why = "no column tells which records show a likeness; label a sample or screen them"
        return Findings((covered,)) + lacking(why, names[0])
    said, bare = "likenesses online without a consent record", total(likeness, ~pl.col("consent"))
    return Findings((covered, share(names[0], said, bare, total(likeness))))
