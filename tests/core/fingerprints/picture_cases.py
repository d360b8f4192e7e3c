"""Pictures made by whole-number arithmetic, the same on every machine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SIZES = ((64, 64), (512, 512), (100, 333), (300, 127), (37, 91), (640, 480))


def blocks(rows: int, columns: int, seed: int) -> npt.NDArray[np.uint8]:
    """Overlapping steps in three colours, rows by columns by 3."""
    y, x = np.indices((rows, columns))
    y, x = y * 1024 // rows, x * 1024 // columns
    layers = []
    for colour in range(3):
        total = np.zeros((rows, columns), np.int64)
        for wave in range(1, 9):
            step = 40 + (seed * 37 + colour * 11 + wave * 53) % 97
            mixed = (y * (1 + seed % 3) + x * (1 + (seed + wave) % 4)) // step
            total += (mixed * mixed * (seed + wave + 3)) % (29 * wave)
        layers.append(total % 256)
    return np.stack(layers, axis=2).astype(np.uint8)
