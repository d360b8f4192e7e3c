"""`assent token USER`: an API token."""

from __future__ import annotations

from pathlib import Path

import click

from assent.cli.market import data_option, require_market


@click.command("token")
@click.argument("user")
@data_option
def token(user: str, data: Path) -> None:
    """Print a new API token for USER as the last line. It is shown this once."""
    require_market(data)
    from assent.core.terms import Refused
    from assent.flows.make_token import make_token

    try:
        click.echo(make_token(user))
    except Refused as refused:
        raise click.UsageError(refused.refusal.sentence) from refused
