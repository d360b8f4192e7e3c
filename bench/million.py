"""A million known and a million protected names: what a listing costs, and what memory is shared.

The names are invented: two of some thousands of made-up words each. The known names are a gazetteer
file that is mapped; the protected names are marks in memory, and the registry that confirms them is
a set. `ASSENT_BENCH_NAMES` sets how many.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assent.core.screening.gazetteer import Entry, EntryKind
from assent.core.screening.gazetteer_file import open_gazetteer, write_gazetteer
from assent.core.screening.keyed_names import KeyedNames, NameKey
from assent.core.screening.names import NameIndex
from assent.core.screening.policies import default_policy
from assent.core.screening.protected import KeyedRegistry
from assent.core.screening.record import parse_line
from assent.core.screening.screen import screen_many
from bench.screening import AT, best, decode_and_fold, listings

COUNT = int(os.environ.get("ASSENT_BENCH_NAMES", "1000000"))
_STARTS = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu")
_ENDS = ("bran", "dell", "fin", "gard", "holm", "kov", "lund", "mann", "nes", "quist", "rup")


def run() -> str:
    """Return the table."""
    lines = listings("en")
    floor = best(decode_and_fold, lines)
    rows = [f"{COUNT:,} names each; floor {floor:.1f} us a listing"]
    plain = best(lambda given: check(given, None, None), lines)
    rows.append(f"{'starter list':16}{plain:10.1f} us{plain / floor:8.1f} floors")
    with tempfile.TemporaryDirectory(prefix="assent-bench-") as folder:
        path = Path(folder) / "names"
        begun = time.process_time()
        write_gazetteer(entries("known"), path)
        built = time.process_time() - begun
        names = open_gazetteer(path)
        known = best(lambda given: check(given, names, None), lines)
        size = path.stat().st_size / 1e6
        rows.append(
            f"{'known names':16}{known:10.1f} us{known / floor:8.1f} floors,"
            f" {size:.0f} MB mapped and shared, built in {built:.0f} s"
        )
        registry = protected()
        both = best(lambda given: check(given, names, registry), lines)
    size = sum(t.keys.nbytes + t.numbers.nbytes + t.filter.nbytes
               for version in registry.versions for t in version.tables) / 1e6  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    rows.append(
        f"{'and protected':16}{both:10.1f} us{both / floor:8.1f} floors, {size:.0f} MB of marks"
        f" (peak of this process, with all it took to build: {peak:.0f} MB)"
    )
    return "\n".join(rows)


def entries(kind: str) -> Iterator[Entry]:
    """Yield invented people."""
    for number in range(COUNT):
        yield Entry(name_of(number, kind), EntryKind.PERSON, "public", 1950 + number % 50, bucket=3)


def name_of(number: int, kind: str) -> str:
    """Return an invented name of two words."""
    words = []
    for _ in range(2):
        number, start = divmod(number, len(_STARTS))
        number, end = divmod(number, len(_ENDS))
        number, middle = divmod(number, len(_STARTS))
        words.append(f"{_STARTS[start]}{_STARTS[middle]}{_ENDS[end]}")
    return f"{words[0]}{kind[:1]} {words[1]}".title()


def protected() -> KeyedRegistry:
    """Return a registry of invented names."""
    key = NameKey(b"bench")
    kept = [one for number in range(COUNT) for one in key.kept(name_of(number, "protected"))]
    known = {bytes.fromhex(one.digest) for one in kept}
    marks = np.unique(np.array([one.mark for one in kept], np.uint64))

    def confirm(digests: Sequence[str]) -> dict[str, bool]:
        return {digest: True for digest in digests if bytes.fromhex(digest) in known}

    return KeyedRegistry((KeyedNames(key, confirm).with_marks(marks),))


def check(lines: Sequence[str], names: NameIndex | None, registry: KeyedRegistry | None) -> None:
    """Screen listings as `assent screen` does."""
    given = [parse_line(line) for line in lines]
    screen_many(given, default_policy(), at=AT, names=names, protected=registry)
