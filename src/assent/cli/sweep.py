"""`assent sweep`: re-screen the whole catalogue under a policy version."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from assent.cli.market import data_option, require_market


@click.command("sweep")
@click.option("--policy", required=True, help="The id of the policy version.")
@click.option("--dry-run", is_flag=True, help="Say where each item would end; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
@data_option
def sweep(policy: str, dry_run: bool, as_json: bool, data: Path) -> None:
    """Re-screen every item, private and hidden ones too. Killed, it goes on where it stopped."""
    require_market(data)
    from assent.core.access import Actor
    from assent.core.terms import Refused
    from assent.flows.run_sweep import run_sweep
    from assent.flows.start_sweep import start_sweep
    from assent.sweeps.queries import sweep as sweep_view

    try:
        sweep_id = start_sweep(policy, dry_run=dry_run, by=Actor("operator"))
    except Refused as refused:
        raise click.UsageError(refused.refusal.sentence) from refused
    run_sweep(sweep_id, _show if sys.stderr.isatty() else _silent)
    found = sweep_view(sweep_id)
    assert found is not None
    if as_json:
        click.echo(json.dumps({"sweep": sweep_id, "policy": policy, **found.counts}))
    else:
        said = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in found.counts.items())
        click.echo(f"{found.done:,} items: {said or 'none'}.")


def _show(done: int) -> None:
    click.echo(f"\r{done:,} items", nl=False, err=True)


def _silent(done: int) -> None:
    pass
