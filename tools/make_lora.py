"""Write a LoRA of random weights under SDXL's names, for trying out uploads of a real size.

    python tools/make_lora.py OUT --mb 150 --seed 1

The file is sound and useless: it was never trained on anything. Weights are streamed, so a file
of several gigabytes needs little memory; the same arguments always give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import math
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

# Block, its width and its number of transformer layers.
BLOCKS = (
    *((f"input_blocks_{i}_1", 640, 2) for i in (4, 5)),
    *((f"input_blocks_{i}_1", 1280, 10) for i in (7, 8)),
    ("middle_block_1", 1280, 10),
    *((f"output_blocks_{i}_1", 1280, 10) for i in (0, 1, 2)),
    *((f"output_blocks_{i}_1", 640, 2) for i in (3, 4, 5)),
)
TEXT_WIDTH = 2048
CHUNK_VALUES = 1 << 20


def modules() -> Iterator[tuple[str, int, int]]:
    """Yield name, inputs and outputs of every linear layer that trainers adapt."""
    for block, width, layers in BLOCKS:
        base = f"lora_unet_{block}"
        yield f"{base}_proj_in", width, width
        for layer in range(layers):
            inner = f"{base}_transformer_blocks_{layer}"
            for part in ("attn1_to_q", "attn1_to_k", "attn1_to_v", "attn1_to_out_0"):
                yield f"{inner}_{part}", width, width
            yield f"{inner}_attn2_to_q", width, width
            yield f"{inner}_attn2_to_k", TEXT_WIDTH, width
            yield f"{inner}_attn2_to_v", TEXT_WIDTH, width
            yield f"{inner}_attn2_to_out_0", width, width
            yield f"{inner}_ff_net_0_proj", width, 8 * width
            yield f"{inner}_ff_net_2", 4 * width, width
        yield f"{base}_proj_out", width, width


def chosen_shapes(target: int) -> dict[str, tuple[int, ...]]:
    """Pick a rank, then as many modules as it takes to reach `target` bytes in half precision."""
    per_rank = sum(2 * (ins + outs) for _, ins, outs in modules())
    rank = max(1, math.ceil(target / per_rank))
    shapes: dict[str, tuple[int, ...]] = {}
    for name, ins, outs in modules():
        if sum(map(bytes_of, shapes.values())) >= target:
            break
        shapes[f"{name}.alpha"] = ()
        shapes[f"{name}.lora_down.weight"] = (rank, ins)
        shapes[f"{name}.lora_up.weight"] = (outs, rank)
    return shapes


def bytes_of(shape: tuple[int, ...]) -> int:
    """Size of a tensor in half precision."""
    return 2 * math.prod(shape)


def header_of(shapes: dict[str, tuple[int, ...]], name: str) -> bytes:
    """The header with the notes of an invented training, padded to eight bytes."""
    notes = {
        "ss_output_name": name,
        "ss_base_model_version": "sdxl_base_v1-0",
        "ss_network_module": "networks.lora",
    }
    table: dict[str, object] = {"__metadata__": notes}
    at = 0
    for tensor, shape in shapes.items():
        end = at + bytes_of(shape)
        table[tensor] = {"dtype": "F16", "shape": list(shape), "data_offsets": [at, end]}
        at = end
    raw = json.dumps(table, separators=(",", ":")).encode()
    return raw + b" " * (-len(raw) % 8)


def weights(shape: tuple[int, ...], dice: np.random.Generator) -> Iterator[bytes]:
    """Yield the bytes of one tensor in pieces; alpha is 1."""
    if shape == ():
        yield np.float16(1).tobytes()
        return
    left = math.prod(shape)
    while left > 0:
        values = dice.standard_normal(min(left, CHUNK_VALUES), np.float32) * np.float32(0.02)
        yield values.astype("<f2").tobytes()
        left -= len(values)


def main() -> None:
    """Read the command line and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("out", type=Path)
    parser.add_argument("--mb", type=float, default=150, help="size in millions of bytes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--name", default="random_weights", help="name in the training notes")
    chosen = parser.parse_args()
    shapes = chosen_shapes(int(chosen.mb * 1_000_000))
    header = header_of(shapes, chosen.name)
    dice = np.random.default_rng(chosen.seed)
    with chosen.out.open("wb") as out:
        out.write(struct.pack("<Q", len(header)) + header)
        for shape in shapes.values():
            out.writelines(weights(shape, dice))
    print(f"{chosen.out}: {chosen.out.stat().st_size:,} bytes, {len(shapes)} tensors")


if __name__ == "__main__":
    main()
