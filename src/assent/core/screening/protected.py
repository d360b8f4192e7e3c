"""Names and handles that their bearers asked to have protected, held in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assent.core.screening.gazetteer import protected_entries
from assent.core.screening.name_keys import name_words
from assent.core.screening.names import NameIndex

MIN_LETTERS = 4


@dataclass(frozen=True, slots=True)
class ProtectedNames:
    """Protected names, ready to be looked for in any spelling."""

    index: NameIndex
    size: int

    @classmethod
    def of(cls, names: Iterable[str]) -> ProtectedNames:
        """Return the set of these names; blank ones and comments after "#" do not count."""
        kept = {name.strip() for name in names if _usable(name.strip())}
        return cls(NameIndex(protected_entries(sorted(kept))), len(kept))


def _usable(name: str) -> bool:
    """Whether there is enough of a name to look for; three letters would be found everywhere."""
    return not name.startswith("# ") and len("".join(name_words(name))) >= MIN_LETTERS


def read_protected(text: str) -> ProtectedNames:
    """Return the names of a file with one name or handle a line."""
    return ProtectedNames.of(line for line in text.splitlines() if line.strip())
