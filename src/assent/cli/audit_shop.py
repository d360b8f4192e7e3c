"""`assent audit shop`: the mystery shopper of a marketplace's takedown path."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assent.cli.errors import OutsideFailure, UserMistake

if TYPE_CHECKING:
    from assent.audit.shopper import Visit

_PATH = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--at", "base", required=True, metavar="URL", help="Where the marketplace is.")
@click.option(
    "--token", envvar="ASSENT_TOKEN", required=True,
    help="A token of a test account that may put things up; or in ASSENT_TOKEN.",
)  # fmt: skip
@click.option(
    "--visits", required=True, type=_PATH, help="What was filed; made new or gone on with."
)
@click.option("--language", "languages", multiple=True, help="One of the form's; all without it.")
@click.option(
    "--publish",
    type=_PATH,
    help="Write what may be published: no number, PIN or item. As shopper-DAY.json in the "
    "marketplace's folder published/ it stands on /transparency/books.",
)
def shop(
    base: str, token: str, visits: Path, languages: tuple[str, ...], publish: Path | None
) -> int:
    """File real requests about invented work in every language, and measure.

    The first run puts up a test pattern for each language, asks for it to be taken down through the
    public form, and measures the receipt and the hiding. Run again with the same --visits, it looks
    whether the cases are decided, and puts the very same file up again: it must stay away. Exit
    code 1: something was not hidden, or came back.
    """
    from assent.audit.shopper import LANGUAGES, ShopError, Shopper, loaded, table

    if not base.startswith(("http://", "https://")):
        raise UserMistake("--at must be an address that begins with http:// or https://")
    if unknown := set(languages) - set(LANGUAGES):
        raise UserMistake(
            f"unknown language {sorted(unknown)[0]}; there are {', '.join(LANGUAGES)}"
        )
    shopper = Shopper(base, token, lambda: datetime.now(UTC))
    try:
        done = loaded(visits.read_text()) if visits.exists() else []
    except ValueError as error:
        raise UserMistake(f"{visits}: {error}") from error
    try:
        if done:
            for one in done:
                shopper.look(one)
                _keep(visits, done)
        for language in () if done else languages or LANGUAGES:
            done.append(shopper.file(language))
            _keep(visits, done)
    except (ShopError, OSError, ValueError) as error:
        raise OutsideFailure(str(error)) from error
    click.echo(table(done))
    if publish is not None:
        told = {"visits": [one.published() for one in done]}
        publish.write_text(json.dumps(told, indent=1) + "\n")
    failed = any(one.hide_seconds is None or one.stays_down is False for one in done)
    return 1 if failed else 0


def _keep(path: Path, done: Sequence[Visit]) -> None:
    """Write down what was filed, for its owner's eyes alone: number and PIN open the case."""
    text = json.dumps({"visits": [asdict(one) for one in done]}, indent=1)
    fresh = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
    fresh.replace(path)
