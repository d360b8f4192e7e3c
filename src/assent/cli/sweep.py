"""`assent sweep`: re-screen the whole catalogue under a policy version, undo it, make it final."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assent.cli.market import data_option, require_market

if TYPE_CHECKING:
    from assent.core.access import Actor
    from assent.core.screening.policy import Policy
    from assent.sweeps.queries import SweepView


@click.command("sweep")
@click.option("--policy", required=True, help="The id of the policy version, or a draft's file.")
@click.option("--dry-run", is_flag=True, help="Say where each item would end; change nothing.")
@click.option("--yes", is_flag=True, help="Go on after the preview without asking.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes."
)
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
@data_option
def sweep(policy: str, dry_run: bool, yes: bool, workers: int, as_json: bool, data: Path) -> None:
    """Re-screen every item, private and hidden ones too. Killed, it goes on where it stopped.

    What it would change is counted and shown first. A draft in a file can be previewed only.
    """
    require_market(data)
    draft = _draft(policy)
    policy_id = draft.id if draft else policy
    if dry_run or not _counted(policy_id):
        _tell(_run(policy_id, draft, workers, dry_run=True), as_json and dry_run)
        if dry_run:
            return
        if not yes:
            click.confirm("Announce this version and sweep under it?", abort=True, err=True)
    _tell(_run(policy_id, draft, workers, dry_run=False), as_json)


@click.command("sweep undo")
@click.argument("sweep_id", metavar="SWEEP")
@data_option
def undo(sweep_id: str, data: Path) -> None:
    """Return everything that a sweep moved to the state that it was in.

    Possible until its removals are final. What a takedown notice, a moderator or the end of a
    consent record has claimed meanwhile stays where it is.
    """
    require_market(data)
    from assent.flows.undo_sweep import undo_sweep

    _end(undo_sweep, sweep_id, "restored")


@click.command("sweep settle")
@click.argument("sweep_id", metavar="SWEEP")
@data_option
def settle(sweep_id: str, data: Path) -> None:
    """Make a sweep's removals final: files are deleted, credits go back, copies are called back.

    This cannot be undone.
    """
    require_market(data)
    from assent.flows.settle_sweep import settle_sweep

    _end(settle_sweep, sweep_id, "removed for good")


def _end(flow: Callable[..., int], sweep_id: str, word: str) -> None:
    from assent.core.access import Actor
    from assent.core.terms import Refused

    by: Actor = Actor("operator")
    try:
        done = flow(sweep_id, by=by)
    except Refused as refused:
        raise click.UsageError(refused.refusal.sentence) from refused
    click.echo(f"{done:,} items {word}.")


def _draft(policy: str) -> Policy | None:
    from assent.cli.policy import read_policy

    return read_policy(Path(policy)) if policy.endswith(".toml") else None


def _counted(policy_id: str) -> bool:
    from assent.sweeps.queries import is_previewed, unfinished

    return is_previewed(policy_id) or unfinished(policy_id, dry_run=False) is not None


def _run(policy_id: str, draft: Policy | None, workers: int, *, dry_run: bool) -> SweepView:
    from assent.core.access import Actor
    from assent.core.terms import Refused
    from assent.flows.run_sweep import run_sweep
    from assent.flows.start_sweep import start_sweep
    from assent.sweeps.queries import sweep as sweep_view

    try:
        sweep_id = start_sweep(policy_id, dry_run=dry_run, by=Actor("operator"), draft=draft)
    except Refused as refused:
        raise click.UsageError(refused.refusal.sentence) from refused
    run_sweep(sweep_id, _show if sys.stderr.isatty() else _silent, workers=workers)
    found = sweep_view(sweep_id)
    assert found is not None
    return found


def _tell(found: SweepView, as_json: bool) -> None:
    from assent.sweeps.queries import by_rule, sample

    if as_json:
        click.echo(json.dumps({"sweep": found.id, "policy": found.policy, **found.counts}))
        return
    word = "would change" if found.dry_run else "changed"
    said = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in found.counts.items())
    click.echo(f"{found.done:,} items: {said or 'none'}. {found.changing:,} {word}. {found.id}")
    for outcome, rule, count, moved in by_rule(found.id):
        click.echo(f"  {outcome:<13}{rule:<28}{count:>9,}{moved:>9,} {word}")
    if found.dry_run and found.changing:
        click.echo("A sample to look at:")
        for one in sample(found.id, 10):
            click.echo(f"  {one.item}  {one.before} > {one.after}  {one.rule}  {one.title[:60]}")


def _show(done: int) -> None:
    click.echo(f"\r{done:,} items", nl=False, err=True)


def _silent(done: int) -> None:
    pass
