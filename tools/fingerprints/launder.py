"""What people do to a LoRA so that a file hash no longer knows it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from tools.fingerprints.loras import Floats, Lora

Pair = tuple[Floats, Floats]


def rotated(lora: Lora, seed: int = 5) -> Lora:
    """Mix the ranks: another pair of factors with the same product."""
    dice = np.random.default_rng(seed)

    def change(_name: str, up: Floats, down: Floats) -> Pair:
        turn, _ = np.linalg.qr(dice.standard_normal((up.shape[1], up.shape[1])))
        turn = turn.astype(np.float32) * np.float32(dice.uniform(0.5, 2))
        return up @ turn, np.linalg.inv(turn) @ down

    return lora.map(change)


def scaled(lora: Lora, factor: float) -> Lora:
    """Make it weaker or stronger, or turn it round."""
    return lora.map(lambda _n, up, down: (up * np.float32(factor), down))


def resized(lora: Lora, rank: int) -> Lora:
    """Cut the singular values after the first `rank`."""

    def change(_name: str, up: Floats, down: Floats) -> Pair:
        left, r1 = np.linalg.qr(up)
        right, r2 = np.linalg.qr(down.T)
        u, s, v = np.linalg.svd(r1 @ r2.T)
        return (left @ (u[:, :rank] * s[:rank])), (right @ v[:rank].T).T

    return lora.map(change)


def pruned(lora: Lora, share: float) -> Lora:
    """Zero the smallest numbers of each factor."""

    def cut(values: Floats) -> Floats:
        limit = np.quantile(np.abs(values), share)
        return np.where(np.abs(values) < limit, np.float32(0), values)

    return lora.map(lambda _n, up, down: (cut(up), cut(down)))


def noisy(lora: Lora, share: float, seed: int = 6) -> Lora:
    """Add noise to both factors, as a share of their size."""
    dice = np.random.default_rng(seed)

    def blur(values: Floats) -> Floats:
        noise = dice.standard_normal(values.shape, np.float32)
        return values + noise * np.float32(share * float(values.std()))

    return lora.map(lambda _n, up, down: (blur(up), blur(down)))


def beside(lora: Lora, other: Lora, weight: float) -> Lora:
    """Merge by laying the factors side by side: weight and 1 - weight of the two updates."""

    def change(name: str, up: Floats, down: Floats) -> Pair:
        up2, down2 = other.factors[name]
        ups = [up * np.float32(weight), up2 * np.float32(1 - weight)]
        return np.concatenate(ups, axis=1), np.concatenate([down, down2])

    return lora.map(change)


def drifted(lora: Lora, other: Lora, cosine: float) -> Lora:
    """Add so much of another update that this cosine is left: noise, or training that went on."""
    share = np.float32(np.sqrt(1 / cosine**2 - 1))

    def change(name: str, up: Floats, down: Floats) -> Pair:
        up2, down2 = other.factors[name]
        size = np.float32(_size(up, down) / max(_size(up2, down2), 1e-20)) * share
        return np.concatenate([up, up2 * size], axis=1), np.concatenate([down, down2])

    return lora.map(change)


def _size(up: Floats, down: Floats) -> float:
    """The Frobenius norm of up @ down, without forming it."""
    return float(np.sqrt(max(0.0, float(((up.T @ up) * (down @ down.T)).sum()))))


def added(lora: Lora, other: Lora, weight: float) -> Lora:
    """Merge by adding the factors themselves, as a widely used script does by default: the first
    keeps only weight squared."""

    def change(name: str, up: Floats, down: Floats) -> Pair:
        up2, down2 = other.factors[name]
        w, v = np.float32(weight), np.float32(1 - weight)
        return w * up + v * up2, w * down + v * down2

    return lora.map(change)


def block_weights(lora: Lora, seed: int = 7) -> Lora:
    """Weigh every module by its own number between 0 and 1.5."""
    dice = np.random.default_rng(seed)
    return lora.map(lambda _n, up, down: (up * np.float32(dice.uniform(0, 1.5)), down))


def only(lora: Lora, keep: Callable[[str], bool]) -> Lora:
    """Keep some of the modules."""
    return Lora(lora.family, {n: pair for n, pair in lora.factors.items() if keep(n)})


def spliced(lora: Lora, other: Lora, share: float, seed: int = 8) -> Lora:
    """Keep a share of the modules and take the rest from another LoRA."""
    dice = np.random.default_rng(seed)
    return lora.map(lambda n, u, d: (u, d) if dice.random() < share else other.factors[n])


def padded(lora: Lora, other: Lora, count: int = 300) -> Lora:
    """Add modules under names that no program loads."""
    extra = dict(list(other.factors.items())[:count])
    junk = {f"unet/junk_{i}": pair for i, pair in enumerate(extra.values())}
    return Lora(lora.family, lora.factors | junk)


def baked(lora: Lora, rank: int, seed: int = 9) -> Lora:
    """Add it to base weights in half precision and extract the difference again."""
    dice = np.random.default_rng(seed)

    def change(_name: str, up: Floats, down: Floats) -> Pair:
        update = up @ down
        base = dice.standard_normal(update.shape, np.float32)
        base *= np.float32(np.linalg.norm(update) / np.linalg.norm(base) / 0.014)
        base = base.astype(np.float16).astype(np.float32)
        difference = (base + update).astype(np.float16).astype(np.float32) - base
        # A few steps of subspace iteration find the leading singular vectors.
        basis = dice.standard_normal((update.shape[1], rank + 8), np.float32)
        for _ in range(2):
            left, _ = np.linalg.qr(difference @ basis)
            basis, _ = np.linalg.qr(difference.T @ left)
        u, s, v = np.linalg.svd(difference @ basis, full_matrices=False)
        return u[:, :rank] * s[:rank], v[:rank] @ basis.T

    return lora.map(change)
