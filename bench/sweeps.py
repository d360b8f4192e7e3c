"""A sweep from facts at rest: items a second for the text alone and end to end, with one worker
process and with two, beside the bars that ten million items in a night need."""

from __future__ import annotations

import re
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.ops.apart import environment
from tests.ops.apart import run as run_apart
from tests.ops.test_big_sweep import LOOK, MARKET, SWEEP

from assent.core.screening.policies import default_policy
from assent.core.screening.screen import screen_many
from assent.core.screening.submission import Submission

ITEMS = 10_000
SINGER = "LoRA of Taylor Swift"
WORDS = "Loose brush work on cold paper, trained on my own sketches of foxes, hills and mist. " * 4
TEXTS = 5_000
BAR_END_TO_END, BAR_TEXT = 400, 5_000


def run() -> str:
    """Measure in marketplaces apart, and return the table."""
    text = _text_alone()
    rows = [("text alone, 1 process", text, BAR_TEXT)]
    seen = []
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder))
        run_apart(MARKET.replace("100000", str(ITEMS)), env)
        for workers in (1, 2):
            said = run_apart(SWEEP.format(dry_run=True, workers=workers), env)
            seconds, peak = map(float, re.findall(r"([\d.]+) s, ([\d.]+) MB", said)[0])
            rows.append((f"preview, workers={workers}, {peak:.0f} MB", ITEMS / seconds, 400))
            seen.append(re.findall(r'"outcomes": ({[^}]*})', _looked(env))[0])
        said = run_apart(SWEEP.format(dry_run=False, workers=1), env)
        seconds, peak = map(float, re.findall(r"([\d.]+) s, ([\d.]+) MB", said)[0])
        rows.append((f"sweep, workers=1, {peak:.0f} MB", ITEMS / seconds, BAR_END_TO_END))
    lines = [f"{what:<34}{rate:>9,.0f}/s{rate / bar:>8.2f} x bar" for what, rate, bar in rows]
    lines.append(f"results of 1 and 2 workers equal: {seen[0] == seen[1]} {seen[0]}")
    return "\n".join(lines)


def _looked(env: dict[str, str]) -> str:
    return run_apart(LOOK.replace("100000", str(ITEMS)), env)


def _text_alone() -> float:
    policy, at = default_policy(), date(2026, 1, 1)
    titles = [SINGER if n % 10 == 0 else f"Watercolour fox {n}" for n in range(TEXTS)]
    records = [Submission(str(n), "listing", None, t, WORDS) for n, t in enumerate(titles)]
    screen_many(records[:1], policy, at=at)
    begun = time.perf_counter()
    for start in range(0, TEXTS, 200):
        screen_many(records[start : start + 200], policy, at=at)
    return TEXTS / (time.perf_counter() - begun)
