"""Writes the parts of docs/reference which only the code knows, between their marks.

`python -m tools.docs` writes them; `python -m tools.docs --check` says which pages are stale.
A part stands between `<!-- begin: NAME -->` and `<!-- end: NAME -->`; the words around it are ours.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Any

import click

from assent.core import cashouts, ledger, purchases, terms
from assent.core.access import (
    STRANGER,
    Allowed,
    Answer,
    Denied,
    Facts,
    Person,
    Scope,
    Verb,
    may,
    may_make_token,
    may_use_queue,
    role_in_force,
)
from assent.core.casework import MOVES, Placement
from assent.core.consent import asking
from assent.core.terms import ItemKind, ItemState, Role

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
API_PREFIX = "/api/v1/"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")


def code(words: Iterable[object]) -> str:
    """Return the words as code, with commas between."""
    return ", ".join(f"`{word}`" for word in words)


# Permissions -------------------------------------------------------------------------------------

OWNER, REQUESTER, SUPPORTER, BOUGHT = 1, 2, 3, 4
CAST: Mapping[str, Person] = {
    "stranger": STRANGER,
    "member": Person(9),
    "owner": Person(OWNER),
    "requester of the bounty": Person(REQUESTER),
    "supporter who awarded": Person(SUPPORTER),
    "whoever bought it": Person(BOUGHT),
    "auditor": Person(9, Role.AUDITOR),
    "reviewer": Person(9, Role.REVIEWER),
    "moderator": Person(9, Role.MODERATOR),
    "moderator who owns it": Person(OWNER, Role.MODERATOR),
    "operator": Person(9, Role.OPERATOR),
}
ONLY_ENTRIES = ("requester of the bounty", "supporter who awarded")
BUYER = "whoever bought it"
PRICE = 100


def states_of(kind: ItemKind) -> list[ItemState]:
    """Return every state that an item of this kind can be in, in the glossary's order."""
    reached = {state for move in MOVES[kind] for state in move}
    # Hiding is written for every state at once; keep those that something else leads to or from.
    lived = {s for a, b in MOVES[kind] if ItemState.HIDDEN not in (a, b) for s in (a, b)}
    return [s for s in ItemState if s in reached and (s in lived or s.is_gone)]


def answer(
    kind: ItemKind, name: str, verb: Verb, state: ItemState, bounty: ItemState, price: int = 0
) -> Answer:
    """Return what `may` says to one of the cast; `price` is what a listing costs."""
    awarded = state is ItemState.AWARDED
    facts = Facts(kind, state, OWNER)
    if kind is ItemKind.ENTRY:
        by = frozenset({REQUESTER, SUPPORTER}) if awarded else frozenset()
        facts = Facts(kind, state, OWNER, bounty, REQUESTER, by)
    elif kind.has_parent:
        facts = Facts(kind, state, OWNER, bounty, REQUESTER)
    if price:
        facts = replace(facts, price=price, bought_by=frozenset({BOUGHT}))
    return may(CAST[name], verb, facts)


def permissions() -> str:
    """Return the truth table of `core.access.may`."""
    parts = []
    for kind in (ItemKind.BOUNTY, ItemKind.LISTING, ItemKind.VERSION, ItemKind.COMMENT):
        parts += [f"### A {kind}", _truth(kind, ItemState.OPEN)]
        if kind in (ItemKind.LISTING, ItemKind.VERSION):
            told = f"A {'version of a ' if kind is ItemKind.VERSION else ''}listing with a price"
            parts += [f"### {told}", _truth(kind, ItemState.OPEN, PRICE)]
    same: dict[str, list[ItemState]] = {}
    for bounty in states_of(ItemKind.BOUNTY):
        same.setdefault(_truth(ItemKind.ENTRY, bounty), []).append(bounty)
    for text, bounties in same.items():
        parts += [f"### An entry whose bounty is {', '.join(bounties)}", text]
    parts += ["### Beside items", _beside(), "### What a no says", _denials()]
    return "\n\n".join(parts)


def _beside() -> str:
    asked: list[tuple[str, Callable[[Person], Answer]]] = [
        ("work the queue and cases", may_use_queue),
        ("make a token for themselves", lambda p: may_make_token(p, frozenset({Scope.WRITE}))),
        ("put their role into it", lambda p: may_make_token(p, frozenset(Scope))),
        ("work the queue while their role rests", lambda p: may_use_queue(_rested(p))),
    ]
    names = [
        n
        for n in CAST
        if n not in (*ONLY_ENTRIES, BUYER) and n not in ("owner", "moderator who owns it")
    ]
    rows = [
        [verb, *("yes" if isinstance(may_it(CAST[n]), Allowed) else "no" for n in names)]
        for verb, may_it in asked
    ]
    return table(["", *names], rows)


def _rested(person: Person) -> Person:
    return Person(person.id, role_in_force(person.role, proved=False))


