"""Labels from programs: screening, or one from outside, through one port with a cache."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

import polars as pl

from assent.audit.label.sample import SHOWN
from assent.audit.terms import DamageError
from assent.core.screening.policy import Policy
from assent.core.screening.screen import screen
from assent.core.screening.submission import Submission
from assent.core.terms import Rating, SubjectKind

Words = Mapping[str, str | None]
# Whose likeness counts: not a figure of history, and nobody who is invented.
REAL = (SubjectKind.PUBLIC_FIGURE, SubjectKind.PRIVATE_INDIVIDUAL, SubjectKind.SELF)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an adjudicator says of a record; None where it cannot tell."""

    deepfake: bool | None
    theme: str | None = None


class Adjudicator(Protocol):
    """Gives an opinion on each record, in their order. `name` changes whenever opinions could."""

    @property
    def name(self) -> str:
        """Say which adjudicator in which version this is."""

    def judge(self, records: Sequence[Words]) -> Sequence[Opinion]:
        """Return one opinion for each record."""


@dataclass(frozen=True, slots=True)
class Screening:
    """Assent's own screening, under one policy version."""

    policy: Policy
    at: date

    @property
    def name(self) -> str:
        """Say which policy version screens."""
        return f"screening {self.policy.id}"

    def judge(self, records: Sequence[Words]) -> list[Opinion]:
        """Return for each record whether screening finds a real person's likeness likely."""
        return [self._one(record) for record in records]

    def _one(self, words: Words) -> Opinion:
        tags = tuple(tag for tag in (words.get("tags") or "").split("|") if tag)
        given = Submission(
            "", words.get("kind") or "bounty", words.get("type"), words.get("title") or "",
            words.get("description") or "", tags,
        )  # fmt: skip
        verdict = screen(given, self.policy, at=self.at)
        likely = verdict.likeness.probability >= self.policy.likely
        real = likely and verdict.likeness.subject_kind in REAL
        adult = "nsfw" if verdict.rating is Rating.EXPLICIT else None
        return Opinion(real, "human_deepfake" if real else adult)


class Cached:
    """An adjudicator that remembers: an audit that was stopped goes on where it was."""

    def __init__(self, inner: Adjudicator, path: Path) -> None:
        self._inner, self._path = inner, path
        with closing(self._base()) as base, base:
            base.execute("create table if not exists opinions (key blob primary key, said text)")

    @property
    def name(self) -> str:
        """Say which adjudicator this is."""
        return self._inner.name

    def judge(self, records: Sequence[Words]) -> list[Opinion]:
        """Return opinions, asking only for those not known yet; equal records are asked once."""
        keys = [self._key(record) for record in records]
        with closing(self._base()) as base:
            known = {key: said for key in set(keys) if (said := _stored(base, key)) is not None}
            new = {k: r for k, r in zip(keys, records, strict=True) if k not in known}
            if new:
                told = self._inner.judge(list(new.values()))
                if len(told) != len(new):
                    raise DamageError(
                        f"{self.name} gave {len(told)} opinions on {len(new)} records"
                    )
                fresh = dict(zip(new, told, strict=True))
                rows = [(key, json.dumps(asdict(one))) for key, one in fresh.items()]
                with base:
                    base.executemany("insert or ignore into opinions values (?, ?)", rows)
                known |= fresh
        return [known[key] for key in keys]

    def _base(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)

    def _key(self, record: Words) -> bytes:
        said = json.dumps([self.name, *(record.get(name) for name in SHOWN)])
        return hashlib.blake2b(said.encode(), digest_size=16).digest()


def _stored(base: sqlite3.Connection, key: bytes) -> Opinion | None:
    row = base.execute("select said from opinions where key = ?", (key,)).fetchone()
    return None if row is None else Opinion(**json.loads(row[0]))


def adjudicated(frame: pl.DataFrame, judge: Adjudicator) -> pl.DataFrame:
    """Return records with the adjudicator's opinions where they had none."""
    told = judge.judge(frame.select(SHOWN).to_dicts())
    fakes = pl.Series([one.deepfake for one in told], dtype=pl.Boolean)
    themes = pl.Series([one.theme for one in told], dtype=pl.String)
    return frame.with_columns(
        predicted_deepfake=pl.coalesce("predicted_deepfake", fakes),
        predicted_theme=pl.coalesce("predicted_theme", themes),
    )
