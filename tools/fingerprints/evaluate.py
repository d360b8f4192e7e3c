"""How well are laundered copies found, and how often is a stranger taken for one?

    python -m tools.fingerprints.evaluate --out FILE [--loras 6] [--strangers 1500]

Everything is random and invented: the table says how the fingerprint behaves on shapes of real
base models, and nothing about models that people trained. The threshold for a false-positive rate
of one in a million is counted where enough pairs of strangers were compared, and else calculated
from their deviation; the table says which.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tools.fingerprints import launder, loras
from tools.fingerprints.loras import Lora

from assent.core.files.safetensors_header import Header, read_header
from assent.core.fingerprints.relation import Relation, compare_prints, hamming
from assent.core.fingerprints.weights import WeightPrint, print_weights

KEY = b"a secret key of the evaluation"
THRESHOLDS = {256: 89, 512: 201, 1024: 435, 2048: 915}  # bits that may differ, at 1 in a million
Writer = Callable[[Lora], bytes]


@dataclass(frozen=True, slots=True)
class Case:
    """One way to launder: makes a file from a LoRA and a stranger."""

    name: str
    make: Callable[[Lora, Lora, Lora], bytes]


def printed(content: bytes, key: bytes = KEY) -> WeightPrint:
    """Fingerprint a file in memory."""
    fileobj = io.BytesIO(content)
    header = read_header(fileobj, len(content))
    assert isinstance(header, Header), header
    found = print_weights(fileobj, header, key)
    assert found is not None
    return found


def cases(family: str) -> Iterator[Case]:
    """Every transformation of the table; the third LoRA shares the first one's initialisation."""
    names = {"peft": loras.as_peft, "old diffusers": loras.as_diffusers_old}
    names |= {"comfy": loras.as_comfy}
    names |= {"fused": loras.as_flux_kohya} if family == "Flux.1" else {"ldm": loras.as_ldm}
    for name, write in names.items():
        yield Case(f"names: {name}", lambda a, _b, _c, w=write: w(a))
    yield Case("float32", lambda a, _b, _c: loras.as_kohya(a, np.float32))
    yield Case("float64", lambda a, _b, _c: loras.as_kohya(a, np.float64))
    simple: dict[str, Callable[[Lora, Lora, Lora], Lora]] = {
        "x0.5": lambda a, _b, _c: launder.scaled(a, 0.5),
        "x2": lambda a, _b, _c: launder.scaled(a, 2),
        "negated": lambda a, _b, _c: launder.scaled(a, -1),
        "ranks rotated": lambda a, _b, _c: launder.rotated(a),
        "resized to 1/2": lambda a, _b, _c: launder.resized(a, _rank(a) // 2),
        "resized to 1/8": lambda a, _b, _c: launder.resized(a, max(1, _rank(a) // 8)),
        "pruned 30 %": lambda a, _b, _c: launder.pruned(a, 0.3),
        "pruned 70 %": lambda a, _b, _c: launder.pruned(a, 0.7),
        "noise 10 %": lambda a, _b, _c: launder.noisy(a, 0.1),
        "noise 50 %": lambda a, _b, _c: launder.noisy(a, 0.5),
        "block weights": lambda a, _b, _c: launder.block_weights(a),
        "merged .8/.2": lambda a, b, _c: launder.beside(a, b, 0.8),
        "merged .5/.5": lambda a, b, _c: launder.beside(a, b, 0.5),
        "merged .3/.7": lambda a, b, _c: launder.beside(a, b, 0.3),
        "added .5/.5": lambda a, b, _c: launder.added(a, b, 0.5),
        "added .3/.7, same init": lambda a, _b, c: launder.added(a, c, 0.3),
        "added .3/.7": lambda a, b, _c: launder.added(a, b, 0.3),
        "spliced 50 %": lambda a, b, _c: launder.spliced(a, b, 0.5),
        "spliced 25 %": lambda a, b, _c: launder.spliced(a, b, 0.25),
        "spliced 10 %": lambda a, b, _c: launder.spliced(a, b, 0.1),
        "300 junk modules": lambda a, b, _c: launder.padded(a, b),
        "merged, cut, pruned, weighted": lambda a, b, _c: launder.block_weights(
            launder.pruned(launder.resized(launder.beside(a, b, 0.5), _rank(a) // 2), 0.3)
        ),
    }
    if family != "Flux.1":
        simple["only up blocks"] = lambda a, _b, _c: launder.only(a, lambda n: "/up_" in n)
        simple["only the middle"] = lambda a, _b, _c: launder.only(a, lambda n: "/mid_" in n)
        simple["no text encoder"] = lambda a, _b, _c: launder.only(a, lambda n: "unet/" in n)
    if family == "SD 1.5":
        simple["baked and extracted"] = lambda a, _b, _c: launder.baked(a, _rank(a))
    for name, change in simple.items():
        yield Case(name, lambda a, b, c, f=change: loras.as_kohya(f(a, b, c)))


def _rank(lora: Lora) -> int:
    return next(iter(lora.factors.values()))[1].shape[0]


@dataclass
class Row:
    """What was counted for one transformation."""

    name: str
    rates: dict[int, float]
    worst: int
    least: float
    modules: int
    found: float


def rows(family: str, rank: int, count: int) -> Iterator[Row]:
    """Launder `count` LoRAs in every way and compare each copy with its original."""
    sets = [
        (
            loras.random_lora(family, rank, seed, init_seed=1000 + seed),
            loras.random_lora(family, rank, seed + 500),
            loras.random_lora(family, rank, seed + 700, init_seed=1000 + seed),
        )
        for seed in range(count)
    ]
    originals = [printed(loras.as_kohya(a)) for a, _, _ in sets]
    for case in cases(family):
        copies = [printed(case.make(*one)) for one in sets]
        yield _row(case.name, list(zip(originals, copies, strict=True)))


def _row(name: str, pairs: list[tuple[WeightPrint, WeightPrint]]) -> Row:
    distances = {
        bits: [near(a.bits[: bits // 8], b.bits[: bits // 8]) for a, b in pairs]
        for bits in THRESHOLDS
    }
    scores = [compare_prints(a, b) for a, b in pairs]
    return Row(
        name,
        {b: float(np.mean([d <= THRESHOLDS[b] for d in distances[b]])) for b in THRESHOLDS},
        max(distances[2048]),
        min((s.similarity for s in scores), key=abs),
        min(len(s.matched) for s in scores),
        float(np.mean([s.relation is not Relation.UNRELATED for s in scores])),
    )


def near(a: bytes, b: bytes) -> int:
    """Bits that differ from it or from its negative, whichever is less."""
    distance = hamming(a, b)
    return min(distance, 8 * len(a) - distance)


@dataclass(frozen=True, slots=True)
class Strangers:
    """What comparing unrelated LoRAs with one another gave."""

    pairs: int
    least_bits: int
    deviation: float
    over: int
    most: float
    related: int


def strangers(family: str, count: int, *, init_seed: int | None, rank: int = 4) -> Strangers:
    """Compare `count` unrelated LoRAs with one another, all pairs of them."""
    prints = [
        printed(loras.as_kohya(loras.random_lora(family, rank, 9000 + i, init_seed)))
        for i in range(count)
    ]
    bits = np.stack([np.frombuffer(p.bits, np.uint64) for p in prints])
    codes = np.stack([p.codes.astype(np.float32).reshape(-1) for p in prints])
    modules = prints[0].modules
    units = codes.reshape(count, modules, -1)
    units /= np.linalg.norm(units, axis=2, keepdims=True)
    means = units.reshape(count, -1) @ units.reshape(count, -1).T / modules
    upper = np.triu_indices(count, 1)
    distances = np.concatenate(
        [np.bitwise_count(bits[i] ^ bits[i + 1 :]).sum(1, dtype=np.int32) for i in range(count - 1)]
    )
    either = np.minimum(distances, 2048 - distances)
    scores = np.abs(means[upper])
    return Strangers(
        len(distances),
        int(either.min()),
        float(distances.std() / np.sqrt(512)),
        int((either <= THRESHOLDS[2048]).sum()),
        float(scores.max()),
        int((scores >= 0.35).sum()),
    )


SETS = (("SD 1.5", 32, 1.0), ("SDXL", 16, 1 / 3), ("Flux.1", 8, 1 / 3))


def report(count: int, many: int) -> Iterator[str]:
    """Yield the lines of the report."""
    python = platform.python_version()
    yield f"machine: {os.cpu_count()} cores, {platform.machine()}, Python {python}"
    yield f"numpy {np.__version__}; invented LoRAs of random numbers; secret key"
    for family, rank, share in SETS:
        number = max(2, round(count * share))
        yield ""
        yield f"{family}, rank {rank}, {number} LoRAs a row, stored in half precision"
        yield (
            f"{'transformation':32}{'256':>6}{'512':>6}{'1024':>6}{'2048':>6}"
            f"{'bits off':>10}{'mean cos':>10}{'modules':>9}{'rule':>6}"
        )
        for row in rows(family, rank, number):
            rates = "".join(f"{row.rates[b]:6.2f}" for b in THRESHOLDS)
            yield (
                f"{row.name:32}{rates}{row.worst:10}{row.least:10.3f}{row.modules:9}{row.found:6.2f}"
            )
    yield ""
    yield "strangers: unrelated LoRAs, all pairs (hits: 2048 bits within the threshold, or negated)"
    for family, share in (("SD 1.5", 1.0), ("SDXL", 0.1), ("Flux.1", 0.1)):
        for init in (None, 77):
            found = strangers(family, max(3, round(many * share)), init_seed=init)
            kind = "one initialisation" if init else "own initialisations"
            how = "counted" if found.pairs >= 1_000_000 else "too few to count 1e-6: calculated"
            yield (
                f"{family:8} {kind:20} {found.pairs:9,} pairs  hits {found.over}  nearest "
                f"{found.least_bits}  deviation {found.deviation:.3f} x binomial  largest mean "
                f"cosine {found.most:.3f}  called related {found.related}  ({how})"
            )


def main() -> None:
    """Read the command line and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--loras", type=int, default=6)
    parser.add_argument("--strangers", type=int, default=1500)
    chosen = parser.parse_args()
    lines = []
    for line in report(chosen.loras, chosen.strangers):
        lines.append(line)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    if chosen.out:
        chosen.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
