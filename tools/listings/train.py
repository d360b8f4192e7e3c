"""Trains the learned part of screening on the train part, and calibrates it on the tune part.

`python -m tools.listings.train` writes the weights and the model card where they ship. Nothing
random takes part, so the same data gives the same weights. `--more FILE` adds labelled records,
such as those that moderators corrected. What is in the test part never comes near.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from tools.listings.expand import everything, skeletons

from assent.core.screening.evaluation import parse_labelled
from assent.core.screening.learned import log_odds, model_of
from assent.core.screening.screen import page_of, signals_of
from assent.core.screening.traits import (
    FACT_BITS,
    GRAM_BITS,
    PAIR_BITS,
    facts_of,
    grams_of,
    letters_of,
    pairs_of,
)
from assent.core.screening.weigh import Weighed
from assent.core.terms import Outcome

AT = date(2026, 6, 1)
OUT = Path("src/assent/core/screening/data/model")
LOUD = {"loud_facts": 4.0, "loud_pairs": 4.0, "loud_grams": 1.0}
RULES = 0.3  # how loud the rules' log odds are while training
STRENGTH = 0.5  # inverse of the regularisation, chosen on the tune part
SIZES = {"facts": 2**FACT_BITS, "pairs": 2**PAIR_BITS, "grams": 2**GRAM_BITS}
WIDTH = sum(SIZES.values()) + 1  # the last column is the rules'


@dataclass(frozen=True)
class Row:
    """A record as the model sees it."""

    columns: np.ndarray
    values: np.ndarray
    stop: bool
    skeleton: str


def row_of(record: dict[str, Any]) -> Row:
    """Return a labelled record as columns and values of the joined table."""
    one = parse_labelled(record)
    page = page_of(one.submission, at=AT)
    signals = signals_of(page)
    facts = facts_of(page, signals)
    pairs = pairs_of(facts)
    grams = np.concatenate([ids[counts] for ids, counts in grams_of(letters_of(page))])
    many, long = max(1, len(facts)), max(1, len(grams))
    after_facts = np.uint32(SIZES["facts"])
    after_pairs = np.uint32(SIZES["facts"] + SIZES["pairs"])
    columns = [facts & np.uint32(SIZES["facts"] - 1), pairs + after_facts, grams + after_pairs]
    values = [
        np.full(len(facts), LOUD["loud_facts"] / math.sqrt(many)),
        np.full(len(pairs), LOUD["loud_pairs"] / many),
        np.full(len(grams), LOUD["loud_grams"] / math.sqrt(long)),
    ]
    odds = RULES * log_odds(Weighed(signals).probability)
    return Row(
        np.append(np.concatenate(columns), np.uint32(WIDTH - 1)),
        np.append(np.concatenate(values), odds),
        one.wanted is not Outcome.ALLOW,
        str(record.get("note") or record["id"]),
    )


def table(rows: Sequence[Row]) -> sparse.csr_matrix:
    """Return the rows as one sparse table."""
    ends = np.cumsum([0, *(len(row.columns) for row in rows)])
    parts = (np.concatenate([r.values for r in rows]), np.concatenate([r.columns for r in rows]))
    return sparse.csr_matrix((*parts, ends), shape=(len(rows), WIDTH))


def fit(
    train: Sequence[Row], tune: Sequence[Row]
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Return the tables of weights, and the numbers with which they add up."""
    wanted = np.array([row.stop for row in train])
    model = LogisticRegression(C=STRENGTH, max_iter=2000, tol=1e-8)
    model.fit(table(train), wanted, sample_weight=5 * _shares(train))
    found = model.coef_[0]
    scores = table(tune) @ found + model.intercept_[0]
    platt = LogisticRegression(C=1e6, max_iter=2000, tol=1e-10)
    platt.fit(scores[:, None], [row.stop for row in tune], sample_weight=_shares(tune))
    ends = np.cumsum(list(SIZES.values()))
    tables = dict(zip(SIZES, np.split(found[:-1].astype(np.float32), ends[:-1]), strict=True))
    sums = {**LOUD, "rules": float(found[-1] * RULES), "bias": float(model.intercept_[0]),
            "slope": float(platt.coef_[0][0]), "offset": float(platt.intercept_[0])}  # fmt: skip
    return tables, {name: round(value, 6) for name, value in sums.items()}


def _shares(rows: Sequence[Row]) -> np.ndarray:
    """Every skeleton counts the same, however many records came of it."""
    counts = Counter(row.skeleton for row in rows)
    return np.array([len(rows) / len(counts) / counts[row.skeleton] for row in rows])


def card(sums: dict[str, float], train: int, tune: int, more: int) -> dict[str, Any]:
    """Return the model card as data."""
    every = list(skeletons())
    return {
        "name": "assent-screening-1",
        "licence": "Apache-2.0",
        "does": "Gives the probability that a listing must not be published unseen.",
        "kind": "Logistic regression over hashed facts, pairs of facts, stretches of 2 to 5 bytes.",
        "bounds": "Cannot refuse by itself, cannot publish what names a person; see learned.py.",
        "trained_on": f"{train} records of skeletons written for this project; nothing copied.",
        "calibrated_on": f"{tune} records of other skeletons.",
        "corrections": more,
        "skeletons": len(every),
        "languages": sorted({skeleton.lang for skeleton in every}),
        "weak_at": "Riddles that avoid all usual words; languages not listed; very short comments.",
        "script": "python -m tools.listings.train",
        "sums": sums,
    }


def main(more: Iterable[Path]) -> None:
    """Train, calibrate, write."""
    parts = everything()
    added = [json.loads(line) for file in more for line in file.read_text().splitlines() if line]
    train = [row_of(record) for record in [*parts["train"], *added]]
    tune = [row_of(record) for record in parts["tune"]]
    tables, sums = fit(train, tune)
    model_of(tables, sums)
    OUT.mkdir(exist_ok=True)
    save_file(tables, OUT / "weights.safetensors")
    (OUT / "weights.safetensors").chmod(0o644)
    about = card(sums, len(train) - len(added), len(tune), len(added))
    (OUT / "card.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {OUT}: {sums}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--more", type=Path, nargs="*", default=[])
    main(parser.parse_args().more)