def _truth(kind: ItemKind, bounty: ItemState, price: int = 0) -> str:
    columns: dict[tuple[str, ...], list[str]] = {}
    for name in CAST:
        if name in ONLY_ENTRIES and kind is not ItemKind.ENTRY:
            continue
        if name == BUYER and not price:
            continue
        cells = tuple(_allowed_in(kind, name, verb, bounty, price) for verb in Verb)
        columns.setdefault(cells, []).append(name)
    head = ["", *(", ".join(names) for names in columns.values())]
    rows = [[f"`{verb}`", *(cells[n] for cells in columns)] for n, verb in enumerate(Verb)]
    return table(head, [row for row in rows if set(row[1:]) != {"no"}])


def _allowed_in(kind: ItemKind, name: str, verb: Verb, bounty: ItemState, price: int) -> str:
    states = states_of(kind)
    yes = [s for s in states if isinstance(answer(kind, name, verb, s, bounty, price), Allowed)]
    no = [s for s in states if s not in yes]
    if not yes:
        return "no"
    if not no:
        return "yes"
    return f"all but {', '.join(no)}" if len(no) < len(yes) else ", ".join(yes)


def _denials() -> str:
    found: dict[str, Denied] = {}
    for kind, name, verb, price in product(ItemKind, CAST, Verb, (0, PRICE)):
        for state, bounty in product(states_of(kind), states_of(ItemKind.BOUNTY)):
            said = answer(kind, name, verb, state, bounty, price)
            if isinstance(said, Denied):
                found.setdefault(re.sub(rf"This is {state}\b", "This is …", said.reason), said)
    return table(
        ["sentence", "code"], ([text, f"`{said.kind}`"] for text, said in sorted(found.items()))
    )


# States ------------------------------------------------------------------------------------------

ENUMS: Mapping[str, type[StrEnum]] = {
    "item": terms.ItemState,
    "file": terms.FileState,
    "verdict": terms.Outcome,
    "placement": Placement,
    "pledge": ledger.PledgeState,
    "payout": ledger.PayoutState,
    "sale": ledger.SaleState,
    "transfer": ledger.TransferKind,
    "purchase": purchases.PurchaseState,
    "payout account": cashouts.AccountState,
    "cash-out": cashouts.CashoutState,
    "invitation": asking.InvitationState,
    "consent": terms.ConsentStatus,
    "case": terms.CaseState,
    "sweep": terms.SweepState,
    "outcome of a sweep": terms.SweepOutcome,
}


def all_states() -> str:
    """Return every thing that has a state, with its states."""
    return table(["thing", "states"], ([name, code(enum)] for name, enum in ENUMS.items()))


def moves() -> str:
    """Return the legal moves of each kind of item, hiding apart."""
    return "\n\n".join(f"### {kind.capitalize()}\n\n{_moves(kind)}" for kind in ItemKind)


def _moves(kind: ItemKind) -> str:
    ways: dict[ItemState, list[ItemState]] = {}
    for before, after in product(ItemState, ItemState):
        if (before, after) in MOVES[kind] and ItemState.HIDDEN not in (before, after):
            ways.setdefault(before, []).append(after)
    return table(["from", "to"], ([f"`{a}`", code(to)] for a, to in ways.items()))


# Command line ------------------------------------------------------------------------------------


def commands() -> dict[str, click.Command]:
    """Return every command of `assent` by its name."""
    from assent.cli.main import commands as group

    context = click.Context(group, info_name="assent")
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def command_line() -> str:
    """Return usage, help and options of every command."""
    return "\n\n".join(_command(name, command) for name, command in commands().items())


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"assent {name}")
    pieces = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    said = inspect.cleandoc(command.help or "").split("\n\n")
    lines = [f"### `{' '.join(['assent', name, *pieces])}`", *map(_one_line, said)]
    rows = [_option(p, context) for p in command.params if isinstance(p, click.Option)]
    return "\n\n".join([*lines, table(["option", "default", ""], rows)] if rows else lines)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\b", "")).strip()


def _option(option: click.Option, context: click.Context) -> list[str]:
    names = " ".join([*option.opts, *option.secondary_opts])
    kind = "" if option.is_flag else f" {option.make_metavar(context)}"
    default = option.to_info_dict().get("default")
    shown = f"`{default}`" if default not in (None, False, "", ()) and not option.is_flag else ""
    if option.required:
        shown = "must be given"
    return [f"`{names}{kind}`", shown if "Sentinel" not in shown else "", option.help or ""]


# API ---------------------------------------------------------------------------------------------


def schema() -> dict[str, Any]:
    """Return the OpenAPI document."""
    from assent.api.app import api

    return dict(api.get_openapi_schema(path_prefix=API_PREFIX))


