"""Keeps a sample and its codings in one SQLite file, so that coding can stop and go on."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assent.audit.label.sample import Item
from assent.audit.terms import SourceError

_TABLES = """
create table about (name text primary key, value text not null);
create table strata (name text primary key, total integer not null);
create table items (
  place integer primary key, id text not null unique, stratum text not null, words text not null,
  predicted_deepfake integer, predicted_theme text
);
create table codings (
  place integer not null references items, coder text not null, at text not null,
  deepfake text, theme text, gender text, primary key (place, coder)
);
"""
FIELDS = ("deepfake", "theme", "gender")


@dataclass(frozen=True, slots=True)
class Coding:
    """What one coder said of one item; None where they said nothing."""

    place: int
    coder: str
    deepfake: str | None
    theme: str | None
    gender: str | None


class Store:
    """One sample with its codings. Each method is its own transaction, from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            raise SourceError(f"no such file of codings: {path}")
        try:
            rows = self._rows("select name, value from about")
        except sqlite3.DatabaseError as error:
            raise SourceError(f"{path} is no file of codings") from error
        self.about = {str(name): str(value) for name, value in rows}

    @classmethod
    def create(
        cls, path: Path, about: Mapping[str, str], totals: Mapping[str, int], items: Iterable[Item]
    ) -> Store:
        """Return a new store with this sample. The file appears complete, or not at all."""
        made = path.with_name(path.name + ".part")
        made.unlink(missing_ok=True)
        with closing(sqlite3.connect(made)) as base:
            base.executescript(_TABLES)
            base.executemany("insert into about values (?, ?)", about.items())
            base.executemany("insert into strata values (?, ?)", totals.items())
            base.executemany(
                "insert into items values (?, ?, ?, ?, ?, ?)",
                [
                    (at, one.id, one.stratum, json.dumps(dict(one.words)), one.predicted_deepfake,
                     one.predicted_theme)
                    for at, one in enumerate(items, 1)
                ],
            )  # fmt: skip
            base.commit()
        made.rename(path)
        return cls(path)

    def _rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.path, timeout=30)) as base:
            return list(base.execute(query, values))

    def size(self) -> int:
        """Return how many items the sample has."""
        return int(str(self._rows("select count(*) from items")[0][0]))

    def done(self, coder: str) -> int:
        """Return how many of them a coder has coded."""
        rows = self._rows("select count(*) from codings where coder = ?", coder)
        return int(str(rows[0][0]))

    def next(self, coder: str) -> int | None:
        """Return the first item that a coder has not coded, None when there is none."""
        query = (
            "select min(place) from items where place not in"
            " (select place from codings where coder = ?)"
        )
        found = self._rows(query, coder)[0][0]
        return None if found is None else int(str(found))

    def before(self, coder: str) -> int | None:
        """Return the item that a coder coded last."""
        query = "select place from codings where coder = ? order by at desc, place desc limit 1"
        rows = self._rows(query, coder)
        return int(str(rows[0][0])) if rows else None

    def words(self, place: int) -> dict[str, str | None] | None:
        """Return the words of an item, None where there is no such item."""
        rows = self._rows("select words from items where place = ?", place)
        return json.loads(str(rows[0][0])) if rows else None

    def coding(self, place: int, coder: str) -> Coding | None:
        """Return what a coder said of an item before."""
        query = "select deepfake, theme, gender from codings where place = ? and coder = ?"
        rows = self._rows(query, place, coder)
        return Coding(place, coder, *(_text(v) for v in rows[0])) if rows else None

    def save(self, coding: Coding, at: str) -> None:
        """Keep what a coder says of an item, in place of what they said before."""
        with closing(sqlite3.connect(self.path, timeout=30)) as base, base:
            base.execute(
                "insert into codings values (?, ?, ?, ?, ?, ?) on conflict (place, coder) do update"
                " set at = excluded.at, deepfake = excluded.deepfake, theme = excluded.theme,"
                " gender = excluded.gender",
                (coding.place, coding.coder, at, coding.deepfake, coding.theme, coding.gender),
            )

    def strata(self) -> dict[str, int]:
        """Return how many records of the source each stratum has."""
        rows = self._rows("select name, total from strata order by name")
        return {str(name): int(str(total)) for name, total in rows}

    def codings(self) -> list[Coding]:
        """Return all codings, coder by coder in the order of their names."""
        query = "select place, coder, deepfake, theme, gender from codings order by coder, place"
        return [Coding(int(str(p)), str(c), *map(_text, more)) for p, c, *more in self._rows(query)]

    def hidden(self) -> dict[int, tuple[str, bool | None, str | None]]:
        """Return stratum and what programs said of each item."""
        rows = self._rows("select place, stratum, predicted_deepfake, predicted_theme from items")
        return {
            int(str(place)): (str(stratum), None if fake is None else bool(fake), _text(theme))
            for place, stratum, fake, theme in rows
        }

    def ids(self) -> dict[int, str]:
        """Return the id of each item, which no page and no report shows."""
        return {int(str(p)): str(own) for p, own in self._rows("select place, id from items")}

    def export(self, path: Path) -> int:
        """Write what all coders agree on as a CSV of labels, for --labels; return how many."""
        ids = self.ids()
        told: dict[int, list[Coding]] = {}
        for one in self.codings():
            told.setdefault(one.place, []).append(one)
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["id", "deepfake", "hand_theme", "gender"])
            for place, codings in sorted(told.items()):
                table.writerow([ids[place], *(agreed(codings, name) for name in FIELDS)])
        return len(told)


def agreed(codings: Iterable[Coding], field: str) -> str | None:
    """Return what more than half of the coders who said something said."""
    said = [value for one in codings if (value := getattr(one, field)) not in (None, "unsure")]
    best = max(set(said), key=said.count, default=None)
    return best if best is not None and 2 * said.count(best) > len(said) else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
