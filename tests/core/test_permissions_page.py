"""The printed truth table, read back as a person reads it: every cell is what the rules answer.

`test_access.py` has the same truth written by hand; this one proves that the page says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest
from tools.docs import BUYER, CAST, PRICE, answer, states_of

from assent.core.access import Allowed, Verb
from assent.core.terms import ItemKind, ItemState
from tests.test_tidy import ROOT

PAGE = (ROOT / "docs" / "reference" / "permissions.md").read_text()
Cells = dict[tuple[str, str], str]


def sections() -> Iterator[tuple[ItemKind, list[ItemState], int, Cells]]:
    """Yield (kind, the states of its bounty, its price, cells by person and verb) of every table
    of items."""
    for title, body in re.findall(r"^### (An? .+)\n\n((?:\|.*\n)+)", PAGE, re.MULTILINE):
        kind, _, bounties = title.partition(" whose bounty is ")
        states = [ItemState(word) for word in bounties.split(", ")] if bounties else []
        head, _, *rows = [line.strip("| \n").split(" | ") for line in body.strip().splitlines()]
        people = [name.strip() for name in "|".join(head).split("|")]
        cells = {
            (person, row[0].strip("` ")): cell.strip()
            for row in rows
            for group, cell in zip(people, row[1:], strict=True)
            for person in group.split(", ")
        }
        price = PRICE if kind.endswith("with a price") else 0
        yield ItemKind(kind.split()[1]), states or [ItemState.OPEN], price, cells


def says(cell: str, kind: ItemKind) -> set[ItemState]:
    """Return the states in which the cell says yes."""
    every = set(states_of(kind))
    if cell in ("yes", "no"):
        return every if cell == "yes" else set()
    but = cell.removeprefix("all but ")
    named = {ItemState(word) for word in but.split(", ")}
    return every - named if but != cell else named


def test_every_kind_and_every_state_of_a_bounty_is_there() -> None:
    found = [(kind, tuple(states)) for kind, states, _, _ in sections()]
    assert {kind for kind, _ in found} == set(ItemKind)
    of_entries = [s for kind, states in found if kind is ItemKind.ENTRY for s in states]
    assert sorted(of_entries) == sorted(states_of(ItemKind.BOUNTY))


@pytest.mark.parametrize("number", range(len(list(sections()))))
def test_every_cell_is_what_the_rules_answer(number: int) -> None:
    kind, bounties, price, cells = list(sections())[number]
    named = {person for person, _ in cells}
    for person, verb, bounty in product(CAST, Verb, bounties):
        if person not in named:
            assert kind is not ItemKind.ENTRY or person == BUYER, f"{person} has no column"
            assert not price or person != BUYER, "whoever bought it has no column"
            continue
        said = says(cells.get((person, verb.value), "no"), kind)
        real = {
            s
            for s in states_of(kind)
            if isinstance(answer(kind, person, verb, s, bounty, price), Allowed)
        }
        assert said == real, (person, verb, kind, bounty)
