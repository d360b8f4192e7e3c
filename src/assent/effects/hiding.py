"""What every flow that hides something for a case does: find its copies, hide, keep away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from assent.casework import save as casework
from assent.catalogue import context
from assent.catalogue import save as catalogue
from assent.catalogue.queries import files_of
from assent.catalogue.values import FileView
from assent.consent import save as consent
from assent.consent.queries import exempt
from assent.core.casework import Ruling
from assent.core.settlement import Move
from assent.core.standing import Line, Said
from assent.core.terms import ItemState
from assent.gateways import standing
from assent.gateways.keyring import file_digests, file_lookups
from assent.gateways.keys import new_item_id

Found = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Reach:
    """What hides now, by how it was found, and how many copies are more than may hide without
    somebody looking."""

    found: Found
    beyond: int

    @property
    def ids(self) -> list[str]:
        """Every item that hides."""
        return [i for ids in self.found.values() for i in ids]


def reach(named: list[str], how: str, budget: int) -> Reach:
    """Return what goes with these items: what is part of them, and exact copies, of which no more
    hide by themselves than the budget has room for."""
    parts = context.parts_of(named)
    copies = copies_of([*named, *parts])
    room = max(0, budget - len(named))
    found = {how: named, "part": parts, "copy": copies[:room]}
    return Reach(found, max(0, len(copies) - room))


def copies_of(item_ids: list[str]) -> list[str]:
    """Return the ids of other items that hold a file with the same bytes or tensors, hashes on
    the negative list aside."""
    sums, tensors = set(), set()
    for file in telling(files_of(item_ids)):
        sums.add(file.sha256)
        tensors.add(file.tensor_hash)
    return [i for i in context.holding(sums, tensors) if i not in set(item_ids)]


def telling(files: Iterable[FileView]) -> list[FileView]:
    """Return the files whose hashes say something: those not on the negative list."""
    found = [f for f in files if f.sha256]
    keys = {f.id: file_lookups(f.sha256, f.tensor_hash) for f in found}
    out = exempt(d for digests in keys.values() for d in digests)
    return [f for f in found if out.isdisjoint(keys[f.id])]


def hide(
    case_key: str, found: Found, ruling: Ruling, *, actor: int | None, at: datetime
) -> tuple[Move, ...]:
    """Join items to a case with their staydown, and return the moves that hide them. The rows
    are locked, so that nothing which happens to an item meanwhile can refuse the notice."""
    every = [i for ids in found.values() for i in ids]
    moves = tuple(
        Move(item, state, ItemState.HIDDEN)
        for item, state in catalogue.lock_all(every).items()
        if not state.is_gone
    )
    for how, ids in found.items():
        casework.add_case_items(case_key, ids, how, at)
    casework.add_decision(new_item_id(), ruling, moves, actor=actor, at=at, case=case_key)
    digests = [d for f in telling(files_of(every)) for d in file_digests(f.sha256, f.tensor_hash)]
    consent.add_staydown(digests, case_key, at)
    line = Line(Said.HIDDEN, case_key, tuple(m.item for m in moves), tuple(digests))
    transaction.on_commit(partial(standing.note, line), robust=True)
    return moves
