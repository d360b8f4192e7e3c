"""`assent drill takedown`: does the path that must not fail hold when the rest is down?"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from assent.cli.errors import OutsideFailure


@click.group("drill")
def drill() -> None:
    """Exercise what must not fail, on a marketplace that is thrown away."""


@drill.command("takedown")
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
def takedown(as_json: bool) -> None:
    """Take the database away, file a notice, bring the database back.

    Nothing that was named may be served, from the first answer on. It uses a demo of its own in a
    temporary folder and touches no marketplace of yours. Exit code 1: something did not hold.
    """
    from assent.ops.drill import drill_takedown

    def quiet(_: str) -> None:
        pass

    with tempfile.TemporaryDirectory(prefix="assent-drill-") as folder:
        try:
            found = drill_takedown(Path(folder), quiet if as_json else click.echo)
        except (RuntimeError, OSError) as error:
            raise OutsideFailure(f"The drill could not be run: {error}.") from error
    steps = [{"step": s, "seconds": t, "held": held} for s, t, held in found.steps]
    if as_json:
        click.echo(json.dumps({"passed": found.passed, "steps": steps}))
    else:
        click.echo("The takedown path holds." if found.passed else "IT DID NOT HOLD.")
    if not found.passed:
        raise SystemExit(1)
