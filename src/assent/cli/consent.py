"""`assent verify-receipt`, `verify-statement` and `rotate-consent-key`: what we signed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from assent.cli.market import data_option, require_market


@click.command("verify-receipt")
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The marketplace's published keys, saved from /.well-known/assent-consent-keys.json.",
)
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
def verify_receipt(receipt: Path, keys: Path, as_json: bool) -> None:
    """Verify a signed consent record offline, and show what it discloses.

    Exit code 1 means that it does not hold. Whether it is still in force only the marketplace
    can say: its page is in the record, under "status".
    """
    from assent.core.consent.disclosure import DisclosureError, revealed, split
    from assent.core.consent.record import TYPE
    from assent.gateways.signing import UnverifiedError, verified

    try:
        signed, shown = split(receipt.read_text())
        claims = revealed(verified(signed, TYPE, json.loads(keys.read_text())), shown)
    except (DisclosureError, UnverifiedError, ValueError) as error:
        click.echo(json.dumps({"valid": False, "why": str(error)}) if as_json else f"No: {error}.")
        raise SystemExit(1) from error
    click.echo(json.dumps({"valid": True, "record": claims}) if as_json else _in_words(claims))


def _in_words(claims: dict[str, Any]) -> str:
    names = claims.get("principal", {}).get("names", ["not disclosed"])
    within = claims["policy"]["permission"]
    lines = [
        f"The signature holds. Record {claims['recordId']} of {claims['iss']}",
        f"  whose      {', '.join(names)}",
        f"  allows     {', '.join(claims['processing']['operations'])}",
        f"  for        {claims['processing']['purpose']}",
        f"  never      {', '.join(p['action'] for p in claims['policy']['prohibition'])}",
    ]
    if within:
        dates = [c["rightOperand"] for c in within[0]["constraint"][:2]]
        lines.append(f"  from, to   {', '.join(dates)}")
    lines.append(f"  in force?  look at {claims['status']['url']}")
    return "\n".join(lines)


@click.command("verify-statement")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("statement", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The marketplace's published keys, saved from /.well-known/assent-consent-keys.json.",
)
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
def verify_statement(file: Path, statement: Path, keys: Path, as_json: bool) -> None:
    """Verify, offline, the signed statement that came with a file.

    Exit code 1 means that the signature does not hold, or that it speaks of another file.
    """
    from assent.core.consent.statement import TYPE, Agreement, agreement
    from assent.core.files.inspect import examine
    from assent.gateways.signing import UnverifiedError, verified

    try:
        claims = verified(statement.read_text().strip(), TYPE, json.loads(keys.read_text()))
    except (UnverifiedError, ValueError) as error:
        click.echo(json.dumps({"valid": False, "why": str(error)}) if as_json else f"No: {error}.")
        raise SystemExit(1) from error
    with file.open("rb") as opened:
        facts = examine(opened, file.name, file.stat().st_size)
    found = agreement(claims, facts.hashes.sha256, facts.hashes.tensor_hash or "")
    if as_json:
        click.echo(json.dumps({"valid": True, "file": found.value, "statement": claims}))
    else:
        click.echo(_of_file(claims, found))
    if found is Agreement.ANOTHER_FILE:
        raise SystemExit(1)


def _of_file(claims: dict[str, Any], found: str) -> str:
    said = {
        "same_bytes": "The signature holds, and this is the file that it speaks of.",
        "same_tensors": "The signature holds. The file has the same tensors; its metadata differ.",
        "another_file": "The signature holds, but it speaks of another file.",
    }
    lines = [said[found], f"  from       {claims['iss']}"]
    lines.append(f"  made by    {'AI' if 'digitalSourceType' in claims else 'not said'}")
    if "consent" in claims:
        lines.append(f"  rests on   {claims['consent']['recordId']}")
        lines.append(f"  in force?  look at {claims['consent']['status']['url']}")
    return "\n".join(lines)


@click.command("rotate-consent-key")
@data_option
def rotate_consent_key(data: Path) -> None:
    """Make a new key for consent records. Records signed under the old ones still verify."""
    require_market(data)
    from assent.gateways.signing import add_key

    click.echo(f"{add_key()} signs from now on.")
