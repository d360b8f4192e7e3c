"""Cuts a stream into blocks of whole lines; no line is ever held that is too long."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import IO

from assent.audit.terms import SourceError

MAX_LINE = 16 << 20  # bytes

# A cut of a block: how many of its bytes make whole records (0: none yet).
Cut = Callable[[bytes], int]


def at_newline(block: bytes) -> int:
    """Cut after the last line end."""
    return block.rfind(b"\n") + 1


def outside_quotes(block: bytes) -> int:
    """Cut after the last line end that is not inside quotation marks."""
    end = block.rfind(b"\n") + 1
    inside = block.count(b'"', 0, end) % 2
    while end and inside:
        before = block.rfind(b"\n", 0, end - 1) + 1
        inside ^= block.count(b'"', before, end) % 2
        end = before
    return end


def blocks(stream: IO[bytes], size: int, cut: Cut = at_newline) -> Iterator[bytes | None]:
    """Yield blocks of about `size` bytes that end with a line; None for a line too long to hold."""
    kept = _start(stream)
    while fresh := stream.read(size):
        kept += fresh
        end = cut(kept)
        if end:
            yield kept[:end]
            kept = kept[end:]
        elif len(kept) > MAX_LINE:
            yield None
            kept = _after_line(stream, kept, size)
    if kept:
        yield kept


def _start(stream: IO[bytes]) -> bytes:
    """The first bytes without a byte order mark; UTF-16 is refused, as are NUL bytes in a text."""
    head = stream.read(512)
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\x00" in head:
        raise SourceError("the file is not UTF-8 text (it looks like UTF-16, or like no text)")
    return head.removeprefix(codecs.BOM_UTF8)


def _after_line(stream: IO[bytes], kept: bytes, size: int) -> bytes:
    at = kept.find(b"\n")
    while at < 0:
        kept = stream.read(size)
        if not kept:
            return b""
        at = kept.find(b"\n")
    return kept[at + 1 :]
