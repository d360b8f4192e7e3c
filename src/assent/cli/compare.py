"""`assent compare`: are two files the same work, even re-saved, renamed, resized or merged?"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import click

from assent.cli.errors import UserMistake
from assent.core.fingerprints.compare import CannotCompare, Comparison, compare_looks
from assent.core.fingerprints.look import Look, look_at
from assent.core.fingerprints.relation import Relation

_SENTENCES = {
    Relation.SAME: "A and B are the same work.",
    Relation.DERIVED: "A and B share much of their weights: one was made from the other, "
    "or both from a third.",
    Relation.CONTAINS: "A contains parts of B, unchanged.",
    Relation.CONTAINED: "Parts of A are contained in B, unchanged.",
    Relation.UNRELATED: "A and B are not copies of each other.",
}
_BASES = {
    "sha256": "every byte is the same",
    "tensor_hash": "all weights are the same, bit by bit; only notes or order differ",
    "weights": "weight fingerprints",
    "picture": "picture fingerprints",
    "format": "one is a model and the other a picture",
}
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("compare")
@click.argument("a", type=_FILE)
@click.argument("b", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def compare(a: Path, b: Path, as_json: bool) -> None:
    """Say whether files A and B are the same work: re-saved, converted, renamed, resized, merged.

    The answer is about copies of weights and pictures. It cannot say whether two works show the
    same person. Exit code: 0 not related, 1 related, 2 a file that cannot be compared.
    """
    key = _key(a, b)
    looks = [_look(path, key) for path in (a, b)]
    try:
        found = compare_looks(*looks)
    except CannotCompare as why:
        raise UserMistake(str(why)) from None
    record = {"a": click.format_filename(a), "b": click.format_filename(b), **found.as_record()}
    click.echo(json.dumps(record, ensure_ascii=False) if as_json else _as_text(found))
    sys.exit(int(found.relation is not Relation.UNRELATED))


def _key(a: Path, b: Path) -> bytes:
    """A key from both files: the same every time and in either order, and yet nobody can bend a
    file to it, because every change of the file changes the key."""
    sums = []
    for path in (a, b):
        with path.open("rb") as fileobj:
            sums.append(hashlib.file_digest(fileobj, "sha256").digest())
    return hashlib.sha256(b"assent/compare/1\0" + b"".join(sorted(sums))).digest()


def _look(path: Path, key: bytes) -> Look:
    with path.open("rb") as fileobj:
        look = look_at(fileobj, path.name, path.stat().st_size, key)
    if look.facts.problems:
        raise UserMistake(
            f"{click.format_filename(path)} cannot be compared. {look.facts.problems[0].sentence}"
        )
    return look


def _as_text(found: Comparison) -> str:
    lines = [_SENTENCES[found.relation], f"  compared     {_BASES[found.basis]}"]
    if found.basis in ("weights", "picture"):
        lines.append(f"  similarity   {found.similarity:.3f}")
        lines.append(f"  by chance    at most {found.chance:.0e} of unrelated pairs")
    if "bits_apart" in found.details:
        lines.append(f"  bits apart   {found.details['bits_apart']} of 256; up to 31 is a match")
    if found.compared:
        lines.append(f"  modules      {len(found.matched):,} of {found.compared:,} match closely")
    if found.details.get("merge_weight") and found.relation is not Relation.UNRELATED:
        lines.append(f"  weight       about {found.details['merge_weight']:.2f} of A is in B")
    if found.details.get("weak"):
        lines.append(
            "  note         some likeness, as between models that began alike: not proof of a copy"
        )
    return "\n".join(lines)
