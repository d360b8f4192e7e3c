"""What a C2PA manifest in a picture says: titles, descriptions, prompts, people.

A manifest store is a tree of JUMBF boxes (ISO 19566-5) with JSON and CBOR (RFC 8949) in it; where
it stands in a PNG, JPEG or WebP says C2PA 2.1, appendix A.3. Only texts are taken out. Whether the
manifest is signed by anyone who matters is not looked at: what it says is a stranger's word,
evidence for screening and staff. Whatever cannot be read ends the reading, and is no fault of the
picture.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import BinaryIO

from assent.core.files.config_clues import Clue
from assent.core.files.formats import Format
from assent.core.files.reading import read_at

MAX_STORE = 4_000_000  # a thumbnail is inside, as a rule
_MAX_DEPTH = 24
_MAX_BOXES = 2_000
_MAX_ITEMS = 50_000
_JPEG_APP11, _JPEG_SCAN = 0xEB, 0xDA
_JPEG_BOX_HEAD = 8  # "JP", the number of the box, the number of the packet
_SUPER, _JSON, _CBOR = b"jumb", b"json", b"cbor"
# Where in an assertion words stand that somebody wrote; everything else is hashes and programs.
_WEIGHTS = {
    "dc:title": 0.6, "title": 0.6, "name": 0.4, "description": 0.6, "prompt": 0.8, "text": 0.5,
    "caption": 0.6, "headline": 0.6, "keywords": 0.6, "dc:description": 0.6, "dc:subject": 0.6,
    "photoshop:headline": 0.6, "iptc4xmpext:personinimage": 0.9, "personinimage": 0.9,
    "instructions": 0.5, "com.adobe.prompt": 0.8, "negative_prompt": 0.0,
}  # fmt: skip
_NO_SUBJECT = ("claim_generator", "softwareAgent", "author", "issuer")


def c2pa_clues(fileobj: BinaryIO, kind: Format) -> Iterator[Clue]:
    """Yield the clues in a picture's manifests. Raises only what `fileobj` raises."""
    for store in _stores(fileobj, kind):
        try:
            for found in _contents(store):
                yield from _texts(found)
        except (ValueError, IndexError, struct.error, RecursionError, OverflowError):
            continue


# Where the store stands ---------------------------------------------------------------------------


def _stores(fileobj: BinaryIO, kind: Format) -> list[bytes]:
    if kind is Format.JPEG:
        return _in_jpeg(fileobj)
    wanted, at = (b"caBX", 8) if kind is Format.PNG else (b"C2PA", 12)
    for _ in range(_MAX_BOXES):
        head = read_at(fileobj, at, 8)
        if len(head) < 8:
            return []
        if kind is Format.PNG:
            length, name = struct.unpack(">I4s", head)
            step = 12 + length
        else:
            name, length = struct.unpack("<4sI", head)
            step = 8 + length + length % 2
        if name == wanted:
            return [read_at(fileobj, at + 8, min(length, MAX_STORE))]
        at += step
    return []


def _in_jpeg(fileobj: BinaryIO) -> list[bytes]:
    """APP11 segments hold the boxes in packets; those of one number belong together, and each
    repeats the head of its box."""
    packets: dict[int, bytearray] = {}
    at, total = 2, 0
    for _ in range(_MAX_BOXES):
        head = read_at(fileobj, at, 4)
        if len(head) < 4 or head[0] != 0xFF or head[1] == _JPEG_SCAN:
            break
        if head[1] == 0xFF:
            at += 1
            continue
        length = int.from_bytes(head[2:4], "big")
        if head[1] == _JPEG_APP11 and total < MAX_STORE:
            body = read_at(fileobj, at + 4, max(0, length - 2))
            total += len(body)
            _join(packets, body)
        at += 2 + length
    return [bytes(store) for store in packets.values()]


def _join(packets: dict[int, bytearray], body: bytes) -> None:
    if len(body) < 16 or body[:2] != b"JP":
        return
    number, rest = int.from_bytes(body[2:4], "big"), body[_JPEG_BOX_HEAD:]
    if number in packets:
        long = int.from_bytes(rest[:4], "big") == 1
        packets[number] += rest[16 if long else 8 :]
    else:
        packets[number] = bytearray(rest)


