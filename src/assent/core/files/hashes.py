"""Every exact hash of a file in one streaming pass and bounded memory."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from blake3 import blake3

from assent.core.files.kohya_hashes import legacy_hash, model_hash
from assent.core.files.safetensors_header import Header, Tensor

CHUNK_BYTES = 1 << 20
AUTOV1_WINDOW = (0x100000, 0x110000)
_TENSOR_DOMAIN = b"assent/tensor-bytes/1\0"
_SET_DOMAIN = b"assent/tensor-hash/1\0"
_PREFIX = "t1:"


@dataclass(frozen=True, slots=True)
class FileHashes:
    """Lowercase hex. `autov1` is None below 1 MiB, where it would be the same for every file;
    `autov3`, `tensor_hash`, `data_sha256` and the hashes of kohya's trainer are None for anything
    but a sound safetensors file; `sshs_legacy_hash` also where it would say nothing."""

    bytes: int
    sha256: str
    blake3: str
    crc32: str
    autov1: str | None
    autov2: str
    autov3: str | None
    tensor_hash: str | None
    data_sha256: str | None = None
    sshs_model_hash: str | None = None
    sshs_legacy_hash: str | None = None


class _Window:
    """SHA-256 of the part of a stream that lies in [start, end)."""

    def __init__(self, start: int, end: int | None, domain: bytes = b"") -> None:
        self.start, self.end = start, end
        self.sha = hashlib.sha256(domain)
        self.seen = 0

    def feed(self, at: int, chunk: memoryview) -> None:
        """Take what falls into the window from a chunk that begins at `at`."""
        low = max(0, self.start - at)
        high = len(chunk) if self.end is None else min(len(chunk), self.end - at)
        if low < high:
            self.sha.update(chunk[low:high])
            self.seen += high - low


class _TensorHash:
    """The metadata-blind hash; tensors arrive in file order and are combined by name."""

    def __init__(self, tensors: tuple[Tensor, ...]) -> None:
        self.tensors = tensors
        self.digests: list[bytes] = []
        self.open = self._next()

    def _next(self) -> _Window | None:
        if len(self.digests) == len(self.tensors):
            return None
        tensor = self.tensors[len(self.digests)]
        return _Window(tensor.start, tensor.end, _TENSOR_DOMAIN)

    def feed(self, at: int, chunk: memoryview) -> None:
        """Take the next chunk of the file, which begins at `at`."""
        while self.open is not None:
            self.open.feed(at, chunk)
            if self.open.end is None or self.open.end > at + len(chunk):
                return
            self.digests.append(self.open.sha.digest())
            self.open = self._next()

    def result(self) -> str | None:
        """The hash, or None when the file ended before its last tensor."""
        if self.open is not None:
            return None
        total = hashlib.sha256(_SET_DOMAIN + struct.pack("<Q", len(self.tensors)))
        named = zip(self.tensors, self.digests, strict=True)
        for tensor, digest in sorted(named, key=lambda pair: pair[0].name.encode()):
            total.update(_framed(tensor) + digest)
        return _PREFIX + total.hexdigest()


def hash_file(
    fileobj: BinaryIO,
    header: Header | None = None,
    progress: Callable[[int], object] | None = None,
) -> FileHashes:
    """Hash a file from its start to its end; `progress` is told the bytes of each chunk.

    With a safetensors `header` two more are made:

    `autov3`: SHA-256 of everything after the header, first 12 hex digits.

    `tensor_hash`: "t1:" and the SHA-256 of the concatenation of

    - the bytes "assent/tensor-hash/1", one zero byte, and the number of tensors (8 bytes);
    - for each tensor, ordered by the UTF-8 bytes of its name: the name's length in bytes
      (8 bytes) and the name; the number type's length (8 bytes) and the number type as in the
      header; the number of dimensions (8 bytes) and each dimension (8 bytes); and the 32-byte
      SHA-256 of "assent/tensor-bytes/1", one zero byte, and the tensor's bytes.

    All numbers are little-endian. Metadata and the order of tensors in the file do not matter;
    a renamed tensor, another precision or a single changed bit gives another hash.
    """
    whole, tree, crc, at = hashlib.sha256(), blake3(), 0, 0
    early, data = _Window(*AUTOV1_WINDOW), _Window(header.data_start if header else 0, None)
    tensors = _TensorHash(header.tensors if header else ())
    fileobj.seek(0)
    while chunk := memoryview(fileobj.read(CHUNK_BYTES)):
        whole.update(chunk)
        tree.update(chunk)
        crc = zlib.crc32(chunk, crc)
        early.feed(at, chunk)
        if header is not None:
            data.feed(at, chunk)
            tensors.feed(at, chunk)
        at += len(chunk)
        if progress is not None:
            progress(len(chunk))
    complete = header is not None and tensors.result() is not None
    behind = data.sha.hexdigest() if header else None
    return FileHashes(
        bytes=at,
        sha256=whole.hexdigest(),
        blake3=tree.hexdigest(),
        crc32=f"{crc:08x}",
        autov1=early.sha.hexdigest()[:8] if early.seen else None,
        autov2=whole.hexdigest()[:10],
        autov3=behind[:12] if behind else None,
        tensor_hash=tensors.result() if header else None,
        data_sha256=behind,
        sshs_model_hash=model_hash(fileobj, header, behind)
        if header and behind and complete
        else None,
        sshs_legacy_hash=legacy_hash(fileobj, header) if header and complete else None,
    )


def _framed(tensor: Tensor) -> bytes:
    """Name, number type and shape, each with its length, so that no two read alike."""
    name, dtype = tensor.name.encode(), tensor.dtype.encode()
    return b"".join(
        (
            struct.pack("<Q", len(name)) + name,
            struct.pack("<Q", len(dtype)) + dtype,
            struct.pack(f"<Q{len(tensor.shape)}Q", len(tensor.shape), *tensor.shape),
        )
    )
