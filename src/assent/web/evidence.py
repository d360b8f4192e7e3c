"""What a moderator sees of an item before they decide on it."""

from __future__ import annotations

from typing import Any

from assent.casework.looks import require_staff
from assent.catalogue import queries
from assent.catalogue.comments import comment
from assent.catalogue.values import FileView
from assent.core.access import Person
from assent.core.terms import FileState, ItemKind, Refused
from assent.registry.queries import matches_of
from assent.web.marks import marked
from assent.web.reasons import reason_for
from assent.web.viewer import can


def evidence(who: Person, item_id: str) -> dict[str, Any]:
    """Return an item with its words, files, verdict and copies, for a page; or refuse."""
    require_staff(who)
    found = queries.item_facts(item_id)
    if found is None:
        raise Refused(queries.NOTHING_HERE)
    item, facts = found
    screening = queries.last_screening(item_id)
    files = queries.files_of([item_id])
    return {
        "item": item,
        "can": can(who, facts),
        "bounty": _bounty_behind(who, item_id, item.kind),
        "on": _talked_about(who, item_id, item.kind),
        "screening": screening,
        "marked": marked(item, screening.record if screening else {}, for_staff=True),
        "works": [f for f in files if f.role == "work"],
        "images": [f for f in files if f.role == "image" and f.is_clean],
        "scanning": _is_scanning(files),
        "notes": _notes(files),
        "alike": _alike(item_id, files),
        "reason": reason_for(who, facts, item_id),
    }


_STRONGEST = 12


def _notes(files: list[FileView]) -> list[dict[str, object]]:
    """What the files themselves say they show or were trained on, the strongest clues of each."""
    found = []
    for file in files:
        clues = [
            {
                "text": one["text"],
                "place": one["from"],
                "weight": one["weight"],
                "images": one.get("images"),
            }
            for one in file.facts.get("training_subject", [])
        ]
        if clues:
            more = len(clues) - _STRONGEST
            cut = bool(file.facts.get("training_subject_cut"))
            found.append(
                {"file": file, "clues": clues[:_STRONGEST], "more": max(0, more), "cut": cut}
            )
    return found


def _alike(item_id: str, files: list[FileView]) -> list[dict[str, object]]:
    """Other works here that were found to be like this one's files, for a side-by-side look."""
    names = {f.id: f for f in files}
    found = []
    for mine, near in matches_of(item_id):
        other = queries.item_facts(near.item)
        if mine in names and other is not None:
            found.append({"mine": names[mine], "near": near, "other": other[0]})
    return found


def _bounty_behind(who: Person, item_id: str, kind: ItemKind) -> object:
    if kind is ItemKind.ENTRY:
        return queries.bounty(who, queries.entry(who, item_id).bounty)
    return queries.bounty(who, item_id) if kind is ItemKind.BOUNTY else None


def _talked_about(who: Person, item_id: str, kind: ItemKind) -> object:
    if kind is not ItemKind.COMMENT:
        return None
    found = queries.item_facts(comment(who, item_id).on)
    return found[0] if found else None


def _is_scanning(files: list[FileView]) -> bool:
    return any(f.state is FileState.WAITING for f in files)
