"""`assent verify-roots`: what somebody outside can find with the published roots alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify-roots")
@click.argument("roots", type=_FILE)
@click.option(
    "--kept",
    type=_FILE,
    multiple=True,
    help="Roots that you saved earlier; may be given several times.",
)
def verify_roots(roots: Path, kept: Sequence[Path]) -> None:
    """Verify, outside, that the published roots belong to one journal that only ever grew.

    ROOTS is /transparency/roots.json as it is today. Each tree must extend the one before it, no
    day may be missing, and every root that you kept must still be there. Exit code 1 means that
    something was changed, taken out or left out.
    """
    published = _read(roots)
    found = list(faults(published))
    for path in kept:
        found += missing(_read(path), published)
    for sentence in found:
        click.echo(sentence)
    if found:
        raise SystemExit(1)
    if not published:
        click.echo("No root was published yet.")
        return
    unproved = sum(one["extends"] is None for one in published[1:])
    click.echo(
        f"{len(published):,} roots, {published[0]['day']} to {published[-1]['day']}: "
        f"one journal of {published[-1]['rows']:,} rows that only grew."
    )
    if unproved:
        click.echo(f"{unproved:,} of them came without a proof that they extend the one before.")


def faults(published: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield a sentence for each fault of published roots, the earliest day first."""
    from assent.journal.merkle import extends

    for before, one in pairwise(published):
        following = before["day"] + timedelta(1)
        if one["day"] > following:
            last = one["day"] - timedelta(1)
            days = str(following) if following == last else f"{following} to {last}"
            yield f"No root was published on {days}."
        elif one["day"] < following:
            yield f"There are two roots of {one['day']}."
        proof = one["extends"]
        if one["rows"] < before["rows"]:
            yield f"The journal had fewer rows on {one['day']} than on {before['day']}."
        elif proof is not None and not extends(
            before["rows"], before["root"], one["rows"], one["root"], proof
        ):
            yield (
                f"The journal of {one['day']} does not begin with that of {before['day']}: "
                "something in it was changed or taken out."
            )


def missing(kept: Sequence[dict[str, Any]], published: Sequence[dict[str, Any]]) -> list[str]:
    """Return a sentence for each root that somebody kept and that is not published any more."""
    now = {(one["day"], one["rows"], one["root"]) for one in published}
    return [
        f"The root of {one['day']} that you kept is not published any more, "
        "or another one stands there."
        for one in kept
        if (one["day"], one["rows"], one["root"]) not in now
    ]


def _read(path: Path) -> list[dict[str, Any]]:
    """Return the roots of a file, the earliest day first."""
    try:
        found = [
            {
                "day": date.fromisoformat(one["day"]),
                "rows": int(one["rows"]),
                "root": bytes.fromhex(one["root"]).hex(),
                "extends": _hashes(one.get("extends")),
            }
            for one in json.loads(path.read_text())["roots"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise click.UsageError(f"{path} is not a file of published roots.") from error
    return sorted(found, key=lambda one: one["day"])


def _hashes(found: list[str] | None) -> list[str] | None:
    return None if found is None else [bytes.fromhex(one).hex() for one in found]
