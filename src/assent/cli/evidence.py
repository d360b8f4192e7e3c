"""`assent verify-evidence`: whether a sealed file about a takedown case is as it was sealed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import click

from assent.cli.inclusion import is_in_journal

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
READ_MAX = 64 * 1024 * 1024
_NOT_ONE = "This is not a sealed file about a case."


@click.command("verify-evidence")
@click.argument("evidence", type=FILE)
@click.option("--keys", type=FILE, help="The site's keys, saved from its keys address yourself.")
@click.option(
    "--roots", type=FILE, help="The published roots, saved from /transparency/roots.json."
)
def verify_evidence(evidence: Path, keys: Path | None, roots: Path | None) -> None:
    """Verify offline that a sealed file from the page of a case was not changed.

    Without --keys its own copy of the keys is used, which shows only that it is whole; without
    --roots the journal rows are held against the roots that it names itself. Exit code 1 means
    that something does not hold.
    """
    try:
        files = _read(evidence)
        given = json.loads(keys.read_text() if keys else files["keys.json"])
        known = _published(roots) if roots else None
        faults = [*_seal_faults(files, given), *_journal_faults(files, known)]
        facts = json.loads(files["facts.json"])
        summary = f"case {facts['number']}, sealed {facts['made_at']}, {len(facts['items'])} items"
    except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise click.UsageError(_NOT_ONE) from error
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo(f"It is as it was sealed: {summary}.")
    if keys is None or roots is None:
        click.echo("Held against what it says itself. Give --keys and --roots from the site too.")


def _read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as box:
        if sum(one.file_size for one in box.infolist()) > READ_MAX:
            raise ValueError(_NOT_ONE)
        return {name: box.read(name) for name in box.namelist()}


def _published(roots: Path) -> set[tuple[int, str]]:
    return {(one["rows"], one["root"]) for one in json.loads(roots.read_text())["roots"]}


def _seal_faults(files: dict[str, bytes], keys: dict[str, Any]) -> list[str]:
    from assent.gateways.signing import EVIDENCE, UnverifiedError, verified

    try:
        claims = verified(files["seal.jws"].decode(), EVIDENCE, keys)
    except UnverifiedError as error:
        return [f"The seal is not the site's: {error}."]
    sealed = claims["sha256"]
    more = set(files) - set(sealed) - {"seal.jws", "keys.json"}
    changed = [
        name
        for name, digest in sealed.items()
        if hashlib.sha256(files.get(name, b"")).hexdigest() != digest
    ]
    return [f"{name} was changed since it was sealed." for name in changed] + [
        f"{name} is not part of what was sealed." for name in sorted(more)
    ]


def _journal_faults(files: dict[str, bytes], known: set[tuple[int, str]] | None) -> list[str]:
    faults = []
    for proof in json.loads(files["journal.json"]):
        if not proof["proofs"]:
            continue  # it was sealed before the day's root was published
        if known is not None and (proof["rows"], proof["root"]) not in known:
            faults.append(f"The root at row {proof['rows']:,} is not among the published ones.")
        wrong = [one["row"]["seq"] for one in proof["proofs"] if not is_in_journal(one, proof)]
        faults += [f"Row {seq} is not in the journal of that root." for seq in wrong]
    return faults
