"""WUF-1 as it is defined, slowly: forms every dense update in double precision.

Shares no code with the fast way but the random signs and the canonical names.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load

from assent.core.fingerprints.probes import draw, table

Doubles = npt.NDArray[np.float64]


def sketch_of(update: Doubles, module: str, key: bytes) -> Doubles:
    """U' DW V for a dense update, rows by columns."""
    rows, columns = update.shape
    drawn, signs = draw(key, module), table(key).astype(np.float64)
    u = drawn.rows_at % (2**18 - rows)
    v = drawn.columns_at % (2**18 - columns)
    return signs[u : u + rows].T @ update @ signs[v : v + columns]


def bits_of(updates: dict[str, Doubles], key: bytes) -> list[bool]:
    """The 2,048 bits, one by one."""
    found = []
    sketches = {name: sketch_of(dw, name, key).reshape(256) for name, dw in updates.items()}
    for k in range(2048):
        total = 0.0
        for name, sketch in sketches.items():
            mixing = draw(key, name).mixing
            sign = 1 if mixing[k // 8] >> (k % 8) & 1 else -1
            total += sign * sketch[k % 256] / np.sqrt(np.linalg.norm(sketch))
        found.append(total > 0)
    return found


def as_bits(packed: bytes) -> list[bool]:
    """Bit i of byte j is number 8 j + i."""
    return [bool(packed[k // 8] >> (k % 8) & 1) for k in range(8 * len(packed))]


def dense(tensors: dict[str, npt.NDArray[Any]]) -> Doubles:
    """The dense update that these tensors of one module are, flattened to two dimensions."""
    found = {name: values.astype(np.float64) for name, values in tensors.items()}
    alpha = float(found.pop("alpha", np.array(np.nan)).item())
    if "diff" in found:
        return flat(found["diff"])
    if "lora_mid.weight" in found:
        down, up = found["lora_down.weight"][:, :, 0, 0], found["lora_up.weight"][:, :, 0, 0]
        update = np.einsum("oa,abhw,bi->oihw", up, found["lora_mid.weight"], down)
        rank = down.shape[0]
    elif "lora_down.weight" in found:
        down, up = found["lora_down.weight"], found["lora_up.weight"]
        update, rank = flat(up) @ flat(down), down.shape[0]
    elif "hada_w1_a" in found:
        update, rank = hadamard(found), found["hada_w1_b"].shape[0]
    else:
        return kronecker(found, alpha)
    return flat(update) * (1 if np.isnan(alpha) else alpha / rank)


def hadamard(found: dict[str, Doubles]) -> Doubles:
    """LoHa, with its cores where it has them."""
    halves = []
    for i in "12":
        a, b = found[f"hada_w{i}_a"], found[f"hada_w{i}_b"]
        if f"hada_t{i}" in found:
            halves.append(np.einsum("abhw,ao,bi->oihw", found[f"hada_t{i}"], a, b))
        else:
            halves.append(a @ b)
    return halves[0] * halves[1]


def kronecker(found: dict[str, Doubles], alpha: float) -> Doubles:
    """LoKr: the Kronecker product, factors of which may be products themselves."""
    rank = None
    factors = []
    for i in "12":
        if f"lokr_w{i}" in found:
            factors.append(found[f"lokr_w{i}"])
        else:
            factors.append(found[f"lokr_w{i}_a"] @ found[f"lokr_w{i}_b"])
            rank = found[f"lokr_w{i}_b"].shape[0]
    first, second = factors
    if second.ndim == 4:
        first = first[:, :, None, None]
    return flat(np.kron(first, second)) * (1 if rank is None or np.isnan(alpha) else alpha / rank)


def flat(values: Doubles) -> Doubles:
    """Outputs by everything else."""
    return values.reshape(len(values), -1)


def loaded(content: bytes) -> dict[str, dict[str, npt.NDArray[Any]]]:
    """A file's tensors by module as written."""
    found: dict[str, dict[str, npt.NDArray[Any]]] = {}
    for name, values in load(content).items():
        stem, _, part = name.partition(".")
        found.setdefault(stem, {})[part] = values
    return found
