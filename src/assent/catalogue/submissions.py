"""The frozen snapshot of an item that is screened: its words, and what its files say of it."""

from __future__ import annotations

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


def _words_of(number: int, file: FileView) -> Iterable[tuple[str, str]]:
    yield f"files[{number}].name", file.name
    for subject in file.facts.get("training_subject", []):
        yield f"files[{number}].{subject['from']}", subject["text"]