# What is in it ------------------------------------------------------------------------------------


def _contents(store: bytes) -> Iterator[object]:
    """Yield what the JSON and CBOR boxes hold, depth by depth."""
    waiting = [(0, len(store), 0)]
    seen = 0
    while waiting and seen < _MAX_BOXES:
        at, end, depth = waiting.pop()
        while at + 8 <= end and seen < _MAX_BOXES:
            seen += 1
            length, name = struct.unpack_from(">I4s", store, at)
            start = at + 8
            if length == 1 and at + 16 <= end:
                length, start = struct.unpack_from(">Q", store, at + 8)[0], at + 16
            stop = end if length == 0 else min(end, at + length)
            if stop <= start:
                break
            if name == _SUPER and depth < _MAX_DEPTH:
                waiting.append((start, stop, depth + 1))
            elif name == _CBOR:
                yield _Cbor(store[start:stop]).value()
            elif name == _JSON and stop - start <= 500_000:
                text = store[start:stop].decode("utf-8", "replace")
                if text.count("[") + text.count("{") <= _MAX_ITEMS:
                    yield json.loads(text, parse_int=float, parse_float=float)
            at = stop


class _Cbor:
    """Reads one value of CBOR: texts, lists and tables; numbers and bytes become None, for they
    name nobody. ValueError for what is damaged, and for more than is worth reading."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._items = data, 0, 0

    def value(self, depth: int = 0) -> object:
        """Return the next value."""
        self._items += 1
        if depth > _MAX_DEPTH or self._items > _MAX_ITEMS:
            raise ValueError("too deep or too much")
        first = self._take(1)[0]
        kind, short = first >> 5, first & 31
        if kind == 7:
            self._simple(short)
            return None
        length = self._length(short)
        if kind in (0, 1):
            return None
        if kind in (2, 3):
            raw = self._string(length, kind)
            return raw.decode("utf-8", "replace") if kind == 3 else None
        if kind == 6:
            return self.value(depth + 1)
        return self._many(kind, length, depth)

    def _many(self, kind: int, length: int | None, depth: int) -> object:
        listed: list[object] = []
        table: dict[str, object] = {}
        count = 0
        while (length is None and not self._ends()) or (length is not None and count < length):
            count += 1
            one = self.value(depth + 1)
            if kind == 4:
                listed.append(one)
            else:
                table[str(one)[:200]] = self.value(depth + 1)
        return listed if kind == 4 else table

    def _simple(self, short: int) -> None:
        if short > 27:
            raise ValueError("not a value")
        self._take({24: 1, 25: 2, 26: 4, 27: 8}.get(short, 0))

    def _length(self, short: int) -> int | None:
        if short < 24:
            return short
        if short == 31:
            return None
        if short > 27:
            raise ValueError("not a length")
        return int.from_bytes(self._take(1 << (short - 24)), "big")

    def _string(self, length: int | None, kind: int) -> bytes:
        if length is not None:
            return self._take(length)
        parts = []
        while not self._ends():
            first = self._take(1)[0]
            inner = self._length(first & 31)
            if first >> 5 != kind or inner is None:
                raise ValueError("not a piece of a text")
            parts.append(self._take(inner))
        return b"".join(parts)

    def _ends(self) -> bool:
        if self._at < len(self._data) and self._data[self._at] == 0xFF:
            self._at += 1
            return True
        return False

    def _take(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise ValueError("cut off")
        self._at += count
        return self._data[self._at - count : self._at]


def _texts(found: object) -> Iterator[Clue]:
    waiting: list[tuple[str, object]] = [("", found)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend((k, v) for k, v in value.items() if not k.startswith(_NO_SUBJECT))
        elif isinstance(value, list):
            waiting.extend((name, inner) for inner in value)
        elif isinstance(value, str) and (weight := _WEIGHTS.get(name.lower())):
            yield value, f"c2pa.{name}", weight
