"""The frozen snapshot of an item that is screened: its words, and what its files say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assent.catalogue.values import FileView, ItemView
from assent.core.screening.submission import Submission


def submission_of(
    item: ItemView, work_type: str | None, files: Iterable[FileView] = ()
) -> Submission:
    """Return what is screened of an item; file names and training metadata are evidence too."""
    return Submission(
        item.id,
        item.kind,
        work_type,
        item.title,
        item.description,
        item.tags,
        None,
        tuple(pair for n, f in enumerate(files) for pair in _words_of(n, f)),
    )


# The end of a file's name says what format it has, and that is no word about what it shows: ".png"
# would speak of photos in every entry with a sample picture.
_FORMAT = re.compile(r"\.(?:safetensors|png|jpe?g|webp)$", re.IGNORECASE)


def _words_of(number: int, file: FileView) -> Iterable[tuple[str, str]]:
    yield f"files[{number}].name", _FORMAT.sub("", file.name)
    for subject in file.facts.get("training_subject", []):
        yield f"files[{number}].{subject['from']}", subject["text"]
