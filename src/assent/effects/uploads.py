"""Takes uploads in: looks at their headers, moves the bytes into private storage, and leaves
nothing behind when anything about them is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from assent.catalogue import save as catalogue
from assent.core.files.inspect import Accept, check_quickly
from assent.core.files.problems import Problem
from assent.core.terms import Refused
from assent.gateways import queue, storage
from assent.gateways.keys import new_item_id

NAME_MAX = 200


@dataclass(frozen=True, slots=True)
class Incoming:
    """An upload that passed the quick look, with the id it will have."""

    id: str
    role: str
    name: str
    size: int
    upload: UploadedFile[bytes]


def accepted(
    works: Iterable[UploadedFile[bytes]], images: Iterable[UploadedFile[bytes]]
) -> list[Incoming]:
    """Look at the header of every upload, or refuse with the sentence for the first bad one."""
    return [
        *(_checked(u, "work", Accept.ANY, "files") for u in works),
        *(_checked(u, "image", Accept.IMAGES, "images") for u in images),
    ]


def _checked(upload: UploadedFile[bytes], role: str, accept: Accept, field: str) -> Incoming:
    name = clean_name(upload.name or "")
    size = upload.size or 0
    found = check_quickly(upload, name, size, accept)  # type: ignore[arg-type]
    if isinstance(found, Problem):
        raise Refused(found.as_refusal(field))
    return Incoming(new_item_id(), role, name, size, upload)


def clean_name(name: str) -> str:
    """Return a file's last path part without control characters, shortened in the middle."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(c for c in last if c.isprintable()).strip() or "unnamed"
    return plain if len(plain) <= NAME_MAX else f"{plain[:150]}…{plain[-40:]}"


@contextmanager
def kept(incoming: list[Incoming]) -> Iterator[None]:
    """Move the bytes into storage and open the transaction that records them; if it does not
    stand, the bytes go as well."""
    try:
        for one in incoming:
            storage.keep(one.id, one.upload)
        with transaction.atomic():
            yield
    except BaseException:
        for one in incoming:
            storage.drop(one.id)
        raise


def record(incoming: list[Incoming], item_id: str, at: datetime) -> None:
    """Insert the files and the scans that they wait for; inside `kept`."""
    for one in incoming:
        catalogue.add_file(one.id, item_id, one.role, one.name, one.size, at)
        queue.enqueue("scan_file", file_id=one.id)
