"""`assent token USER`: an API token."""

from __future__ import annotations

from pathlib import Path

import click

from assent.cli.market import data_option, require_market


@click.command("token")
@click.argument("user")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@click.option("--read-only", is_flag=True, help="It may look, and do nothing.")
@click.option("--staff", is_flag=True, help="USER's role counts with it, not only as a member.")
@data_option
def token(user: str, name: str, read_only: bool, staff: bool, data: Path) -> None:
    """Print a new API token for USER as the last line. It is shown this once."""
    require_market(data)
    from assent.core.access import Scope
    from assent.core.terms import Refused
    from assent.flows.make_token import make_token

    try:
        scopes = {Scope.READ, *([] if read_only else [Scope.WRITE]), *([Scope.STAFF] * staff)}
        click.echo(make_token(user, name, frozenset(scopes)))
    except Refused as refused:
        raise click.UsageError(refused.refusal.sentence) from refused
