"""The outer structure of PNG, JPEG and WebP: size, frames, and that the file ends where it should.

Only the structure is walked, nothing is decompressed, so a picture that claims 30,000 x 30,000
pixels costs no more to refuse than a small one.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import BinaryIO

from assent.core.files.formats import Format
from assent.core.files.problems import Unsound, count
from assent.core.files.reading import read_at

MAX_PARTS = 100_000  # chunks or segments; an honest 40-megapixel PNG has about 15,000
MAX_SCANS = 100  # a small progressive JPEG with thousands of scans takes minutes to decode
_CHUNK = 1 << 18
_NO_LENGTH = {0x01, *range(0xD0, 0xD8)}
_FRAME_HEADERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Width and height in pixels as stored (before any EXIF rotation), and frames."""

    width: int
    height: int
    frames: int


def read_layout(fileobj: BinaryIO, kind: Format, size: int) -> Layout:
    """Walk the structure of a picture of `size` bytes; raises Unsound where it is broken."""
    walk = {Format.PNG: _walk_png, Format.JPEG: _walk_jpeg, Format.WEBP: _walk_webp}[kind]
    layout, end = walk(fileobj, size)
    if end < size:
        raise Unsound(
            "appended_data",
            f"This picture ends, and then the file goes on for {count(size - end, 'byte')}. Some "
            "phones add a short film there, and files can be hidden there. "
            "Please save the picture again and upload that.",
        )
    if layout.width < 1 or layout.height < 1:
        raise broken()
    return layout


def broken() -> Unsound:
    """The picture's structure is not that of its format."""
    return Unsound(
        "image_damaged",
        "This picture is damaged and cannot be shown. Please save it again and upload that.",
    )


def _cut() -> Unsound:
    return Unsound(
        "cut_off",
        "This picture stops before its end. It was probably cut off while uploading: "
        "please upload it again.",
    )


def _take(fileobj: BinaryIO, start: int, length: int) -> bytes:
    data = read_at(fileobj, start, length)
    if len(data) < length:
        raise _cut()
    return data


def _walk_png(fileobj: BinaryIO, size: int) -> tuple[Layout, int]:
    at, frames, seen_data = 8, 1, False
    length, name = struct.unpack(">I4s", _take(fileobj, at, 8))
    if name != b"IHDR" or length != 13:
        raise broken()
    width, height = struct.unpack(">II", _take(fileobj, at + 8, 8))
    for _ in range(MAX_PARTS):
        length, name = struct.unpack(">I4s", _take(fileobj, at, 8))
        if name == b"acTL" and length == 8:
            frames = max(frames, struct.unpack(">I", _take(fileobj, at + 8, 4))[0])
        seen_data = seen_data or name == b"IDAT"
        if name == b"IHDR" and at != 8:  # a second size could contradict the first
            raise broken()
        at += 12 + length
        if at > size:
            raise _cut()
        if name == b"IEND":
            if not seen_data:
                raise broken()
            return Layout(width, height, frames), at
    raise broken()


def _walk_jpeg(fileobj: BinaryIO, size: int) -> tuple[Layout, int]:
    at, scans, layout = 2, 0, None
    for _ in range(MAX_PARTS):
        fill, marker = _take(fileobj, at, 2)
        if fill != 0xFF:
            raise broken()
        if marker == 0xD9:
            if layout is None or scans == 0:
                raise broken()
            return layout, at + 2
        if marker == 0xFF or marker in _NO_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        layout = _jpeg_frame(fileobj, at, marker, layout)
        at += 2 + _jpeg_length(fileobj, at)
        if marker == 0xDA:
            scans += 1
            at = _next_marker(fileobj, at, size)
        if scans > MAX_SCANS:
            raise broken()
    raise broken()


def _jpeg_length(fileobj: BinaryIO, at: int) -> int:
    length: int = struct.unpack(">H", _take(fileobj, at + 2, 2))[0]
    if length < 2:
        raise broken()
    return length


def _jpeg_frame(fileobj: BinaryIO, at: int, marker: int, known: Layout | None) -> Layout | None:
    """The size stands in the one frame header; a second one could contradict it."""
    if marker not in _FRAME_HEADERS:
        return known
    if known is not None:
        raise broken()
    height, width = struct.unpack(">HH", _take(fileobj, at + 5, 4))
    return Layout(width, height, 1)


def _next_marker(fileobj: BinaryIO, at: int, size: int) -> int:
    """Skip compressed data from `at` to the next marker that is not part of it."""
    while at < size:
        data = read_at(fileobj, at, _CHUNK)
        if found := _NEXT_MARKER.search(data):
            return at + found.start()
        if len(data) < 2:
            break
        at += len(data) - 1  # the last byte may be the first half of a marker
    raise _cut()


def _walk_webp(fileobj: BinaryIO, size: int) -> tuple[Layout, int]:
    declared: int = struct.unpack("<I", _take(fileobj, 4, 4))[0]
    end = 8 + declared + declared % 2
    if end > size:
        raise _cut()
    layout = _webp_size(_take(fileobj, 12, 18))
    at, frames, pictures = 12, 0, 0
    for _ in range(MAX_PARTS):
        if at == end:
            if pictures + (frames > 0) != 1:  # two: two programs could show two pictures
                raise broken()
            return Layout(layout.width, layout.height, max(1, frames)), end
        name, length = struct.unpack("<4sI", _take(fileobj, at, 8))
        frames += name == b"ANMF"
        pictures += name in (b"VP8 ", b"VP8L")
        if name == b"VP8X" and at != 12:
            raise broken()
        at += 8 + length + length % 2
        if at > end:
            raise broken()
    raise broken()


def _webp_size(head: bytes) -> Layout:
    """The canvas, from the first chunk: extended, lossless or lossy."""
    name, body = head[:4], head[8:]
    if name == b"VP8X":
        wide, high = int.from_bytes(body[4:7], "little"), int.from_bytes(body[7:10], "little")
        return Layout(wide + 1, high + 1, 1)
    if name == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return Layout((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, 1)
    if name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        wide, high = struct.unpack("<HH", body[6:10])
        return Layout(wide & 0x3FFF, high & 0x3FFF, 1)
    raise broken()
