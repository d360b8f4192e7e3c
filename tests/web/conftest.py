"""The cast, for the tests of pages."""

from __future__ import annotations

from tests.cast import (
    ada,
    books_and_journal_hold,
    chris,
    cora,
    mia,
    mo,
    otto,
    rita,
    sam,
    stranger,
)

__all__ = [
    "ada",
    "books_and_journal_hold",
    "chris",
    "cora",
    "mia",
    "mo",
    "otto",
    "rita",
    "sam",
    "stranger",
]
