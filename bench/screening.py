"""Screening a listing against decoding its JSON and folding its text, in the same run.

The floor is what nobody can do without: `json.loads` and NFKC with casefold of the same text. Times
are CPU times of one thread; the smallest of several rounds counts.
"""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from assent.core.screening.policies import default_policy
from assent.core.screening.record import parse_line, record_of
from assent.core.screening.screen import screen, screen_many

BAR, GOAL = 25, 10
CHARACTERS = 600
ROUNDS = 5
LISTINGS = Path(__file__).parent.parent / "tests" / "core" / "screening" / "listings.txt"
AT = date(2026, 6, 1)


def run() -> str:
    """Return the table of microseconds a listing and ratios."""
    head = ("floor us", "one by one", "ratio", "in batches", "ratio")
    rows = [
        f"listings of {CHARACTERS} characters; bar {BAR} floors, goal {GOAL}",
        " " * 12 + "{:>10}{:>12}{:>8}{:>12}{:>8}".format(*head),
    ]
    for name, only in (("English", "en"), ("15 languages", "")):
        lines = listings(only)
        floor, one, many = (best(how, lines) for how in (decode_and_fold, one_by_one, in_batches))
        rows.append(
            f"{name:12}{floor:10.1f}{one:12.1f}{one / floor:8.1f}{many:12.1f}{many / floor:8.1f}"
        )
    return "\n".join(rows)


def listings(only: str) -> list[str]:
    """Return records of about the same length, put together from invented listings."""
    texts: dict[str, list[list[str]]] = {}
    for line in LISTINGS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            row = line.split("|")
            texts.setdefault(row[1], []).append(row)
    records = []
    for lang, rows in texts.items():
        for at, row in enumerate(rows if only in ("", lang) else ()):
            words = row[4]
            for more in range(1, 200):
                if len(words) >= CHARACTERS:
                    break
                words += ". " + rows[(at + 7 * more) % len(rows)][4]
            record = {
                "id": str(at),
                "kind": row[2],
                "type": "LoraCreation",
                "title": row[3],
                "description": words[:CHARACTERS],
                "tags": row[5].split(","),
                "lang": lang,
            }
            records.append(json.dumps(record, ensure_ascii=False))
    return records


def decode_and_fold(lines: Sequence[str]) -> None:
    """The floor."""
    for line in lines:
        record = json.loads(line)
        unicodedata.normalize("NFKC", record["description"]).casefold()


def one_by_one(lines: Sequence[str]) -> None:
    """As a marketplace screens what is posted."""
    for line in lines:
        given = parse_line(line)
        record_of(given, screen(given, default_policy(), at=AT))


def in_batches(lines: Sequence[str]) -> None:
    """As `assent screen` and sweeps do."""
    given = [parse_line(line) for line in lines]
    for one, verdict in zip(given, screen_many(given, default_policy(), at=AT), strict=True):
        record_of(one, verdict)


def best(how: Callable[[Sequence[str]], None], lines: Sequence[str]) -> float:
    """Return microseconds a listing in the fastest round."""
    how(lines)
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        how(lines)
        times.append(time.process_time() - begun)
    return min(times) / len(lines) * 1e6
