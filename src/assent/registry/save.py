"""Writes fingerprints and matches; each call inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assent.core.fingerprints.index import chunk_keys
from assent.core.fingerprints.look import Look
from assent.gateways.keys import new_key
from assent.registry.models import Chunk, FilePrint, Match, Shelf
from assent.registry.queries import PICTURE, WEIGHTS, Near


def remember(file_id: str, item_id: str, look: Look, at: datetime) -> None:
    """Insert the fingerprints of a file."""
    if look.weights is not None:
        _insert(file_id, item_id, WEIGHTS, look.weights.bits, look.weights.pack(), at)
    for bits in look.picture.stored() if look.picture else ():
        row = _insert(file_id, item_id, PICTURE, bits, b"", at)
        Chunk.objects.bulk_create([Chunk(print=row, key=key) for key in chunk_keys(bits)])


def note_matches(file_id: str, item_id: str, found: Iterable[Near], at: datetime) -> None:
    """Insert what a file was found to be like; pairs that are there stay."""
    rows = [
        Match(
            file=file_id,
            item=item_id,
            other_file=near.file,
            other_item=near.item,
            relation=near.relation,
            similarity=near.similarity,
            detail=dict(near.detail),
            created_at=at,
        )
        for near in found
    ]
    Match.objects.bulk_create(rows, ignore_conflicts=True)


def forget(file_id: str) -> None:
    """Delete the fingerprints of a file and all matches with it."""
    for row in FilePrint.objects.filter(file=file_id, forgotten=False):
        row.chunks.all().delete()
        version, stamp = _next(row.kind)
        FilePrint.objects.filter(id=row.id).update(
            forgotten=True, bits=b"", body=b"", version=version, stamp=stamp
        )
    Match.objects.filter(file=file_id).delete()
    Match.objects.filter(other_file=file_id).delete()


def _insert(
    file_id: str, item_id: str, kind: str, bits: bytes, body: bytes, at: datetime
) -> FilePrint:
    version, stamp = _next(kind)
    return FilePrint.objects.create(
        file=file_id,
        item=item_id,
        kind=kind,
        bits=bits,
        body=body,
        version=version,
        stamp=stamp,
        created_at=at,
    )


def _next(kind: str) -> tuple[int, str]:
    """Count the shelf up; the row stays locked until the transaction ends, so that versions
    become visible in their order."""
    Shelf.objects.get_or_create(kind=kind)
    shelf = Shelf.objects.select_for_update(no_key=True).get(kind=kind)
    shelf.version, shelf.stamp = shelf.version + 1, new_key()
    shelf.save()
    return shelf.version, shelf.stamp
