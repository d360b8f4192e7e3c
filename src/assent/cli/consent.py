"""`assent verify-receipt` and `assent rotate-consent-key`: signed consent records."""

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


@click.command("rotate-consent-key")
@data_option
def rotate_consent_key(data: Path) -> None:
    """Make a new key for consent records. Records signed under the old ones still verify."""
    require_market(data)
    from assent.gateways.signing import add_key

    click.echo(f"{add_key()} signs from now on.")
