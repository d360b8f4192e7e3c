"""`assent audit gone`: what a marketplace removed, does it really answer as gone?"""

from __future__ import annotations

import json
import random
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import click

from assent.cli.audit_common import mistakes
from assent.cli.errors import OutsideFailure, UserMistake

_PATH = click.Path(path_type=Path)
_PLACES = ("/bounties/{}", "/listings/{}", "/api/v1/items/{}", "/api/v1/bounties/{}")
_GONE = (404, 410)  # where it is; 404 where it never was: an item has one kind of page
_PATIENCE = 30  # seconds


@click.command()
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
@click.option("--at", "base", required=True, metavar="URL", help="Where the marketplace is.")
@click.option(
    "--sample", default=50, show_default=True, help="How many removed items are asked for."
)
@click.option("--seed", default=1, show_default=True, help="Draws the same sample again.")
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
def gone(old: Path, new: Path, base: str, sample: int, seed: int, as_json: bool) -> int:
    """Ask for items that are in the OLD dump and no longer in the NEW one.

    Each must answer 410 on at least one page or call, and nowhere with its content. Exit code: 0
    all are gone, 1 something still answers.
    """
    if not base.startswith(("http://", "https://")):
        raise UserMistake("--at must be an address that begins with http:// or https://")
    removed = sorted(_ids(old) - _ids(new))
    if not removed:
        raise UserMistake("nothing was removed between the two dumps")
    drawn = random.Random(seed).sample(removed, min(sample, len(removed)))  # noqa: S311
    kept = [own for own in drawn if not _is_gone(base.rstrip("/"), own)]
    _say(len(removed), len(drawn), len(kept), as_json=as_json)
    return 1 if kept else 0


def _ids(path: Path) -> set[str]:
    from assent.audit.clean import Cleaner, Log
    from assent.audit.gather import frames
    from assent.audit.mapping import Wishes
    from assent.audit.seen import Seen
    from assent.audit.sources.batch import Reading
    from assent.audit.sources.find import files

    with mistakes():
        cleaner = Cleaner(Wishes(), datetime.now(tz=UTC), Log())
        found = frames(files(path), Reading(), cleaner, Seen())
        return {own for frame in found for own in frame["id"].to_list()}


def _is_gone(base: str, own: str) -> bool:
    answers = [_status(base + place.format(own)) for place in _PLACES]
    return 410 in answers and all(answer in _GONE for answer in answers)


def _status(address: str) -> int:
    wanted = urllib.request.Request(address, headers={"User-Agent": "assent-audit"})  # noqa: S310
    try:
        with urllib.request.urlopen(wanted, timeout=_PATIENCE) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        answer.close()
        return answer.code
    except (OSError, ValueError) as error:
        raise OutsideFailure(f"{address.partition('/api')[0]} does not answer: {error}") from error


def _say(removed: int, asked: int, kept: int, *, as_json: bool) -> None:
    from assent.audit.stats.intervals import wilson

    low, high = wilson(kept, asked)
    if as_json:
        click.echo(json.dumps({"removed": removed, "count": kept, "base": asked,
                               "share": kept / asked, "low": low, "high": high}))  # fmt: skip
        return
    click.echo(f"{removed:,} items were removed; {asked:,} of them asked for at random")
    click.echo(
        f"{kept:,} still answer: {100 * kept / asked:.1f} % (95 % interval {100 * low:.1f} to"
        f" {100 * high:.1f} %)"
    )
    sys.stdout.flush()
