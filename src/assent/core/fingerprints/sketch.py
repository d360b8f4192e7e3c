"""S = U' DW V for every kind of update, without ever forming the dense DW = scale * B A.

A sketch is 16 x 16 numbers. It is linear in DW, so that nothing which leaves DW as it is (another
rank, factor order, precision, name) changes it by more than rounding.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from assent.core.files.safetensors_header import Tensor
from assent.core.fingerprints.numbers import BLOCK_VALUES, Floats, Pages
from assent.core.fingerprints.probes import column_signs, row_signs
from assent.core.fingerprints.updates import Update

_NO_MODEL, _NOTHING = 1e15, 1e-25  # beyond these a square no longer fits single precision
_HUGE = 1e3  # far beyond any honest sketch; infinities of half precision end up here


class NotNumbers(Exception):  # noqa: N818 - an expected finding, not one of our bugs
    """The update holds infinities or NaN, so that no program makes sense of it."""


def sketches(update: Update, pages: Pages, key: bytes) -> Iterator[tuple[str, Floats]]:
    """Yield (canonical module, 16 x 16 sketch) of each module in an update.

    A module that changes nothing has a sketch of zeros. Raises NotNumbers, and EOFError where the
    file ends early.
    """
    scale = _scale(update, pages)
    if scale == 0:
        return
    with np.errstate(all="ignore"):
        for name, found in _MAKERS[update.kind](update, pages, key):
            scaled = found * np.float32(scale)
            if not -_HUGE < scaled.min() <= scaled.max() < _HUGE and not _all_numbers(
                update, pages
            ):
                raise NotNumbers
            most = max(abs(float(scaled.min())), abs(float(scaled.max())))
            if not most < _NO_MODEL:
                raise NotNumbers
            yield name, scaled if most > _NOTHING else np.zeros_like(scaled)


def _scale(update: Update, pages: Pages) -> float:
    """alpha / rank; 1 where there is no alpha or no rank to divide by."""
    alpha = update.parts.get("alpha")
    if alpha is None or update.rank is None or math.prod(alpha.shape) != 1:
        return 1.0
    try:
        value = float(pages.whole(alpha).reshape(-1)[0])
    except KeyError:  # a number type that no trainer writes alpha in
        return 1.0
    if not abs(value) < 65536:  # also what NaN and infinity of half precision become
        raise NotNumbers
    return value / update.rank


def _all_numbers(update: Update, pages: Pages) -> bool:
    """Look at every number: slow, and only after a suspicious sketch."""
    return all(
        bool(np.isfinite(_exact(raw, tensor.dtype)).all())
        for name, tensor in update.parts.items()
        if name not in ("alpha", "dora")
        for _, raw in _raw_blocks(tensor, pages)
    )


def _exact(raw: npt.NDArray[np.float32], dtype: str) -> npt.NDArray[np.float32]:
    return np.where(np.abs(raw) >= 65536, np.inf, raw) if dtype == "F16" else raw


def _raw_blocks(tensor: Tensor, pages: Pages) -> Iterator[tuple[int, Floats]]:
    return pages.blocks(tensor, 1, (0, math.prod(tensor.shape)))


Made = Iterator[tuple[str, Floats]]


def _lora(update: Update, pages: Pages, key: bytes) -> Made:
    down, up = update.parts["down"], update.parts["up"]
    mid = update.parts.get("mid")
    inner = up.shape[1]
    middle = _contracted(pages.whole(mid), pages.whole(down)) if mid else None
    for name, start, end in update.slices:
        signs = column_signs(key, name, update.columns)
        right = _right(down, pages, signs) if middle is None else np.asarray(middle @ signs)
        rows = row_signs(key, name, end - start)
        left = np.zeros((inner, rows.shape[1]), np.float32)
        for at, block in pages.blocks(up, inner, (start, end)):
            left += block.T @ rows[at - start : at - start + len(block)]
        yield name, np.asarray(left.T @ right, np.float32)


def _right(down: Tensor, pages: Pages, signs: Floats) -> Floats:
    """A V, row block by row block."""
    columns = len(signs)
    blocks = [block @ signs for _, block in pages.blocks(down, columns, (0, down.shape[0]))]
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def _contracted(mid: Floats, down: Floats) -> Floats:
    """The core of a CP-decomposed convolution (rank x rank x kernel) times its input half."""
    ranks = mid.reshape(mid.shape[0], mid.shape[1], -1)
    joined = np.einsum("abk,bi->aik", ranks, down.reshape(down.shape[0], -1), optimize=True)
    return np.asarray(joined, np.float32).reshape(mid.shape[0], -1)


def _dense(update: Update, pages: Pages, key: bytes) -> Made:
    diff = update.parts["diff"]
    for name, start, end in update.slices:
        rows = row_signs(key, name, end - start)
        columns = column_signs(key, name, update.columns)
        total = np.zeros((rows.shape[1], columns.shape[1]), np.float32)
        for at, block in pages.blocks(diff, update.columns, (start, end)):
            total += rows[at - start : at - start + len(block)].T @ (block @ columns)
        yield name, total


def _loha(update: Update, pages: Pages, key: bytes) -> Made:
    """The elementwise product of two low-rank matrices, formed a few rows at a time."""
    (a, b), (c, d) = (_hadamard_half(update, pages, half) for half in "12")
    step = max(1, BLOCK_VALUES // update.columns)
    for name, start, end in update.slices:
        rows = row_signs(key, name, end - start)
        columns = column_signs(key, name, update.columns)
        total = np.zeros((rows.shape[1], columns.shape[1]), np.float32)
        for at in range(start, end, step):
            to = min(end, at + step)
            block = (a[at:to] @ b) * (c[at:to] @ d)
            total += rows[at - start : to - start].T @ (block @ columns)
        yield name, total


def _hadamard_half(update: Update, pages: Pages, half: str) -> tuple[Floats, Floats]:
    left = pages.whole(update.parts[f"hada_w{half}_a"])
    right = pages.whole(update.parts[f"hada_w{half}_b"])
    core = update.parts.get(f"hada_t{half}")
    if core is None or "hada_t1" not in update.parts or "hada_t2" not in update.parts:
        return left, right
    return left.T, _contracted(pages.whole(core), right)


def _lokr(update: Update, pages: Pages, key: bytes) -> Made:
    """(W1 kron W2) v is W1 mat(v) W2', so the Kronecker product is never formed."""
    first, second = (_factor(update, pages, name) for name in ("lokr_w1", "lokr_w2"))
    for name, start, end in update.slices:
        columns = column_signs(key, name, update.columns)
        grid = columns.reshape(first.shape[1], second.shape[1], -1)
        half = np.einsum("ij,jkp->ikp", first, grid, optimize=True)
        whole = np.einsum("mk,ikp->imp", second, half, optimize=True).reshape(update.rows, -1)
        yield name, row_signs(key, name, end - start).T @ whole[start:end]


def _factor(update: Update, pages: Pages, name: str) -> Floats:
    whole = update.parts.get(name)
    if whole is not None:
        found = pages.whole(whole)
        return found.reshape(len(found), -1)
    left, right = (pages.whole(update.parts[f"{name}_{half}"]) for half in "ab")
    core = update.parts.get("lokr_t2") if name == "lokr_w2" else None
    if core is not None:
        return left.T @ _contracted(pages.whole(core), right)
    return left @ right.reshape(len(right), -1)


_MAKERS = {"lora": _lora, "diff": _dense, "loha": _loha, "lokr": _lokr}
