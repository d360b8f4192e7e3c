"""Names and handles that their bearers asked to have protected.

Two kinds of registry are looked through in the same way: names in the clear, held in memory for one
run of the command line, and a marketplace's names, of which only keyed digests are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assent.core.screening.gazetteer import protected_entries
from assent.core.screening.keyed_names import KeyedNames, Sighting
from assent.core.screening.matching import find_all
from assent.core.screening.name_keys import name_words
from assent.core.screening.names import NameIndex
from assent.core.screening.reading import Reading, may_have_variants, variants
from assent.core.screening.sheet import Sheet

MIN_LETTERS = 4


class Registry(Protocol):
    """Protected names, whatever is kept of them."""

    def find(self, readings: Sequence[Reading]) -> list[list[Sighting]]:
        """Return, for each reading, the protected names in it, with the original's offsets."""

    def pairs(self, firsts: Sequence[str], lasts: Sequence[str]) -> Iterable[tuple[int, int, bool]]:
        """Return (which first, which last, decided) for words that make a protected name."""


@dataclass(frozen=True, slots=True)
class ProtectedNames:
    """Protected names in the clear, ready to be looked for in any spelling."""

    index: NameIndex
    size: int

    @classmethod
    def of(cls, names: Iterable[str]) -> ProtectedNames:
        """Return the set of these names; blank ones and comments after "#" do not count."""
        kept = {name.strip() for name in names if _usable(name.strip())}
        return cls(NameIndex(protected_entries(sorted(kept))), len(kept))

    def find(self, readings: Sequence[Reading]) -> list[list[Sighting]]:
        """Return, for each reading, the protected names in it, with the original's offsets."""
        return [
            [Sighting(match.start, match.end, True) for match in matches]
            for matches in find_all(self.index, readings)
        ]

    def pairs(self, firsts: Sequence[str], lasts: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
        """Yield (which first, which last, decided) for words that make a protected name."""
        for first, last, _ in self.index.pairs(firsts, lasts):
            yield first, last, True


@dataclass(frozen=True, slots=True)
class KeyedRegistry:
    """A marketplace's protected names, under each version of the key that is in use."""

    versions: tuple[KeyedNames, ...]

    def find(self, readings: Sequence[Reading]) -> list[list[Sighting]]:
        """Return, for each reading, the protected names in it, with the original's offsets."""
        found: list[list[Sighting]] = [[] for _ in readings]
        ways = list(enumerate(readings))
        if may_have_variants("\n".join([reading.text for reading in readings])):
            ways += [(at, other) for at, one in enumerate(readings) for _, other in variants(one)]
        sheet = Sheet([reading.text for _, reading in ways])
        for names in self.versions:
            sightings = names.find(sheet)
            for (at, reading), seen in zip(ways, sightings, strict=True):
                for one in seen:
                    start, end = reading.span(one.start, one.end)
                    if not any(start < other.end and other.start < end for other in found[at]):
                        found[at].append(Sighting(start, end, one.decided))
        return found

    def pairs(self, firsts: Sequence[str], lasts: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
        """Yield (which first, which last, decided) for words that make a protected name."""
        for names in self.versions:
            yield from names.pairs(firsts, lasts)


def _usable(name: str) -> bool:
    """Whether there is enough of a name to look for; three letters would be found everywhere."""
    return not name.startswith("# ") and len("".join(name_words(name))) >= MIN_LETTERS


def read_protected(text: str) -> ProtectedNames:
    """Return the names of a file with one name or handle a line."""
    return ProtectedNames.of(line for line in text.splitlines() if line.strip())
