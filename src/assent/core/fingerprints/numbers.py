"""Tensor bytes as float32 arrays, in bounded memory, whatever the precision they were saved in."""

from __future__ import annotations

import io
import math
import mmap
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from assent.core.files.reading import read_at
from assent.core.files.safetensors_header import Tensor

Floats = npt.NDArray[np.float32]
BLOCK_VALUES = 1 << 18  # 1 MB: what is decoded stays in the processor's cache
_RAW: dict[str, Any] = {
    "F16": np.dtype("<u2"),
    "BF16": np.dtype("<u2"),
    "F32": np.dtype("<f4"),
    "F64": np.dtype("<f8"),
    "F8_E4M3": np.dtype("u1"),
    "F8_E5M2": np.dtype("u1"),
}
READABLE = frozenset(_RAW)


class Pages:
    """The bytes of a file: mapped where the file is on disk, else read piece by piece."""

    def __init__(self, fileobj: BinaryIO) -> None:
        self._file = fileobj
        self._map: mmap.mmap | None = None
        self._scratch = np.empty(0, np.int32)
        try:
            self._map = mmap.mmap(fileobj.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError, AttributeError, io.UnsupportedOperation):
            self._map = None

    def __enter__(self) -> Pages:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._map is not None:
            with suppress(BufferError):  # an error's traceback may still hold a block
                self._map.close()

    def raw(self, tensor: Tensor, first: int, count: int) -> npt.NDArray[Any]:
        """Return `count` stored numbers from number `first` of a tensor on; EOFError if cut."""
        dtype = _RAW[tensor.dtype]
        start = tensor.start + first * dtype.itemsize
        if self._map is not None:
            if start + count * dtype.itemsize > len(self._map):
                raise EOFError
            return np.frombuffer(self._map, dtype, count, start)
        data = read_at(self._file, start, count * dtype.itemsize)
        if len(data) < count * dtype.itemsize:
            raise EOFError
        return np.frombuffer(data, dtype)

    def whole(self, tensor: Tensor) -> Floats:
        """Return all numbers of a tensor in its own shape; for small ones."""
        count = math.prod(tensor.shape)
        return decoded(self.raw(tensor, 0, count), tensor.dtype).reshape(tensor.shape)

    def blocks(
        self, tensor: Tensor, columns: int, rows: tuple[int, int]
    ) -> Iterator[tuple[int, Floats]]:
        """Yield (first row, rows) of a tensor seen as a matrix with this many columns.

        The array is overwritten by the next one.
        """
        step = max(1, BLOCK_VALUES // max(1, columns))
        for start in range(rows[0], rows[1], step):
            end = min(rows[1], start + step)
            raw = self.raw(tensor, start * columns, (end - start) * columns)
            yield start, self._decoded(raw, tensor.dtype).reshape(end - start, columns)

    def _decoded(self, raw: npt.NDArray[Any], dtype: str) -> Floats:
        """Decode into memory that is used again: fresh pages cost as much as the arithmetic."""
        if dtype not in ("F16", "BF16"):
            return decoded(raw, dtype)
        if len(self._scratch) < len(raw):
            self._scratch = np.empty(len(raw), np.int32)
        return decoded(raw, dtype, self._scratch[: len(raw)])


def decoded(raw: npt.NDArray[Any], dtype: str, out: npt.NDArray[np.int32] | None = None) -> Floats:
    """Return stored numbers as float32, in `out` where that serves. Infinities and NaN of half
    precision become 65,536 and more, to be seen by their size; all others stay what they are."""
    if dtype == "F32":
        return np.asarray(raw, np.float32)
    if dtype in ("F16", "BF16"):
        wide = np.empty(len(raw), np.int32) if out is None else out
        np.copyto(wide, raw.view(np.int16))
        return _from_half(wide) if dtype == "F16" else _from_brain(wide)
    if dtype == "F64":
        with np.errstate(over="ignore"):
            return np.asarray(raw, np.float32)
    return np.asarray(_eighth(dtype)[raw], np.float32)


def _from_brain(wide: npt.NDArray[np.int32]) -> Floats:
    np.left_shift(wide, 16, out=wide)
    return wide.view(np.float32)


def _from_half(wide: npt.NDArray[np.int32]) -> Floats:
    """Shift sign, exponent and fraction into place and repair the exponent's offset by 2**112:
    exact, subnormals included, and a third of the cost of numpy's own conversion."""
    np.left_shift(wide, 13, out=wide)
    np.bitwise_and(wide, np.int32(-0x70002000), out=wide)  # 0x8fffe000: sign and 15 bits
    found = wide.view(np.float32)
    np.multiply(found, np.float32(2.0**112), out=found)
    return found


@cache
def _eighth(dtype: str) -> Floats:
    """All 256 values of an 8-bit float (OCP OFP8: E4M3 without infinities, E5M2 with)."""
    bits = np.arange(256)
    fraction_bits, offset = (3, 7) if dtype == "F8_E4M3" else (2, 15)
    exponent = (bits & 0x7F) >> fraction_bits
    fraction = (bits & ((1 << fraction_bits) - 1)) / (1 << fraction_bits)
    size = np.where(
        exponent > 0,
        np.ldexp(1 + fraction, exponent - offset),
        np.ldexp(fraction, 1 - offset),
    )
    if dtype == "F8_E4M3":
        size[[0x7F, 0xFF]] = np.nan
    else:
        size[exponent == 31] = np.where(fraction[exponent == 31] == 0, np.inf, np.nan)
    signed = np.where(bits >= 128, -size, size)
    return signed.astype(np.float32)
