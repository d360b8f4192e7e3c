"""`assent screen`: JSON Lines in, verdicts out, one line each, in the same order."""

from __future__ import annotations

import gc
import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from assent.cli.errors import UserMistake
from assent.core.screening.adjudicating import Reader, adjudicate
from assent.core.screening.gazetteer_file import GazetteerError, open_gazetteer
from assent.core.screening.names import NameIndex
from assent.core.screening.policies import default_policy, parse_policy
from assent.core.screening.policy import Policy, PolicyError
from assent.core.screening.protected import ProtectedNames, read_protected
from assent.core.screening.record import (
    MAX_CHARACTERS,
    RecordError,
    error_record,
    parse_line,
    record_of,
)
from assent.core.screening.screen import TOGETHER, screen_many
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Verdict
from assent.core.terms import Outcome

MAX_LINE = 4 * MAX_CHARACTERS  # bytes
_SKIP = 1 << 20
_MOST_TOGETHER = 1 << 20  # bytes


@click.command()
@click.argument("file", default="-")
@click.option("--policy", "policy_file", metavar="FILE", help="Rules to apply, as TOML.")
@click.option("--protected", "protected_file", metavar="FILE", help="Protected names, one a line.")
@click.option("--gazetteer", "names_file", metavar="FILE", help="From `assent gazetteer build`.")
@click.option("--adjudicator-memory", "memory", metavar="FILE", help="Keeps the answers, see docs.")
def screen(
    file: str,
    policy_file: str | None,
    protected_file: str | None,
    names_file: str | None,
    memory: str | None,
) -> int:
    """Screen listings: one JSON record a line in, one verdict a line out.

    FILE is a file of JSON Lines; "-", or nothing, reads standard input. A line that cannot be
    read gives a line with an error, and the run goes on. Exit code 1 means that at least one
    record is refused.
    """
    policy = policy_from(policy_file)
    protected = protected_from(protected_file)
    names = _names(names_file)
    at = datetime.now(tz=UTC).date()

    def screen_it(submissions: Sequence[Submission]) -> list[Verdict]:
        found = screen_many(submissions, policy, at=at, protected=protected, names=names)
        if reader is None:
            return found
        return [
            adjudicate(one, verdict, policy, reader)
            for one, verdict in zip(submissions, found, strict=True)
        ]

    reader = _reader(at, memory)
    gc.freeze()  # the tables of names and phrases stay; no need to go through them again and again
    if file == "-":
        return _run(sys.stdin.buffer, screen_it)
    with opened(file) as stream:
        return _run(stream, screen_it)


def _reader(at: date, memory: str | None) -> Reader | None:
    """Return the second reader that the environment names; None, as usual, where it names none."""
    if not os.environ.get("ASSENT_ADJUDICATOR_URL"):
        return None
    from assent.gateways.adjudicator import AddressError, Remembering, endpoint_from

    try:
        endpoint = endpoint_from(os.environ)
        if endpoint is None:
            return None
        return Remembering(endpoint, at.isoformat(), Path(memory) if memory else None)
    except AddressError as error:
        raise UserMistake(f"the adjudicator: {error}") from error
    except sqlite3.Error as error:
        raise UserMistake(f"cannot use {memory}: {error}") from error


def _names(name: str | None) -> NameIndex | None:
    if name is None:
        return None
    try:
        return open_gazetteer(Path(name))
    except GazetteerError as error:
        raise UserMistake(f"{name}: {error}") from error
    except OSError as error:
        raise UserMistake(f"cannot read {name}: {error.strerror}") from error


def opened(name: str) -> BinaryIO:
    """Return a file the user named, open for reading, or raise UserMistake."""
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise UserMistake(f"cannot read {name}: {error.strerror}") from error


def _run(stream: BinaryIO, screen_it: Callable[[Sequence[Submission]], list[Verdict]]) -> int:
    refused = False
    out = sys.stdout
    for some in _together(stream):
        read = [_parsed(number, line) for number, line in some]
        verdicts = iter(screen_it([one for one in read if isinstance(one, Submission)]))
        for one in read:
            record = one
            if isinstance(one, Submission):
                verdict = next(verdicts)
                refused = refused or verdict.outcome is Outcome.REFUSE
                record = record_of(one, verdict)
            # ASCII only: whatever is in a listing cannot break the terminal or the next program.
            out.write(json.dumps(record) + "\n")
    out.flush()
    return 1 if refused else 0


def _parsed(number: int, line: bytes | None) -> Submission | dict[str, Any]:
    """Return the submission on a line, or the record of what is wrong with the line."""
    try:
        if line is None:
            raise RecordError("the line is too long")
        return parse_line(line)
    except RecordError as error:
        return error_record(number, str(error))


def _together(stream: BinaryIO) -> Iterator[list[tuple[int, bytes | None]]]:
    """Yield lines that are not blank, some at a time: listings cost less together."""
    some: list[tuple[int, bytes | None]] = []
    size = 0
    for number, line in lines(stream):
        if line is not None and not line.strip():
            continue
        some.append((number, line))
        size += len(line or b"")
        if len(some) == TOGETHER or size > _MOST_TOGETHER:
            yield some
            some, size = [], 0
    if some:
        yield some


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield (number, line), None for a line too long to hold; memory stays bounded."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(_SKIP)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        else:
            yield number, line


def policy_from(name: str | None) -> Policy:
    """Return the policy in a file, else the newest that ships."""
    if name is None:
        return default_policy()
    try:
        return parse_policy(_read(name))
    except PolicyError as error:
        raise UserMistake(f"{name}: {error}") from error


def protected_from(name: str | None) -> ProtectedNames | None:
    """Return the protected names in a file, if one is given."""
    return None if name is None else read_protected(_read(name))


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserMistake(f"cannot read {name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserMistake(f"{name} is not UTF-8") from error
