"""Draws the sample of a source and begins its store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assent.audit.adjudicate import Adjudicator, adjudicated
from assent.audit.clean import Cleaner, Log
from assent.audit.gather import frames
from assent.audit.label.sample import Sampler
from assent.audit.label.store import Store
from assent.audit.mapping import Wishes
from assent.audit.schema import BY_NAME
from assent.audit.seen import Seen
from assent.audit.sources.batch import Reading
from assent.audit.sources.find import files
from assent.audit.terms import SourceError

_STRATA = ("predicted_deepfake", "predicted_theme", "type")


@dataclass(frozen=True, slots=True)
class Draw:
    """What to draw: `size` records in all, evenly over the strata of the column `by`."""

    source: Path
    at: datetime
    wishes: Wishes
    size: int
    by: str | None
    seed: int
    judge: Adjudicator | None = None


def draw(wanted: Draw, path: Path) -> Store:
    """Return a new store with a sample. Raise SourceError where none can be drawn."""
    log = Log()
    cleaner = Cleaner(wanted.wishes, wanted.at, log)
    sampler: Sampler | None = None
    for raw in frames(files(wanted.source), Reading(), cleaner, Seen()):
        frame = raw if wanted.judge is None else adjudicated(raw, wanted.judge)
        if sampler is None:
            by = _by(wanted, frozenset(log.columns))
            sampler = Sampler(by, wanted.size, wanted.seed)
        sampler.offer(frame)
    if sampler is None:
        raise SourceError(f"nothing to draw from in {wanted.source.name}")
    about = {"source": wanted.source.name, "by": sampler.by, "seed": str(wanted.seed)}
    if wanted.judge is not None:
        about["classifier"] = wanted.judge.name
    return Store.create(path, about, sampler.totals, sampler.drawn(wanted.size))


def _by(wanted: Draw, present: Collection[str]) -> str:
    if wanted.by is not None:
        if wanted.by not in BY_NAME or wanted.by not in present:
            raise SourceError(f'no column "{wanted.by}" to make strata of; it must be one we know')
        return wanted.by
    known = [*present, *(["predicted_deepfake"] if wanted.judge else [])]
    found = next((name for name in _STRATA if name in known), None)
    return found or "kind"
