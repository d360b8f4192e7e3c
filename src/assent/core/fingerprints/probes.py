"""The random signs of WUF-1, all drawn from SHAKE-128 and a key.

Without a key anybody makes the same fingerprint, and anybody can dodge or forge it by changing
some 1.5 % of the weights. Under an operator's secret key neither works, so that one decides.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

ROWS = 1 << 18
PROBES = 16
GRID = PROBES * PROBES
BITS = 2048


@dataclass(frozen=True, slots=True)
class ModuleDraw:
    """Of one module: the numbers behind its first table rows, and its 256 bytes of signs."""

    rows_at: int
    columns_at: int
    mixing: bytes


@lru_cache(maxsize=2)
def table(key: bytes) -> npt.NDArray[np.float32]:
    """Return the shared table of signs, 2**18 x 16 of +1 and -1; 16 MB. Bit i of byte j is
    number 8 j + i, row by row; a set bit is +1."""
    size = ROWS * PROBES // 8
    stream = hashlib.shake_128(b"WUF1|table|" + key).digest(size)
    bits = np.unpackbits(np.frombuffer(stream, np.uint8), bitorder="little")
    signs = bits.astype(np.float32)
    np.multiply(signs, 2, out=signs)
    np.subtract(signs, 1, out=signs)
    signs.flags.writeable = False
    return signs.reshape(ROWS, PROBES)


@lru_cache(maxsize=8192)
def draw(key: bytes, module: str) -> ModuleDraw:
    """Return what is drawn for a canonical module name."""
    seed = b"WUF1|mod|" + key + b"|" + module.encode()
    stream = hashlib.shake_128(seed).digest(16 + BITS // 8)
    return ModuleDraw(
        int.from_bytes(stream[:8], "little"), int.from_bytes(stream[8:16], "little"), stream[16:]
    )


def row_signs(key: bytes, module: str, count: int) -> npt.NDArray[np.float32]:
    """Return U, count x 16, for the outputs of a module; a view of the table."""
    at = draw(key, module).rows_at % (ROWS - count)
    return table(key)[at : at + count]


def column_signs(key: bytes, module: str, count: int) -> npt.NDArray[np.float32]:
    """Return V, count x 16, for the inputs of a module; a view of the table."""
    at = draw(key, module).columns_at % (ROWS - count)
    return table(key)[at : at + count]
