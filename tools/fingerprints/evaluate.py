"""How well are laundered copies found, and how often is a stranger taken for one?

    python -m tools.fingerprints.evaluate --out FILE [--loras 12] [--strangers 1450] [--family SDXL]

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
from assent.core.fingerprints.relation import DERIVED, Relation, compare_prints, hamming
from assent.core.fingerprints.weights import KEPT, WeightPrint, print_weights

KEY = b"a secret key of the evaluation"
THRESHOLDS = {256: 89, 512: 201, 1024: 435, 2048: 915}  # bits that may differ, at 1 in a million
DEVIATIONS = 4.892  # of a normal: what one in a million passes, on either side
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
    names = {
        "peft": loras.as_peft,
        "peft, compiled": loras.as_compiled_peft,
        "old diffusers": loras.as_diffusers_old,
        "comfy": loras.as_comfy,
        "onetrainer": loras.as_onetrainer,
    }
    names |= {"fused": loras.as_flux_kohya} if family == "Flux.1" else {"ldm": loras.as_ldm}
    for name, write in names.items():
        yield Case(f"names: {name}", lambda a, _b, _c, w=write: w(a))
    kinds = {"loha": loras.as_loha, "lokr": loras.as_lokr, "dora": loras.as_dora}
    kinds |= {"convolutions": loras.as_convolutions}
    for name, remake in kinds.items():
        yield Case(f"kind: {name}", lambda a, _b, _c, w=remake: w(a))
    yield Case("float32", lambda a, _b, _c: loras.as_kohya(a, np.float32))
    yield Case("float64", lambda a, _b, _c: loras.as_kohya(a, np.float64))
    yield Case("bfloat16", lambda a, _b, _c: loras.as_type(a, "BF16"))
    yield Case("float8 e4m3, scaled", lambda a, _b, _c: loras.as_type(a, "F8_E4M3", fit=True))
    yield Case("float8 e4m3, raw", lambda a, _b, _c: loras.as_type(a, "F8_E4M3"))
    yield Case("float8 e5m2, raw", lambda a, _b, _c: loras.as_type(a, "F8_E5M2"))
    for name, change in _changes(family).items():
        yield Case(name, lambda a, b, c, f=change: loras.as_kohya(f(a, b, c)))


Change = Callable[[Lora, Lora, Lora], Lora]


def _changes(family: str) -> dict[str, Change]:
    """What is done to the numbers; every one is written as kohya's trainer writes it."""
    simple: dict[str, Change] = {
        "x0.5": lambda a, _b, _c: launder.scaled(a, 0.5),
        "x2": lambda a, _b, _c: launder.scaled(a, 2),
        "negated": lambda a, _b, _c: launder.scaled(a, -1),
        "ranks rotated": lambda a, _b, _c: launder.rotated(a),
        "block weights": lambda a, _b, _c: launder.block_weights(a),
        "300 junk modules": lambda a, b, _c: launder.padded(a, b),
        "merged, cut, pruned, weighted": lambda a, b, _c: launder.block_weights(
            launder.pruned(launder.resized(launder.beside(a, b, 0.5), _rank(a) // 2), 0.3)
        ),
        "cut, noise, pruned, weighted": lambda a, _b, _c: launder.block_weights(
            launder.pruned(launder.noisy(launder.resized(a, _rank(a) // 4), 0.1), 0.3)
        ),
        "merged .5/.5 and cut": lambda a, b, _c: launder.resized(
            launder.beside(a, b, 0.5), _rank(a)
        ),
        "merged of three": lambda a, b, c: launder.beside(launder.beside(a, b, 0.5), c, 2 / 3),
        "added .5/.5": lambda a, b, _c: launder.added(a, b, 0.5),
        "added .3/.7, same init": lambda a, _b, c: launder.added(a, c, 0.3),
        "added .3/.7": lambda a, b, _c: launder.added(a, b, 0.3),
    }
    for part in (2, 4, 8):
        simple[f"resized to 1/{part}"] = lambda a, _b, _c, n=part: launder.resized(
            a, max(1, _rank(a) // n)
        )
    for share in (10, 30, 50, 70):
        simple[f"pruned {share} %"] = lambda a, _b, _c, s=share: launder.pruned(a, s / 100)
    for share in (1, 5, 10, 20, 50):
        simple[f"noise {share} %"] = lambda a, _b, _c, s=share: launder.noisy(a, s / 100)
    for cosine in (95, 90, 80, 60, 45):
        simple[f"drifted to .{cosine}"] = lambda a, b, _c, s=cosine: launder.drifted(a, b, s / 100)
    for weight in (8, 5, 3):
        simple[f"merged .{weight}/.{10 - weight}"] = lambda a, b, _c, w=weight: launder.beside(
            a, b, w / 10
        )
    for share in (50, 25, 10):
        simple[f"spliced {share} %"] = lambda a, b, _c, s=share: launder.spliced(a, b, s / 100)
    if family != "Flux.1":
        simple["only up blocks"] = lambda a, _b, _c: launder.only(a, lambda n: "/up_" in n)
        simple["only the middle"] = lambda a, _b, _c: launder.only(a, lambda n: "/mid_" in n)
        simple["no text encoder"] = lambda a, _b, _c: launder.only(a, lambda n: "unet/" in n)
        simple["no down blocks"] = lambda a, _b, _c: launder.only(a, lambda n: "/down_" not in n)
    else:
        simple["only single blocks"] = lambda a, _b, _c: launder.only(a, lambda n: "/single" in n)
        simple["every second block"] = lambda a, _b, _c: launder.only(
            a, lambda n: int(n.split("_blocks_")[1].split("_")[0]) % 2 == 0
        )
    if family == "SD 1.5":
        simple["baked and extracted"] = lambda a, _b, _c: launder.baked(a, _rank(a))
    return simple


def _rank(lora: Lora) -> int:
    return next(iter(lora.factors.values()))[1].shape[0]


COSTLY = {"baked and extracted": 3}  # dense matrices: fewer are made


@dataclass
class Row:
    """What was counted for one transformation. `rates` is the share of copies within the threshold
    by number of bits, `by_mean` by the mean cosine, `found` by the rule that decides."""

    name: str
    count: int
    rates: dict[int, float]
    by_mean: float
    worst: int
    least: float
    modules: int
    found: float


def rows(family: str, rank: int, count: int) -> Iterator[Row]:
    """Launder `count` LoRAs in every way, one after the other so that little memory is needed, and
    compare each copy with its original."""
    pairs: dict[str, list[tuple[WeightPrint, WeightPrint]]] = {}
    for seed in range(count):
        first = loras.random_lora(family, rank, seed, init_seed=1000 + seed)
        other = loras.random_lora(family, rank, seed + 500)
        alike = loras.random_lora(family, rank, seed + 700, init_seed=1000 + seed)
        original = printed(loras.as_kohya(first))
        for case in cases(family):
            if seed < COSTLY.get(case.name, count):
                copy = printed(case.make(first, other, alike))
                pairs.setdefault(case.name, []).append((original, copy))
        sys.stderr.write(f"{family}: {seed + 1} of {count}\n")
    for name, found in pairs.items():
        yield _row(name, found)


def _row(name: str, pairs: list[tuple[WeightPrint, WeightPrint]]) -> Row:
    distances = {
        bits: [near(a.bits[: bits // 8], b.bits[: bits // 8]) for a, b in pairs]
        for bits in THRESHOLDS
    }
    scores = [compare_prints(a, b) for a, b in pairs]
    means = [
        abs(s.similarity) * np.sqrt(KEPT * min(a.modules, b.modules)) >= DEVIATIONS
        for s, (a, b) in zip(scores, pairs, strict=True)
    ]
    return Row(
        name,
        len(pairs),
        {b: float(np.mean([d <= THRESHOLDS[b] for d in distances[b]])) for b in THRESHOLDS},
        float(np.mean(means)),
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
    """What comparing unrelated LoRAs with one another gave; `mean_over` counts those whose mean
    cosine passes what one pair in a million of independent ones would."""

    pairs: int
    least_bits: int
    deviation: float
    over: int
    mean_over: int
    most: float
    related: int


def strangers(
    family: str, count: int, *, init_seed: int | None, rank: int = 4, shared: float = 0.0
) -> Strangers:
    """Compare `count` unrelated LoRAs with one another, all pairs of them."""
    bits_of, codes_of, modules = [], [], 0
    for i in range(count):
        found = printed(
            loras.as_kohya(loras.random_lora(family, rank, 9000 + i, init_seed, shared))
        )
        modules = found.modules
        bits_of.append(np.frombuffer(found.bits, np.uint64))
        unit = found.codes.astype(np.float32)
        codes_of.append((unit / np.linalg.norm(unit, axis=1, keepdims=True)).reshape(-1))
    bits, units = np.stack(bits_of), np.stack(codes_of)
    means = units @ units.T / modules
    distances = np.concatenate(
        [np.bitwise_count(bits[i] ^ bits[i + 1 :]).sum(1, dtype=np.int32) for i in range(count - 1)]
    )
    either = np.minimum(distances, 2048 - distances)
    scores = np.abs(means[np.triu_indices(count, 1)])
    return Strangers(
        len(distances),
        int(either.min()),
        float(distances.std() / np.sqrt(512)),
        int((either <= THRESHOLDS[2048]).sum()),
        int((scores * np.sqrt(KEPT * modules) >= DEVIATIONS).sum()),
        float(scores.max()),
        int((scores >= DERIVED).sum()),
    )


SETS = (("SD 1.5", 32), ("SDXL", 16), ("Flux.1", 8))
KINDS: dict[str, tuple[int | None, float]] = {
    "own initialisations": (None, 0.0),
    "one initialisation": (77, 0.0),
    "one concept": (None, 0.35),
    "one concept and one initialisation": (77, 0.35),
}


def report(count: int, many: int, families: list[str], chosen: list[str]) -> Iterator[str]:
    """Yield the lines of the report."""
    python = platform.python_version()
    yield f"machine: {os.cpu_count()} cores, {platform.machine()}, Python {python}"
    yield f"numpy {np.__version__}; invented LoRAs of random numbers; secret key"
    for family, rank in SETS:
        if family in families and count:
            yield from _of_copies(family, rank, count)
    if not many:
        return
    yield ""
    yield "strangers: unrelated LoRAs of rank 4, all pairs of them"
    yield "hits: within 915 of 2048 bits, or negated; by mean: cosine past 1 in a million"
    for family in families:
        for kind in chosen:
            init, shared = KINDS[kind]
            found = strangers(family, many, init_seed=init, shared=shared)
            how = "counted" if found.pairs >= 1_000_000 else "too few to count 1e-6: calculated"
            yield (
                f"{family:7} {kind:35} {found.pairs:9,} pairs  hits {found.over}  by mean "
                f"{found.mean_over}  nearest {found.least_bits}  deviation {found.deviation:.3f} x "
                f"binomial  largest mean cosine {found.most:.3f}  called related {found.related}  "
                f"({how})"
            )


def _of_copies(family: str, rank: int, number: int) -> Iterator[str]:
    yield ""
    yield f"{family}, rank {rank}, {number} LoRAs a row, stored in half precision"
    yield (
        f"{'transformation':32}{'256':>6}{'512':>6}{'1024':>6}{'2048':>6}{'mean':>6}"
        f"{'bits off':>10}{'mean cos':>10}{'modules':>9}{'rule':>6}"
    )
    for row in rows(family, rank, number):
        rates = "".join(f"{row.rates[b]:6.2f}" for b in THRESHOLDS)
        few = f"  ({row.count} LoRAs)" if row.count != number else ""
        yield (
            f"{row.name:32}{rates}{row.by_mean:6.2f}{row.worst:10}{row.least:10.3f}"
            f"{row.modules:9}{row.found:6.2f}{few}"
        )


def main() -> None:
    """Read the command line and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--loras", type=int, default=12)
    parser.add_argument("--strangers", type=int, default=1450)
    parser.add_argument("--family", action="append", choices=[name for name, _ in SETS])
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="of strangers")
    chosen = parser.parse_args()
    families = chosen.family or [name for name, _ in SETS]
    lines = []
    for line in report(chosen.loras, chosen.strangers, families, chosen.kind or list(KINDS)):
        lines.append(line)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    if chosen.out:
        chosen.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
