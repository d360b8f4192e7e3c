"""Open a stored file for somebody who may: an image to look at, or work to download."""

from __future__ import annotations

from typing import BinaryIO

from assent.catalogue import queries, save
from assent.catalogue.values import FileView
from assent.core.access import Person, Verb
from assent.core.terms import Refused
from assent.gateways import storage


def open_file(
    viewer: Person, file_id: str, *, thumbnail: bool = False
) -> tuple[FileView, BinaryIO]:
    """Return the file and its open bytes, or refuse; a download of a listing is counted."""
    found = queries.file(viewer, file_id, Verb.SEE)
    if thumbnail and found.role != "image":
        raise Refused(queries.NOTHING_HERE)
    key = f"{file_id}.webp" if thumbnail else file_id
    try:
        stream = storage.read(key)
    except FileNotFoundError as error:
        raise Refused(queries.NOTHING_HERE) from error
    if found.role == "work":
        save.count_download(found.item)
    return found, stream
