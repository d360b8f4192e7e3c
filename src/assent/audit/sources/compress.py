"""Opens a file for reading, unpacked where it is gzip or zstd, and hashes it on the way."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

import zstandard

from assent.audit.sources.batch import Reading, SourceFile
from assent.audit.terms import DamageError, SourceError

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_BLOCK = 1 << 20


class _Watched(io.RawIOBase):
    """A file that is hashed and counted while it is read, once."""

    def __init__(self, file: IO[bytes], reading: Reading) -> None:
        self._file, self._reading = file, reading
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - as the base class has it
        count = self._file.readinto(buffer)  # type: ignore[attr-defined]
        self.digest.update(memoryview(buffer)[:count])
        self._reading.on_bytes(count)
        return int(count)


@contextmanager
def opened(source: SourceFile, reading: Reading) -> Iterator[IO[bytes]]:
    """Open a file, unpacked. Its SHA-256 as stored is in `reading.digests` when it was read.

    Raise SourceError where it cannot be opened, DamageError where it is cut off or damaged.
    """
    try:
        file = source.path.open("rb")
    except OSError as error:
        raise SourceError(f"cannot read {source.name}: {error.strerror}") from error
    with file:
        watched = _Watched(file, reading)
        try:
            yield _unpacked(watched, file)
        except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
            raise DamageError(f"{source.name} is cut off or damaged: {error}") from error
        while watched.read(_BLOCK):  # what is behind the last record belongs to the fingerprint
            pass
        reading.digests[source.name] = watched.digest.hexdigest()


def _unpacked(watched: _Watched, file: IO[bytes]) -> IO[bytes]:
    head = file.read(4)
    file.seek(0)
    raw = io.BufferedReader(watched, _BLOCK)
    if head.startswith(_GZIP):
        return cast(IO[bytes], gzip.GzipFile(fileobj=raw))
    if head.startswith(_ZSTD):
        return io.BufferedReader(_Zstd(raw), _BLOCK)
    return raw


class _Zstd(io.RawIOBase):
    """An unpacked zstd stream; unlike the library's own, it notices an end in mid-frame."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._ready, self._inside = b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - as the base class has it
        while not self._ready:
            if not self._fill():
                return 0
        part, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def _fill(self) -> bool:
        packed = self._raw.read(_BLOCK >> 3)
        if not packed and self._inside:
            raise EOFError("it ends in the middle")
        while packed:
            if self._frame.eof:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._ready += self._frame.decompress(packed)
            self._inside, packed = not self._frame.eof, self._frame.unused_data
        return self._inside or bool(self._ready)
