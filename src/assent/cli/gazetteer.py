"""`assent gazetteer build`: a Wikidata dump in, a gazetteer out, in bounded memory."""

from __future__ import annotations

import bz2
import gzip
import itertools
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import click

from assent.cli.errors import UserMistake
from assent.core.screening.gazetteer import Entry, starter_entries
from assent.core.screening.gazetteer_file import write_gazetteer
from assent.core.screening.wikidata import entity_on, entry_of, may_be_wanted

MAX_LINE = 64 << 20  # the largest entities of a dump have a few megabytes
_SKIP = 1 << 20
_EVERY = 2_000  # lines between two looks at how far we are


@click.group()
def gazetteer() -> None:
    """Make the list of well-known names that screening looks for."""


@dataclass
class Count:
    """What was on the lines of a dump."""

    lines: int = 0
    broken: int = 0
    people: int = 0
    characters: int = 0


@gazetteer.command()
@click.argument("dump", type=click.Path(path_type=Path, dir_okay=False), metavar="DUMP")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where the gazetteer goes.",
)
@click.option(
    "--sites",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Leave out whoever has a page on fewer sites than this.",
)
def build(dump: Path, out: Path, sites: int) -> int:
    """Stream a Wikidata JSON dump (plain, gzip or bzip2) into a gazetteer.

    Kept are names, whether person or character, years of birth and death, a role, and one of three
    buckets of how widely known: nothing that could be sorted into a list of targets. The names
    that come with Assent are in it too. A line that cannot be read is counted and passed over.
    """
    count = Count()
    try:
        with dump.open("rb") as raw:
            entries = itertools.chain(starter_entries(), _entries(raw, dump, count, sites))
            kept = write_gazetteer(entries, out)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserMistake(f"{dump} is cut short or damaged; nothing was written") from error
    except OSError as error:
        if error.errno is None:  # bz2 says so when the data is damaged
            raise UserMistake(f"{dump} is cut short or damaged; nothing was written") from error
        raise UserMistake(f"{error.filename or dump}: {error.strerror}") from error
    click.echo(
        f"{kept:,} entries in {out}: {count.people:,} people and {count.characters:,} characters"
        f" from {count.lines:,} lines, {count.broken:,} broken lines, and the starter list."
    )
    return 0


def _entries(raw: BinaryIO, dump: Path, count: Count, sites: int) -> Iterator[Entry]:
    size = dump.stat().st_size
    with click.progressbar(
        length=size, label="Reading", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        for line in _lines(_unpacked(raw)):
            count.lines += 1
            if count.lines % _EVERY == 0:
                bar.update(raw.tell() - bar.pos)
            entry = _entry_on(line, count, sites)
            if entry is not None:
                yield entry
        bar.update(size - bar.pos)


def _entry_on(line: bytes | None, count: Count, sites: int) -> Entry | None:
    if line is None:
        count.broken += 1
        return None
    if not may_be_wanted(line):
        # Most lines are no person's; whether they are whole is only looked at from outside.
        stripped = line.strip().rstrip(b",").strip()
        if stripped not in (b"", b"[", b"]") and not (
            stripped[:1] == b"{" and stripped[-1:] == b"}"
        ):
            count.broken += 1
        return None
    try:
        entity = entity_on(line)
        entry = None if entity is None else entry_of(entity, sites=sites)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError):
        count.broken += 1
        return None
    if entry is not None:
        count.people += entry.is_person
        count.characters += not entry.is_person
    return entry


def _unpacked(raw: BinaryIO) -> BinaryIO:
    """Return the dump's own bytes; the first bytes say how it is packed, not its name."""
    start = raw.read(3)
    raw.seek(0)
    if start[:2] == b"\x1f\x8b":
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    if start == b"BZh":
        return cast(BinaryIO, bz2.BZ2File(raw))
    return raw


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield each line, None for one that is longer than any entity."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(_SKIP)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line