def calls() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (method, path, call) for every call of the API."""
    for path, methods in schema()["paths"].items():
        for method, call in methods.items():
            yield method.upper(), path, call


def api_calls() -> str:
    """Return every call with what it takes and answers."""
    shapes = schema()["components"]["schemas"]
    return "\n\n".join(_call(shapes, method, path, call) for method, path, call in calls())


def _call(shapes: dict[str, Any], method: str, path: str, call: dict[str, Any]) -> str:
    token = " Needs a token." if call.get("security") else ""
    lines = [f"### `{method} {path}`", f"{_one_line(call.get('description', ''))}{token}"]
    takes = [*_query(call), *_body(shapes, call)]
    if takes:
        lines.append(table(["takes", "", ""], takes))
    lines.append(table(["answers", "with"], _answers(shapes, call)))
    return "\n\n".join(lines)


def _query(call: dict[str, Any]) -> Iterator[list[str]]:
    for parameter in call.get("parameters", []):
        place = {"query": "in the address", "header": "header"}.get(parameter["in"])
        # The key is the same everywhere, and is told once above the calls.
        if place and parameter["name"] != "Idempotency-Key":
            yield [f"`{parameter['name']}`", _type(parameter["schema"]), place]


def _body(shapes: dict[str, Any], call: dict[str, Any]) -> Iterator[list[str]]:
    for kind, content in call.get("requestBody", {}).get("content", {}).items():
        body = content["schema"]
        body = shapes[_name(body)] if "$ref" in body else body
        for name, about in body.get("properties", {}).items():
            need = "needed" if name in body.get("required", ()) else ""
            where = "form field" if "form" in kind else need
            yield [f"`{name}`", _type(about), where]


def _answers(shapes: dict[str, Any], call: dict[str, Any]) -> Iterator[list[str]]:
    errors = []
    for status, given in call["responses"].items():
        contents: list[dict[str, Any]] = list(given.get("content", {}).values())
        shape = contents[0].get("schema", {}) if contents else {}
        if "$ref" in shape and _name(shape) == "Error":
            errors.append(str(status))
        else:
            yield [str(status), _fields(shapes, shape)]
    if errors:
        yield [", ".join(errors), "the error shape"]


def _fields(shapes: dict[str, Any], shape: dict[str, Any]) -> str:
    fields = shapes[_name(shape)]["properties"] if "$ref" in shape else {}
    return ", ".join(_field(shapes, name, about) for name, about in fields.items())


def _field(shapes: dict[str, Any], name: str, about: dict[str, Any]) -> str:
    inside = about.get("items", {})
    if "$ref" not in inside or "properties" not in shapes[_name(inside)]:
        return f"`{name}`"
    return f"`{name}` (each: {code(shapes[_name(inside)]['properties'])})"


def _name(shape: dict[str, Any]) -> str:
    return str(shape["$ref"]).rsplit("/", 1)[-1]


def _type(about: dict[str, Any]) -> str:
    either = [_type(a) for a in about.get("anyOf", ()) if a.get("type") != "null"]
    if either:
        return " or ".join(either)
    if "$ref" in about:
        return {"Contact": "`kind`, `value`"}.get(_name(about), f"one of {_name(about)}")
    if "enum" in about:
        return " or ".join(f"`{e}`" for e in about["enum"])
    kind = str(about.get("format", about.get("type", "")))
    if about.get("type") == "array":
        kind = f"list of {_type(about['items'])}"
    return {"binary": "file", "integer": "whole number", "string": "text"}.get(kind, kind)


# Audit -------------------------------------------------------------------------------------------


def audit_columns() -> str:
    """Return the canonical columns of an export with the names under which they are known."""
    from assent.audit.schema import COLUMNS

    rows = [[code([c.name]), c.holds.value, c.says, code(c.aliases)] for c in COLUMNS]
    return table(["column", "holds", "what it says", "also known as"], rows)


# Writing -----------------------------------------------------------------------------------------

PARTS: Mapping[str, tuple[str, Callable[[], str]]] = {
    "permissions": ("permissions.md", permissions),
    "states": ("states.md", all_states),
    "moves": ("states.md", moves),
    "commands": ("cli.md", command_line),
    "calls": ("api.md", api_calls),
    "columns": ("audit.md", audit_columns),
}


def with_part(page: str, name: str, text: str) -> str:
    """Return the page with this text between the marks of this name."""
    begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
    assert begin in page, f"the page has no place for {name}"
    assert end in page, f"the page has no end for {name}"
    before, after = page.split(begin)[0], page.split(end)[1]
    return f"{before}{begin}\n{text}\n{end}{after}"


def stale() -> dict[Path, str]:
    """Return the pages that differ from what the code says, with what they should be."""
    wanted: dict[Path, str] = {}
    for name, (file, make) in PARTS.items():
        path = REFERENCE / file
        wanted[path] = with_part(wanted.get(path) or path.read_text(), name, make())
    return {path: text for path, text in wanted.items() if text != path.read_text()}


def main() -> int:
    """Write the stale pages, or with --check only name them."""
    import django

    os.environ.setdefault("ASSENT_DATA", str(ROOT / ".tools" / "check-data"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assent.config.settings")
    django.setup()
    found = stale()
    for path, text in found.items():
        print(path.relative_to(ROOT))
        if "--check" not in sys.argv:
            path.write_text(text)
    return int(bool(found) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
