"""Everything about one file: what it is, and its fingerprint under a key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import BinaryIO

from assent.core.files.config_clues import Clue
from assent.core.files.inspect import FileFacts, examine
from assent.core.files.problems import Problem, count
from assent.core.fingerprints.pictures import PicturePrint, print_picture
from assent.core.fingerprints.updates import updates_of
from assent.core.fingerprints.weights import PUBLIC, VERSION, WeightPrint, print_updates


@dataclass(frozen=True, slots=True)
class Look:
    """The facts of a file, and the fingerprint of its weights or picture where it has one."""

    facts: FileFacts
    weights: WeightPrint | None = None
    picture: PicturePrint | None = None

    def as_record(self) -> dict[str, object]:
        """The look as JSON; `training_subject` in it is for screening and staff only."""
        return self.facts.as_record() | {"fingerprint": self._fingerprint()}

    def _fingerprint(self) -> dict[str, object] | None:
        if self.picture is not None:
            bits, quality = self.picture.bits.hex(), self.picture.quality
            return {"version": "PDQ", "bits": bits, "modules": None, "quality": quality}
        if self.weights is None:
            return None
        return {
            "version": VERSION,
            "bits": self.weights.bits.hex(),
            "modules": self.weights.modules,
            "left_out": dict(self.weights.left_out),
            "dora": self.weights.dora,
        }


def look_at(
    fileobj: BinaryIO,
    name: str,
    size: int,
    key: bytes = PUBLIC,
    progress: Callable[[int], object] | None = None,
    beside: Iterable[Clue] = (),
) -> Look:
    """Find out everything about a file of `size` bytes; runs none of it.

    A file with a problem has no fingerprint. Raises only what `fileobj` raises.
    """
    facts = examine(fileobj, name, size, progress, beside)
    if not facts.safe:
        return Look(facts)
    if facts.image is not None:
        picture = print_picture(fileobj)
        if isinstance(picture, Problem):
            return Look(replace(facts, problems=(picture,)))
        return Look(facts, picture=picture)
    if facts.header is None:
        return Look(facts)
    updates = updates_of(facts.header)
    if twice := updates.left_out.get("named_twice", 0):
        return Look(replace(facts, problems=(_named_twice(twice),)))
    return Look(facts, print_updates(fileobj, updates, key))


def _named_twice(layers: int) -> Problem:
    """Nobody can say which of two updates of one layer a program takes, so that no fingerprint
    holds for the file: a copy could hide behind it."""
    return Problem(
        "layer_named_twice",
        f"This model changes {count(layers, 'layer')} of its base model twice, under two names, so "
        "two programs could read it differently. Please save it again in one program's names.",
    )
