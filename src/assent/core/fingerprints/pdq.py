"""PDQ, the perceptual hash of pictures: 256 bits, bit for bit those of its reference code.

Algorithm: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (2019), with
the reference's arithmetic: everything in single precision and in the reference's order, for a last
bit that rounds otherwise can turn a bit of the hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
BITS = 256
NEAR = 31  # the distance up to which two hashes are a match
QUALITY_LEAST = 50  # below, a picture is too plain for its hash to mean anything
_SIDE, _KEPT, _LEAST_SIDE = 64, 16, 5
_STRIP = 128  # rows that are smoothed at a time, which bounds the memory


@dataclass(frozen=True, slots=True)
class Pdq:
    """Hashes of a picture in its eight positions (as it is first), 32 bytes each, and its
    quality, 0 to 100."""

    hashes: tuple[bytes, ...]
    quality: int

    @property
    def as_it_is(self) -> bytes:
        """The hash of the picture as it is; in hexadecimal it is what exchanges speak."""
        return self.hashes[0]


def luma(rgb: npt.NDArray[np.uint8]) -> Floats:
    """Return brightness, rows by columns, of a picture of rows by columns by 3."""
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    found = rgb[:, :, 0] * weights[0]
    found += rgb[:, :, 1] * weights[1]
    found += rgb[:, :, 2] * weights[2]
    return np.asarray(found, np.float32)


def pdq(brightness: Floats) -> Pdq:
    """Hash a picture from its brightness, 0 to 255; the array is overwritten.

    A picture with less than 5 pixels a side has quality 0.
    """
    tiny = min(brightness.shape) < _LEAST_SIDE
    small = _shrunk(brightness)
    quality = 0 if tiny else _quality(small)
    return Pdq(tuple(_hash(turned) for turned in _positions(_waves(small))), quality)


def distance(a: bytes, b: bytes) -> int:
    """Return how many of the bits differ."""
    return (int.from_bytes(a) ^ int.from_bytes(b)).bit_count()


def _shrunk(values: Floats) -> Floats:
    """Smooth twice along both sides (a tent filter), then take every n-th value."""
    rows, columns = values.shape
    if (rows, columns) == (_SIDE, _SIDE):
        return values
    for _ in range(2):
        for start in range(0, rows, _STRIP):
            strip = values[start : start + _STRIP]
            values[start : start + _STRIP] = _boxed(strip.T, _window(columns)).T
        for start in range(0, columns, _STRIP):
            strip = values[:, start : start + _STRIP]
            values[:, start : start + _STRIP] = _boxed(strip, _window(rows))
    down, across = (
        ((np.arange(_SIDE) + 0.5) * size / _SIDE).astype(np.intp) for size in values.shape
    )
    return values[np.ix_(down, across)]


def _window(size: int) -> int:
    return (size + 2 * _SIDE - 1) // (2 * _SIDE)


def _boxed(values: Floats, window: int) -> Floats:
    """Return the running mean down the first axis, with smaller windows at both ends.

    The reference adds the new value and takes off the old one, in this order; so the terms are
    laid out in its order and summed one after the other.
    """
    length = len(values)
    before = (window + 2) // 2 - 1
    steps: list[Floats] = [values[:window]]
    if length > window:
        middle = np.empty((2 * (length - window), *values.shape[1:]), np.float32)
        middle[0::2] = values[window:]
        np.negative(values[: length - window], out=middle[1::2])
        steps.append(middle)
    steps.append(-values[length - window : length - window + before])
    sums = np.add.accumulate(np.concatenate(steps), axis=0, dtype=np.float32)
    places = np.concatenate(
        [
            np.arange(before, window),
            window + 1 + 2 * np.arange(length - window),
            2 * length - window + np.arange(before),
        ]
    )
    sizes = np.concatenate(
        [
            np.arange(before + 1, window + 1),
            np.full(length - window, window),
            window - 1 - np.arange(before),
        ]
    )
    return np.asarray(sums[places] / sizes.astype(np.float32)[:, None], np.float32)


@cache
def _basis() -> Floats:
    """The cosine transform without its constant: 16 waves over 64 places."""
    waves, places = np.arange(1, _KEPT + 1)[:, None], np.arange(_SIDE)[None, :]
    found = np.sqrt(2.0 / _SIDE) * np.cos(np.pi / 2 / _SIDE * waves * (2 * places + 1))
    return np.asarray(found, np.float32)


def _waves(small: Floats) -> Floats:
    basis = _basis()
    half = np.zeros((_KEPT, _SIDE), np.float32)
    for k in range(_SIDE):
        half += basis[:, k, None] * small[k]
    found = np.zeros((_KEPT, _KEPT), np.float32)
    for k in range(_SIDE):
        found += half[:, k, None] * basis[:, k]
    return found


def _positions(waves: Floats) -> list[Floats]:
    """The eight ways to turn and mirror a picture only turn signs and swap axes here."""
    signs = np.where(np.arange(_KEPT) % 2 == 0, -1, 1).astype(np.float32)
    down, across = signs[:, None], signs[None, :]
    found = []
    for plain in (waves, waves.T):
        found += [plain, plain * across, plain * down, plain * down * across]
    return found


def _hash(waves: Floats) -> bytes:
    """A bit for each wave that is above the (lower) median; wave 0 is the last bit."""
    flat = waves.reshape(-1)
    median = np.sort(flat)[BITS // 2 - 1]
    return np.packbits((flat > median)[::-1]).tobytes()


def _quality(small: Floats) -> int:
    """Steps between neighbours in hundredths of the range, rounded towards zero, summed."""
    down = ((small[:-1] - small[1:]) * np.float32(100) / np.float32(255)).astype(np.int64)
    across = ((small[:, :-1] - small[:, 1:]) * np.float32(100) / np.float32(255)).astype(np.int64)
    return min(100, int(np.abs(down).sum() + np.abs(across).sum()) // 90)
