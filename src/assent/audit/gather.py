"""Reads a source from end to end into a tally: one pass, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from assent.audit.adjudicate import Adjudicator, adjudicated
from assent.audit.clean import Cleaner, Log
from assent.audit.derive import derive
from assent.audit.labels import Labels
from assent.audit.mapping import Wishes
from assent.audit.pseudonyms import pseudonymised
from assent.audit.schema import CODING
from assent.audit.seen import Seen
from assent.audit.sources.batch import ROW, Batch, Reading, SourceFile
from assent.audit.sources.find import batches, files
from assent.audit.tally import Table, Tally, specs
from assent.audit.terms import Fault, SourceError


@dataclass(frozen=True, slots=True)
class Plan:
    """What to audit, and how. `at` is now; `seed` makes every random number repeat."""

    source: Path
    at: datetime
    key: bytes
    labels: Sequence[Path] = ()
    wishes: Wishes = field(default_factory=Wishes)
    bans: Sequence[datetime] = ()
    seed: int = 1
    block: int | None = None
    adjudicator: Adjudicator | None = None
    coding: Path | None = None
    since: datetime | None = None
    until: datetime | None = None
    on_bytes: Callable[[int], object] = lambda count: None


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that the measures need to know of a source."""

    tables: dict[str, Table]
    log: Log
    present: frozenset[str]
    digests: dict[str, str]
    labels: dict[str, str]


def gather(plan: Plan) -> Gathered:
    """Return the tally of a source. Raise SourceError where there is nothing to audit."""
    reading = Reading(on_bytes=plan.on_bytes)
    log, label_log = Log(), Log()
    sources, coding = _parted(files(plan.source), plan)
    label_reading = Reading()
    labels = Labels.read(
        [*coding, *(f for path in plan.labels for f in files(path))],
        Cleaner(plan.wishes, plan.at, label_log), label_reading,
    )  # fmt: skip
    tally, seen = Tally(specs(plan.at, plan.bans)), Seen()
    present: set[str] = set(label_log.columns) - {"id"}
    for frame in frames(sources, reading, Cleaner(plan.wishes, plan.at, log), seen):
        present |= set(log.columns)
        labelled = _labelled(frame, labels, plan, present)
        tally.count(derive(labelled, present))
        log.rows += labelled.height
    if not log.rows:
        raise SourceError(f"nothing to audit in {plan.source.name}: {_why_nothing(log)}")
    for fault in label_log.faults:
        log.add(fault)
    return Gathered(tally.tables(), log, frozenset(present), reading.digests, label_reading.digests)


def _labelled(frame: pl.DataFrame, labels: Labels, plan: Plan, present: set[str]) -> pl.DataFrame:
    """The records with all labels that there are, and with pseudonyms in place of people."""
    if plan.since is not None or plan.until is not None:
        frame = _in_period(frame, plan.since, plan.until)
    if plan.adjudicator is not None:
        frame = adjudicated(frame, plan.adjudicator)
        present |= {"predicted_deepfake", "predicted_theme"}
    frame = labels.attach(frame)
    return frame.with_columns(pseudonymised(frame["subject"], plan.key).alias("subject"))


def _in_period(frame: pl.DataFrame, since: datetime | None, until: datetime | None) -> pl.DataFrame:
    """The records posted from `since` on and before `until`; one without a time is in no period."""
    posted = pl.col("created_at")
    if since is not None:
        frame = frame.filter(posted >= since)
    return frame if until is None else frame.filter(posted < until)


def _why_nothing(log: Log) -> str:
    if not log.faults:
        return "it has no records"
    first = log.faults[0]
    return f"{log.dropped:,} records, none can be read (record {first.row}: {first.why})"


def frames(
    sources: Sequence[SourceFile], reading: Reading, cleaner: Cleaner, seen: Seen
) -> Iterator[pl.DataFrame]:
    """Yield canonical frames of all files, each id once."""
    for source in sources:
        for batch in batches(source, reading):
            frame = cleaner.clean(batch)
            if frame.height:
                yield _once(frame, source.name, seen, cleaner.log)


def _once(frame: pl.DataFrame, file: str, seen: Seen, log: Log) -> pl.DataFrame:
    again = pl.Series(seen.repeats(frame["id"]))
    if not again.any():
        return frame
    for number in frame[ROW].filter(again).to_list():
        log.add(Fault(file, number, "the id was there before; the first record counts"))
    return frame.filter(~again)


def _parted(found: list[SourceFile], plan: Plan) -> tuple[list[SourceFile], list[SourceFile]]:
    """Files of records, and files that only code records of the others."""
    if len(found) == 1:
        return found, []
    coding = [source for source in found if _only_codes(source, plan)]
    return ([one for one in found if one not in coding], coding) if coding != found else (found, [])


def _only_codes(source: SourceFile, plan: Plan) -> bool:
    """Whether a file has ids and hand codings and nothing else that we know."""
    log = Log()
    first: Batch | None = next(
        iter(batches(source, Reading(batch_bytes=1 << 16, batch_rows=10))), None
    )
    if first is None:
        return False
    Cleaner(plan.wishes, plan.at, log).clean(first)
    known = set(log.columns) - {"id"}
    return "hand_theme" in known and known <= CODING
