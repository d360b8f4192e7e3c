"""The hash chain: what a row's hash covers, and how a broken chain is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """The content of a journal row, without its own hash."""

    seq: int
    at: datetime
    actor: str
    verb: str
    subject: str
    rule: str
    data: dict[str, Any]
    previous: str


def link_hash(link: Link) -> str:
    """Return SHA-256 over the canonical JSON of the row and the hash before it, in hex."""
    content = [
        link.seq,
        link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        link.actor,
        link.verb,
        link.subject,
        link.rule,
        link.data,
        link.previous,
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def faults(rows: Iterable[tuple[Link, str]], head: tuple[int, str]) -> Iterator[str]:
    """Yield a sentence for each fault: a gap, an edit, a wrong link, or a cut-off end."""
    seq, previous, at = 0, START, None
    for link, stored in rows:
        if link.seq != seq + 1:
            yield f"Row {seq + 1} is missing: the next one found is {link.seq}."
        if link.previous != previous:
            yield f"Row {link.seq} does not follow the row before it."
        if link_hash(link) != stored:
            yield f"Row {link.seq} was changed after it was written."
        if at is not None and link.at < at:
            yield f"Row {link.seq} is dated before the row in front of it."
        seq, previous, at = link.seq, stored, link.at
    if (seq, previous) != head:
        yield f"The journal ends at row {seq}, but its head says row {head[0]}."
