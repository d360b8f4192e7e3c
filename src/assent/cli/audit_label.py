"""`assent audit label`: code a random sample by hand, on a local page, by one or several people."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assent.cli.audit_common import mistakes, screening, text_of
from assent.cli.errors import UserMistake

if TYPE_CHECKING:
    from assent.audit.label.serve import CodingServer
    from assent.audit.label.store import Store

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("source", type=_PATH)
@click.option(
    "--coding",
    type=_PATH,
    metavar="FILE",
    help="Where sample and codings are kept. By default beside the source's name, here.",
)
@click.option(
    "--size",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    help="How many records are drawn, spread evenly over the strata.",
)
@click.option(
    "--by",
    metavar="COLUMN",
    help="What the strata are. By default a classifier's verdict, else the type.",
)
@click.option("--seed", default=1, show_default=True, help="Draws the same sample again.")
@click.option("--screen", is_flag=True, help="Let Assent's screening be the classifier.")
@click.option(
    "--map", "map_file", type=_PATH, metavar="FILE", help="Which column is what, as TOML."
)
@click.option(
    "--export",
    type=_PATH,
    metavar="FILE",
    help="Write what the coders agree on as labels, and stop.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.")
def label(
    source: Path, coding: Path | None, size: int, by: str | None, seed: int, screen: bool,
    map_file: Path | None, export: Path | None, port: int,
) -> None:  # fmt: skip
    """Code a random sample of SOURCE by hand.

    The page opens under an address that only this machine and whoever you show it to knows.
    Each coder has a name of their own and sees neither what programs nor what others said. Stop
    with Ctrl-C and go on with the same command. Then: assent audit SOURCE --coding FILE --out DIR
    """
    path = coding or Path(f"{source.name}.coding.sqlite3")
    store = _store(path, source, size, by, seed, screen, map_file)
    if export is not None:
        click.echo(f"{store.export(export):,} coded records: {export}")
        return
    _serve(store, port)


def _store(
    path: Path, source: Path, size: int, by: str | None, seed: int, screen: bool,
    map_file: Path | None,
) -> Store:  # fmt: skip
    from assent.audit.label.draw import Draw, draw
    from assent.audit.label.store import Store
    from assent.audit.mapping import Wishes, parse_mapping

    with mistakes():
        if path.exists():
            store = Store(path)
            if store.about.get("source") != source.name:
                raise UserMistake(
                    f"{path} holds a sample of {store.about.get('source')}, not of {source.name}"
                )
            return store
        wishes = Wishes() if map_file is None else parse_mapping(text_of(map_file))
        judge = screening() if screen else None
        wanted = Draw(source, datetime.now(tz=UTC), wishes, size, by, seed, judge)
        return draw(wanted, path)


def _serve(store: Store, port: int) -> None:
    from assent.audit.label.serve import CodingServer

    try:
        server = CodingServer(store, lambda: datetime.now(tz=UTC).isoformat(), port)
    except OSError as error:
        raise UserMistake(f"port {port} cannot be used: {error.strerror}") from error
    click.echo(f"{store.size():,} records to code, kept in {store.path}")
    click.echo(f"Open {server.url}  (Ctrl-C stops; the codings stay)")
    _run(server)


def _run(server: CodingServer) -> None:
    if sys.stdout.isatty():
        click.launch(server.url)
    sys.stdout.flush()
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        click.echo("Stopped. The codings are kept.")
    finally:
        server.server_close()
