"""The two hashes that kohya's trainer writes into a model, made again from the tensors.

The trainer serialises the tensors with nothing but its own `ss_` notes and hashes that: everything
behind the header (`sshs_model_hash`), and the 64 KiB from 1 MiB on (`sshs_legacy_hash`, the same
window as AutoV1). So the order of tensors counts in which the format's own library writes them, and
the length of the header, whatever other notes the file has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from assent.core.files.reading import read_at
from assent.core.files.safetensors_header import Header, Tensor

WINDOW = (0x100000, 0x110000)
_STEP = 1 << 20
# The library sorts by number type, widest first, as listed here backwards, and then by name.
_TYPES = (
    "BOOL", "F4", "F6_E2M3", "F6_E3M2", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0",
    "F8_E4M3FNUZ", "F8_E5M2FNUZ", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "C64",
    "F64", "I64", "U64",
)  # fmt: skip
_RANK = {dtype: -place for place, dtype in enumerate(_TYPES)}


MODEL_HASH, LEGACY_HASH = "sshs_model_hash", "sshs_legacy_hash"


def model_hash(fileobj: BinaryIO, header: Header, data_sha256: str) -> str | None:
    """Return `sshs_model_hash`, 64 hex digits. `data_sha256` is the SHA-256 of everything behind
    the file's header; where the file is in the library's order, that is it. A file in another order
    is read once more, if it claims such a hash; else None: kohya's trainer never wrote it."""
    ordered = _ordered(header)
    places = [(one.start, one.end) for one in ordered if one.end > one.start]
    if places == sorted(places):
        return data_sha256
    if MODEL_HASH not in header.metadata:
        return None
    whole = hashlib.sha256()
    for one in ordered:
        for chunk in _chunks(fileobj, one.start, one.end):
            whole.update(chunk)
    return whole.hexdigest()


def legacy_hash(fileobj: BinaryIO, header: Header) -> str | None:
    """Return `sshs_legacy_hash`, 8 hex digits; None for a model below 1 MiB, where it would be the
    same for all, and where the notes reach into the window: their order there is the trainer's
    chance."""
    ordered = _ordered(header)
    low, high = (edge - _header_bytes(ordered, header.metadata) for edge in WINDOW)
    if low < 0:
        return None
    window, at, seen = hashlib.sha256(), 0, 0
    for one in ordered:
        size = one.end - one.start
        first, last = max(0, low - at), min(size, high - at)
        if first < last:
            for chunk in _chunks(fileobj, one.start + first, one.start + last):
                window.update(chunk)
                seen += len(chunk)
        at += size
        if at >= high:
            break
    return window.hexdigest()[:8] if seen else None


def _ordered(header: Header) -> list[Tensor]:
    return sorted(header.tensors, key=lambda one: (_RANK[one.dtype], one.name.encode()))


def _header_bytes(ordered: list[Tensor], notes: Mapping[str, str]) -> int:
    """Length of the header with `ss_` notes alone, the eight bytes before it included."""
    table: dict[str, object] = {
        "__metadata__": {key: text for key, text in notes.items() if key.startswith("ss_")}
    }
    at = 0
    for one in ordered:
        end = at + one.end - one.start
        shape, places = list(one.shape), [at, end]
        table[one.name] = {"dtype": one.dtype, "shape": shape, "data_offsets": places}
        at = end
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
    return 8 + len(text) + -len(text) % 8


def _chunks(fileobj: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    for at in range(start, end, _STEP):
        yield read_at(fileobj, at, min(_STEP, end - at))
