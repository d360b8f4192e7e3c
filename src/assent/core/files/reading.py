"""Reading a file-like object that may be a temporary upload, a stored object or memory."""

from __future__ import annotations

import struct
from typing import BinaryIO

_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_ENTRY = b"PK\x01\x02"
_ARCHIVE_64 = b"PK\x06\x07"
_TAIL = 22 + 65_535  # the end record of a ZIP and the longest comment after it


def read_at(fileobj: BinaryIO, start: int, length: int) -> bytes:
    """Return up to `length` bytes from `start`; fewer only where the file ends."""
    fileobj.seek(start)
    parts: list[bytes] = []
    while length > 0 and (part := fileobj.read(length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def hides_archive(fileobj: BinaryIO, size: int) -> bool:
    """Whether the end of the file would also open as a non-empty ZIP archive.

    Archive programs look for a ZIP from the end of a file, so a picture or a model can be an
    archive as well without breaking its own format.
    """
    base = max(0, size - _TAIL)
    tail = read_at(fileobj, base, _TAIL)
    at = tail.rfind(_ARCHIVE_END)
    while at >= 0:
        if len(tail) - at >= 22 and _is_archive_end(fileobj, tail, base, at):
            return True
        at = tail.rfind(_ARCHIVE_END, 0, at)
    return False


def _is_archive_end(fileobj: BinaryIO, tail: bytes, base: int, at: int) -> bool:
    """Four matching bytes happen by chance in random weights; a directory before them does not."""
    if tail[max(0, at - 20) : at].startswith(_ARCHIVE_64):
        return True
    directory_bytes: int = struct.unpack_from("<I", tail, at + 12)[0]
    start = base + at - directory_bytes
    return start >= 0 and read_at(fileobj, start, 4) == _ARCHIVE_ENTRY
