"""WUF-1, the fingerprint of a weight update: 2,048 bits of the whole, 32 numbers a module.

The bits shortlist among millions; the module numbers decide (`relation`).
"""

from __future__ import annotations

import hashlib
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from assent.core.files.safetensors_header import Header
from assent.core.fingerprints.numbers import Floats, Pages
from assent.core.fingerprints.probes import BITS, GRID, PROBES, draw
from assent.core.fingerprints.sketch import NotNumbers, sketches
from assent.core.fingerprints.updates import Updates, updates_of

VERSION = "WUF-1"
PUBLIC = b""
KEPT = 32
_MAGIC = b"WUF1"
# Which 32 of the 256 numbers of a sketch are kept: two wrapped diagonals, 5 apart.
_DIAGONALS = np.array(
    [(e % PROBES) * PROBES + (e % PROBES + 5 * (e // PROBES)) % PROBES for e in range(KEPT)]
)


@dataclass(frozen=True, slots=True)
class WeightPrint:
    """A model's fingerprint, modules in the order of `hashes`.

    bits: 256 bytes. hashes: the 32-bit name hash of each module, ascending. codes: int8, modules x
    32, each row a direction of length about 127. norms: float32, length of each row before that.
    left_out counts what was not looked at, by reason. `names` is empty in one that was unpacked.
    """

    bits: bytes
    hashes: npt.NDArray[np.uint32]
    codes: npt.NDArray[np.int8]
    norms: npt.NDArray[np.float32]
    names: tuple[str, ...] = ()
    family: str | None = None
    dora: bool = False
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def modules(self) -> int:
        """How many modules change anything."""
        return len(self.hashes)

    def pack(self) -> bytes:
        """Return 40 bytes a module and 264 more, for a table row."""
        head = _MAGIC + struct.pack("<I", self.modules) + self.bits
        rows = (
            self.hashes.astype("<u4").tobytes(),
            self.norms.astype("<f4").tobytes(),
            self.codes.tobytes(),
        )
        return head + b"".join(rows)


def unpack(packed: bytes) -> WeightPrint:
    """Read what `pack` wrote; ValueError for anything else."""
    at = 8 + BITS // 8
    if len(packed) < at or packed[:4] != _MAGIC:
        raise ValueError("not a WUF-1 fingerprint")
    count = struct.unpack_from("<I", packed, 4)[0]
    if len(packed) != at + 40 * count:
        raise ValueError("a WUF-1 fingerprint of the wrong length")
    hashes = np.frombuffer(packed, "<u4", count, at)
    norms = np.frombuffer(packed, "<f4", count, at + 4 * count)
    codes = np.frombuffer(packed, np.int8, KEPT * count, at + 8 * count)
    return WeightPrint(packed[8:at], hashes, codes.reshape(count, KEPT), norms)


@lru_cache(maxsize=65_536)
def name_hash(module: str) -> int:
    """Return the 32 bits that stand for a canonical module name; the same under every key."""
    return int.from_bytes(hashlib.sha256(b"WUF1|name|" + module.encode()).digest()[:4], "little")


def print_weights(fileobj: BinaryIO, header: Header, key: bytes = PUBLIC) -> WeightPrint | None:
    """Fingerprint a model under a key; None where it holds no weight update that we can read.

    Reads each tensor once, in blocks. Raises only what `fileobj` raises.
    """
    return print_updates(fileobj, updates_of(header), key)


def print_updates(fileobj: BinaryIO, found: Updates, key: bytes = PUBLIC) -> WeightPrint | None:
    """The same, of updates that were found already."""
    left_out = Counter(found.left_out)
    made: dict[str, Floats] = {}
    with _threads().limit(limits=1, user_api="blas"), Pages(fileobj) as pages:
        for update in found.updates:
            try:
                for name, sketch in sketches(update, pages, key):
                    made[name] = sketch
            except NotNumbers:
                left_out["not_numbers"] += 1
    dora = any(update.dora for update in found.updates)
    live = {name: s for name, s in made.items() if s.any()}
    return _printed(live, key, found.family, left_out, dora=dora) if live else None


@cache
def _threads() -> ThreadpoolController:
    """More than one thread only costs time for matrices of this size."""
    return ThreadpoolController()  # type: ignore[no-untyped-call]


def _printed(
    made: Mapping[str, Floats],
    key: bytes,
    family: str | None,
    left_out: Counter[str],
    *,
    dora: bool,
) -> WeightPrint:
    names = tuple(sorted(made, key=lambda name: (name_hash(name), name)))
    flat = np.stack([made[name].reshape(GRID) for name in names]).astype(np.float64)
    kept = flat[:, _DIAGONALS]
    norms = np.linalg.norm(kept, axis=1).astype(np.float32)
    codes = np.rint(kept / np.maximum(norms, 1e-30)[:, None] * 127).astype(np.int8)
    return WeightPrint(
        bits=_bits(names, flat, key),
        hashes=np.array([name_hash(name) for name in names], np.uint32),
        codes=codes,
        norms=norms,
        names=names,
        family=family,
        dora=dora,
        left_out={reason: count for reason, count in left_out.items() if count},
    )


def _bits(names: tuple[str, ...], flat: npt.NDArray[np.float64], key: bytes) -> bytes:
    """z_k = sum over modules of eps_k S[k mod 256] / ||S||^(1/2); bit k is whether z_k > 0."""
    weighted = flat / np.sqrt(np.linalg.norm(flat, axis=1))[:, None]
    total = np.zeros((BITS // GRID, GRID))
    for start in range(0, len(names), 64):
        drawn = b"".join(draw(key, name).mixing for name in names[start : start + 64])
        bits = np.unpackbits(np.frombuffer(drawn, np.uint8), bitorder="little")
        signs = bits.reshape(-1, BITS // GRID, GRID).astype(np.float32) * 2 - 1
        total += np.einsum("mjk,mk->jk", signs, weighted[start : start + 64])
    return np.packbits(total.reshape(-1) > 0, bitorder="little").tobytes()
