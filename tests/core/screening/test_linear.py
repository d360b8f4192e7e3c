"""Slow evidence: whatever is written, the work grows with the text and not faster."""

from __future__ import annotations

import random
import time
from datetime import date

import pytest

from assent.core.screening.policies import default_policy
from assent.core.screening.screen import screen
from assent.core.screening.submission import Submission

PIECES = ("a", " ", "no ", "my her face ", "<", "&", "Tom Hanks ", "t.", "@a ", "泰勒她", "a** ",
          "1a ", "<b>", "&amp;", "tomhanks", "x1", "http://", "é", "\u200b", "of the man who ",
          "T*** Hanks ", "@a.b.", "instagram.com/", "a" * 100 + " ", "Том Хэнкс ", "トム・", "|",
          "nsfw no ", "9 years old ", "(", "\n", "🌹", "توم", "चेहरा", "S, T ", "-")  # fmt: skip
SHORT, LONG = 120_000, 960_000
ALLOWED = 2.5  # times more a character in the long text than in the short one


def seconds(text: str) -> float:
    given = Submission("x", "bounty", None, "", text)
    begun = time.process_time()
    screen(given, default_policy(), at=date(2026, 6, 1))
    return time.process_time() - begun


def written(pieces: list[str], size: int, dice: random.Random) -> str:
    total, parts = 0, []
    while total < size:
        piece = dice.choice(pieces)
        parts.append(piece)
        total += len(piece)
    return "".join(parts)[:size]


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(2 * len(PIECES)))
def test_a_megabyte_costs_in_proportion(seed: int) -> None:
    dice = random.Random(seed)
    pieces = [PIECES[seed % len(PIECES)]] if seed < len(PIECES) else dice.sample(PIECES, 4)
    seconds("warm up Tom Hanks")
    short = min(seconds(written(pieces, SHORT, random.Random(seed))) for _ in range(2))
    long = seconds(written(pieces, LONG, random.Random(seed)))
    assert long / LONG <= ALLOWED * max(short, 0.05) / SHORT
