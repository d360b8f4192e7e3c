"""Everyday words that stand capitalised in titles without being anybody's name."""

from __future__ import annotations

from functools import cache

from assent.core.screening.folding import fold
from assent.core.screening.tables import data_text, rows


@cache
def common_words() -> frozenset[str]:
    """Return the everyday words, folded."""
    return frozenset(
        fold(word) for _, line in rows(data_text("common.txt")) for word in line.split()
    )
