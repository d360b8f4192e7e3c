"""`assent notice`: signed removal notices from and to other marketplaces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

import click

from assent.cli.market import data_option, require_market


@click.group("notice")
def notice() -> None:
    """Take other sites' removal notices, and see what went where."""


@notice.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
@data_option
def import_notice(file: BinaryIO, as_json: bool, data: Path) -> None:
    """Check another site's signed removal notice and take it; - reads standard input.

    Its signature must hold under the key of a sender that you listed (ASSENT_REMOVAL_SENDERS). What
    matches here is hidden until a person decides; nothing is removed. The same notice a second time
    changes nothing.
    """
    require_market(data)
    from assent.core.removals import BYTES_MAX
    from assent.core.terms import Refused
    from assent.flows.take_removal import take_removal

    try:
        taken = take_removal(file.read(BYTES_MAX + 1))
    except Refused as refused:
        raise click.UsageError(refused.refusal.sentence) from refused
    if as_json:
        found = {"id": taken.id, "sender": taken.sender, "known": taken.known,
                 "hashes": taken.hashes, "matches": taken.matches}  # fmt: skip
        click.echo(json.dumps(found))
    elif taken.known:
        click.echo(f"This notice of {taken.sender} was taken before. Nothing changed.")
    else:
        does = "what matches is hidden, and the queue has its case" if taken.matches else (
            "nothing here matches; the files are watched for"
        )  # fmt: skip
        click.echo(f"Taken from {taken.sender}, {taken.hashes} hashes: {does}.")


@notice.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
@data_option
def list_notices(as_json: bool, data: Path) -> None:
    """Show what went where, and what came from where: no hash, no case."""
    require_market(data)
    from assent.casework.others import received, sent

    if as_json:
        out = [
            {"to": s.recipient, "id": s.id, "hashes": s.count, "at": s.at.isoformat(),
             "state": s.state, "tries": s.tries, "answer": s.answer}
            for s in sent()
        ]  # fmt: skip
        come = [
            {"from": r.sender, "id": r.id, "hashes": r.count, "at": r.at.isoformat()}
            for r in received()
        ]
        click.echo(json.dumps({"sent": out, "received": come}))
        return
    for s in sent():
        click.echo(f"to   {s.recipient}  {s.count} hashes  {s.at:%Y-%m-%d %H:%M}  {s.state}"
                   f"  {s.answer}")  # fmt: skip
    for r in received():
        click.echo(f"from {r.sender}  {r.count} hashes  {r.at:%Y-%m-%d %H:%M}")
