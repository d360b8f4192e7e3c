"""Files that are two things at once: what another program would find in a model or a picture.

Programs for archives look for a ZIP from the end, for RAR and 7z behind a self-extractor's code,
for tar and disk images at fixed places; PDF readers take a document that begins within a kilobyte.
None of that breaks the outer format, so it has to be looked for.
"""

from __future__ import annotations

from typing import BinaryIO

from assent.core.files.problems import Problem
from assent.core.files.reading import hides_archive, read_at

_FIXED = (
    (257, (b"ustar\x0000", b"ustar  \x00"), "tar archive"),
    (0x8001, (b"CD001",), "disk image"),
    (0x8801, (b"CD001",), "disk image"),
    (0x9001, (b"CD001",), "disk image"),
)
_PDF_REACH = 1024
# How far programs look for an archive behind a self-extractor. Seven bytes in eight megabytes of
# weights are there by chance once in ten thousand million files.
_SEARCHED = 8 << 20
_ANYWHERE = (
    (b"7z\xbc\xaf\x27\x1c\x00", "7z archive"),
    (b"Rar!\x1a\x07\x00", "RAR archive"),
    (b"Rar!\x1a\x07\x01\x00", "RAR archive"),
)
_STEP = 1 << 20


def second_kind(fileobj: BinaryIO, size: int) -> Problem | None:
    """Return what is wrong with a file that would open as something else as well: what a glance
    at few places tells. Raises only what `fileobj` raises."""
    if hides_archive(fileobj, size):
        return hidden("ZIP archive")
    for at, marks, what in _FIXED:
        if at < size and read_at(fileobj, at, 8).startswith(marks):
            return hidden(what)
    return hidden("PDF document") if b"%PDF-" in read_at(fileobj, 0, _PDF_REACH) else None


def second_kind_inside(fileobj: BinaryIO, size: int) -> Problem | None:
    """The same, of archives that may begin anywhere in the first eight megabytes."""
    rest = b""
    for at in range(0, min(size, _SEARCHED), _STEP):
        block = rest + read_at(fileobj, at, _STEP)
        for mark, what in _ANYWHERE:
            if mark in block:
                return hidden(what)
        rest = block[-8:]
    return None


def hidden(what: str) -> Problem:
    """The file is something else as well."""
    return Problem(
        "hidden_archive",
        f"A {what} is hidden inside this file. Assent takes only files that are one thing: "
        "please save it again without that.",
    )
