"""Reads fingerprints: what is like this file?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from assent.core.fingerprints.index import probe_keys
from assent.core.fingerprints.look import Look
from assent.core.fingerprints.pdq import BITS, NEAR, distance
from assent.core.fingerprints.relation import Relation, compare_prints
from assent.core.fingerprints.weights import WeightPrint, unpack
from assent.registry.models import Chunk, FilePrint, Match
from assent.registry.shelf import WEIGHT_SHELF

WEIGHTS, PICTURE = "weights", "picture"
SHORTLIST = 100
# All within these bits of 2,048 are compared as well, up to so many, so that nobody crowds out
# what was removed by handing in a hundred copies first. Whatever is called derived (0.35) is as
# near, but for one in a thousand at its edge; of models that share a concept a few are.
RADIUS, MOST = 860, 5_000
_QUERY_KEYS = 400


@dataclass(frozen=True, slots=True)
class Near:
    """Another file that this one is like: this one `relation` the other."""

    file: str
    item: str
    relation: str
    similarity: float
    detail: Mapping[str, Any] = field(default_factory=dict)


def near_files(look: Look, item_id: str) -> list[Near]:
    """Return the files of other items that a file is like, the most alike first."""
    found = _near_weights(look.weights) if look.weights else []
    found += _near_pictures(set(look.picture.asked())) if look.picture else []
    best: dict[str, Near] = {}
    for near in sorted(found, key=lambda one: abs(one.similarity)):
        if near.item != item_id:
            best[near.file] = near
    return list(reversed(best.values()))


def matches_of(item_id: str) -> list[tuple[str, Near]]:
    """Return (file of the item, what it is like), in both directions of finding."""
    rows = Match.objects.filter(Q(item=item_id) | Q(other_item=item_id)).order_by("-similarity")
    found = []
    for row in rows[:SHORTLIST]:
        if row.item == item_id:
            mine, file, item, relation = row.file, row.other_file, row.other_item, row.relation
        else:
            mine, file, item = row.other_file, row.file, row.item
            relation = _TURNED.get(row.relation, row.relation)
        found.append((mine, Near(file, item, relation, row.similarity, row.detail)))
    return found


def items_like(item_id: str) -> set[str]:
    """Return every item that has a file like one of this item's."""
    ours = Match.objects.filter(item=item_id).values_list("other_item", flat=True)
    theirs = Match.objects.filter(other_item=item_id).values_list("item", flat=True)
    return {*ours, *theirs}


_TURNED = {
    Relation.CONTAINS.value: Relation.CONTAINED.value,
    Relation.CONTAINED.value: Relation.CONTAINS.value,
}


def _near_weights(asked: WeightPrint) -> list[Near]:
    ids = WEIGHT_SHELF.shortlist(asked.bits, SHORTLIST, RADIUS, MOST)
    found = []
    for row in _rows(ids):
        likeness = compare_prints(asked, unpack(bytes(row.body)))
        if likeness.relation is not Relation.UNRELATED:
            detail = {
                "compared": likeness.compared,
                "matched": len(likeness.matched),
                "chance": likeness.chance,
                "modules": [asked.names[i] for i in likeness.matched[:50]],
            }
            score = likeness.similarity
            found.append(Near(row.file, row.item, likeness.relation.value, score, detail))
    return found


def _rows(ids: list[int]) -> Iterator[FilePrint]:
    """The rows, some at a time: each has some ten kilobytes, and there can be thousands."""
    for part in _parts(ids):
        yield from FilePrint.objects.filter(id__in=part, forgotten=False).iterator(50)


def _near_pictures(asked: set[bytes]) -> list[Near]:
    found = []
    for bits in asked:
        for row in FilePrint.objects.filter(id__in=_filed_near(bits), forgotten=False):
            apart = distance(bits, bytes(row.bits))
            if apart <= NEAR:
                likeness = round(1 - apart / (BITS / 2), 4)
                detail = {"bits_apart": apart}
                found.append(Near(row.file, row.item, Relation.SAME.value, likeness, detail))
    return found


def _filed_near(bits: bytes) -> set[int]:
    keys = list(probe_keys(bits, NEAR))
    ids: set[int] = set()
    for part in _parts(keys):
        ids |= set(Chunk.objects.filter(key__in=part).values_list("print_id", flat=True))
    return ids


def _parts(keys: list[int]) -> Iterable[list[int]]:
    for start in range(0, len(keys), _QUERY_KEYS):
        yield keys[start : start + _QUERY_KEYS]
