"""Well-known names: people, fictional characters, and things that share a name with a person.

A starter list, not a census: it says which words are a well-known person's name, never that
somebody is fair game. People who are on no list are found by how a request is worded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from assent.core.screening.tables import data_names, data_text, rows
from assent.core.terms import SubjectKind

PROTECTED_YEARS = 100


class EntryKind(StrEnum):
    """What an entry is the name of."""

    PERSON = "person"
    PROTECTED = "protected"
    DRAWN = "drawn"
    ACTED = "acted"
    THING = "thing"


@dataclass(frozen=True, slots=True)
class Entry:
    """One name with its other spellings and what is known about its bearer."""

    name: str
    kind: EntryKind
    role: str = ""
    born: int | None = None
    died: int | None = None
    flags: str = ""
    others: tuple[str, ...] = ()
    bucket: int = 1  # 1 household names, 2 widely known, 3 known in a field; never finer

    @property
    def names(self) -> tuple[str, ...]:
        """The name and all other names."""
        return (self.name, *self.others)

    @property
    def is_person(self) -> bool:
        """Whether this is somebody who lives or lived."""
        return self.kind in (EntryKind.PERSON, EntryKind.PROTECTED)

    @property
    def is_everyday(self) -> bool:
        """Whether the name is also everyday words, so that it needs support."""
        return "c" in self.flags or "w" in self.flags

    def subject_kind(self, at: date) -> SubjectKind:
        """Who this is on that day: the dead become historical after a hundred years."""
        if self.kind in (EntryKind.DRAWN, EntryKind.ACTED):
            return SubjectKind.FICTIONAL
        if self.kind is EntryKind.THING:
            return SubjectKind.NONE
        if self.kind is EntryKind.PROTECTED:
            return SubjectKind.PRIVATE_INDIVIDUAL
        if self.died is not None and at.year - self.died > PROTECTED_YEARS:
            return SubjectKind.HISTORICAL
        return SubjectKind.PUBLIC_FIGURE


def _people(text: str) -> Iterator[Entry]:
    for section, line in rows(text):
        role, _, bucket = section.partition(" ")
        name, years, others, flags = (*line.split("|"), "", "", "")[:4]
        born, died = _years(years)
        spelt = tuple(filter(None, others.split(";")))
        yield Entry(name, EntryKind.PERSON, role, born, died, flags, spelt, int(bucket or 1))


def _years(text: str) -> tuple[int | None, int | None]:
    """Read "1881-1973", "1956" or "-69--30" (before our era)."""
    if not text:
        return None, None
    cut = text.find("-", 1)
    return (int(text), None) if cut < 0 else (int(text[:cut]), int(text[cut + 1 :]))


def _fiction(text: str) -> Iterator[Entry]:
    for section, line in rows(text):
        name, _, others = line.partition("|")
        kind = EntryKind(section)
        yield Entry(name, kind, "character", others=tuple(filter(None, others.split(";"))))


def _things(text: str) -> Iterator[Entry]:
    for _, line in rows(text):
        name, *others = line.split("|")
        yield Entry(name, EntryKind.THING, others=tuple(filter(None, others)))


def protected_entries(names: Iterable[str]) -> Iterator[Entry]:
    """Yield an entry for each protected name or handle."""
    for name in names:
        yield Entry(name, EntryKind.PROTECTED, flags="s")


@cache
def starter_entries() -> tuple[Entry, ...]:
    """Return the shipped list."""
    return (
        *(entry for name in data_names("people") for entry in _people(data_text("people", name))),
        *(
            entry
            for name in data_names("fiction")
            for entry in _fiction(data_text("fiction", name))
        ),
        *_things(data_text("things.txt")),
    )


@cache
def given_names() -> frozenset[str]:
    """Return common given names, folded."""
    from assent.core.screening.folding import fold

    return frozenset(
        fold(word) for _, line in rows(data_text("given.txt")) for word in line.split()
    )
