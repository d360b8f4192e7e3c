"""A strict check of a safetensors header that reads nothing but the header.

Stricter than the format's own library where leniency would let two readers see two different
files: duplicate names, unknown fields and anything after the last tensor are refused.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

from assent.core.files.problems import Problem, Unsound, count, cut_off
from assent.core.files.reading import read_at

DTYPE_BITS: Mapping[str, int] = {
    **dict.fromkeys(("F4",), 4),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("BOOL", "U8", "I8"), 8),
    **dict.fromkeys(("F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 16),
    **dict.fromkeys(("I32", "U32", "F32"), 32),
    **dict.fromkeys(("I64", "U64", "F64", "C64"), 64),
}
_FIELDS = {"dtype", "shape", "data_offsets"}


@dataclass(frozen=True, slots=True)
class HeaderLimits:
    """Caps that keep the check cheap. The format allows 100 MB of header; honest files need 5."""

    header_bytes: int = 25_000_000
    tensors: int = 20_000
    name_characters: int = 512
    dimensions: int = 8
    metadata_entries: int = 10_000
    metadata_characters: int = 16_000_000


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor: its bytes are [start, end) counted from the start of the file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Header:
    """A sound header; `tensors` in the order of their bytes, `data_start` in bytes."""

    tensors: tuple[Tensor, ...]
    metadata: Mapping[str, str]
    data_start: int


DEFAULT_LIMITS = HeaderLimits()


def read_header(
    fileobj: BinaryIO, size: int, limits: HeaderLimits = DEFAULT_LIMITS
) -> Header | Problem:
    """Read and check the header of a file of `size` bytes; raises only what `fileobj` raises."""
    try:
        raw = _raw_header(fileobj, size, limits)
        table = _parse(raw, limits)
        metadata = _metadata(table.pop("__metadata__", {}), limits)
        start = 8 + len(raw)
        tensors = [_tensor(name, entry, start, limits) for name, entry in table.items()]
        tensors.sort(key=lambda tensor: (tensor.start, tensor.end))
        _check_layout(tensors, start, size)
    except Unsound as found:
        return found.problem
    return Header(tuple(tensors), metadata, start)


def _raw_header(fileobj: BinaryIO, size: int, limits: HeaderLimits) -> bytes:
    first = read_at(fileobj, 0, 8)
    if len(first) < 8:
        raise cut_off(10 - len(first))
    length: int = struct.unpack("<Q", first)[0]
    if length < 2 or length > limits.header_bytes:
        raise _damaged(f"it claims a table of contents of {count(length, 'byte')}")
    if 8 + length > size:
        raise cut_off(8 + length - size)
    raw = read_at(fileobj, 8, length)
    if len(raw) < length:
        raise cut_off(length - len(raw))
    return raw


def _parse(raw: bytes, limits: HeaderLimits) -> dict[str, Any]:
    """Parse the JSON; the same name twice, fractions, signs and constants are refused."""
    if not raw.startswith(b"{"):
        raise _damaged("it does not begin like one")
    _check_structure(raw, limits)
    try:
        table: dict[str, Any] = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_int=_whole_number,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError):
        raise _damaged("it is not valid JSON text") from None
    return table


def _check_structure(raw: bytes, limits: HeaderLimits) -> None:
    """Count brackets outside strings first: 25 MB of `[[[[` would become gigabytes of lists."""
    plain = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    most_strings = 6 * limits.tensors + 2 * limits.metadata_entries + 16
    if plain.count(b'"') > 2 * most_strings:
        raise _too_many(limits)
    outside = b"".join(plain.split(b'"')[::2])
    braces, brackets = outside.count(b"{"), outside.count(b"[")
    numbers = outside.count(b",")
    most_commas = (limits.dimensions + 4) * limits.tensors + limits.metadata_entries
    if braces > limits.tensors + 2 or brackets > 2 * limits.tensors or numbers > most_commas:
        raise _too_many(limits)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _damaged("it lists the same name twice, so two programs could read it differently")
    return found


def _whole_number(digits: str) -> int:
    if len(digits) > 19 or digits.startswith("-"):
        raise _damaged("it holds a number that cannot be a size or a place in the file")
    return int(digits)


def _no_number(_text: str) -> NoReturn:
    raise _damaged("it holds a number that cannot be a size or a place in the file")


def _metadata(entries: object, limits: HeaderLimits) -> dict[str, str]:
    if entries is None:
        return {}
    if not isinstance(entries, dict):
        raise _damaged("its notes are not a list of names and texts")
    if len(entries) > limits.metadata_entries:
        raise _too_many(limits)
    for name, text in entries.items():
        if not isinstance(text, str):
            raise _damaged("its notes hold something other than text")
        _check_text(name, limits.metadata_characters)
        _check_text(text, limits.metadata_characters)
    return entries


def _tensor(name: str, entry: object, data_start: int, limits: HeaderLimits) -> Tensor:
    _check_text(name, limits.name_characters)
    if not isinstance(entry, dict) or set(entry) != _FIELDS:
        raise _damaged("an entry lacks its type, shape or place, or holds more than those")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in DTYPE_BITS:
        raise _damaged("an entry has an unknown number type")
    if not _are_numbers(shape) or len(shape) > limits.dimensions:
        raise _damaged("an entry has a shape that is not a short list of whole numbers")
    if not _are_numbers(offsets) or len(offsets) != 2:
        raise _damaged("an entry does not say where its numbers begin and end")
    if (offsets[1] - offsets[0]) * 8 != math.prod(shape) * DTYPE_BITS[dtype]:
        raise _damaged("an entry's length does not fit its shape and number type")
    return Tensor(name, dtype, tuple(shape), data_start + offsets[0], data_start + offsets[1])


def _check_layout(tensors: list[Tensor], data_start: int, size: int) -> None:
    """Tensors must fill the file from the header to its very end, without gap or overlap."""
    end = data_start
    for tensor in tensors:
        if tensor.start != end:
            raise _damaged("its parts overlap or leave gaps")
        end = tensor.end
    if end > size:
        raise cut_off(end - size)
    if end < size:
        raise Unsound(
            "appended_data",
            f"This file goes on for {count(size - end, 'byte')} after its last tensor. Something "
            "else was added to it, and Assent takes only the model: please save it again.",
        )


def _are_numbers(value: object) -> bool:
    return isinstance(value, list) and all(type(item) is int for item in value)


def _check_text(text: str, most: int) -> None:
    if len(text) > most:
        raise _damaged("it holds a name or a note that is far too long")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair: no other reader accepts it
        raise _damaged("it holds a name or a note that is not valid text") from None


def _damaged(why: str) -> Unsound:
    return Unsound(
        "damaged_header",
        f"The table of contents of this safetensors file is damaged: {why}. "
        "Please save the model again with a current program and upload that.",
    )


def _too_many(limits: HeaderLimits) -> Unsound:
    return Unsound(
        "too_many_tensors",
        "The table of contents of this safetensors file is far larger than a model needs "
        f"(Assent reads up to {limits.tensors:,} tensors). Please save the model again.",
    )
