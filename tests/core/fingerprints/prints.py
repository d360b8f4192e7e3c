"""Small adapters of every kind, and their fingerprints."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save

from assent.core.files.safetensors_header import Header, read_header
from assent.core.fingerprints.weights import WeightPrint, print_weights

Tensors = dict[str, npt.NDArray[Any]]
BLOCK = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0"
LINEAR = [f"{BLOCK}_{part}" for part in ("attn1_to_q", "attn1_to_k", "ff_net_2", "attn2_to_v")]


def printed(content: bytes, key: bytes = b"") -> WeightPrint | None:
    fileobj = io.BytesIO(content)
    header = read_header(fileobj, len(content))
    assert isinstance(header, Header), header
    return print_weights(fileobj, header, key)


def sure(content: bytes, key: bytes = b"") -> WeightPrint:
    found = printed(content, key)
    assert found is not None
    return found


def lora(seed: int = 1, rank: int = 4, stems: list[str] | None = None) -> Tensors:
    dice = np.random.default_rng(seed)
    out: Tensors = {}
    for stem in LINEAR if stems is None else stems:
        out[f"{stem}.lora_down.weight"] = dice.standard_normal((rank, 24)).astype(np.float32)
        out[f"{stem}.lora_up.weight"] = dice.standard_normal((36, rank)).astype(np.float32)
        out[f"{stem}.alpha"] = np.array(rank / 2, np.float32)
    return out


def many(seed: int = 1, count: int = 40, rank: int = 4) -> Tensors:
    """Enough modules for scores to mean something."""
    stems = [
        f"lora_te_text_model_encoder_layers_{i // 4}_self_attn_{h}_proj"
        for i in range(count)
        for h in (("q", "k", "v", "out")[i % 4],)
    ]
    return lora(seed, rank, stems)


def kinds() -> dict[str, Tensors]:
    """One adapter of each kind, four modules each, two of them convolutions where that differs."""
    dice = np.random.default_rng(7)

    def some(*shape: int) -> npt.NDArray[np.float32]:
        return dice.standard_normal(shape).astype(np.float32)

    made: dict[str, Tensors] = {"lora": lora()}
    parts: dict[str, dict[str, tuple[int, ...]]] = {
        "locon": {"lora_down.weight": (4, 6, 3, 3), "lora_up.weight": (36, 4, 1, 1)},
        "locon-cp": {
            "lora_down.weight": (4, 6, 1, 1),
            "lora_mid.weight": (4, 4, 3, 3),
            "lora_up.weight": (36, 4, 1, 1),
        },
        "loha": {
            "hada_w1_a": (36, 4),
            "hada_w1_b": (4, 24),
            "hada_w2_a": (36, 4),
            "hada_w2_b": (4, 24),
        },
        "loha-cp": {
            "hada_t1": (4, 4, 3, 3),
            "hada_w1_a": (4, 36),
            "hada_w1_b": (4, 6),
            "hada_t2": (4, 4, 3, 3),
            "hada_w2_a": (4, 36),
            "hada_w2_b": (4, 6),
        },
        "lokr": {"lokr_w1": (6, 4), "lokr_w2_a": (6, 2), "lokr_w2_b": (2, 6)},
        "lokr-full": {"lokr_w1": (6, 4), "lokr_w2": (6, 6)},
        "lokr-conv": {"lokr_w1_a": (6, 2), "lokr_w1_b": (2, 4), "lokr_w2": (6, 6, 3, 3)},
        "full": {"diff": (36, 24)},
        "full-conv": {"diff": (36, 6, 3, 3)},
    }
    for kind, shapes in parts.items():
        made[kind] = {
            f"{stem}.{part}": some(*shape) for stem in LINEAR for part, shape in shapes.items()
        }
        made[kind] |= {f"{stem}.alpha": np.array(2, np.float32) for stem in LINEAR}
    return made


def saved(tensors: Tensors, dtype: Any = None) -> bytes:
    if dtype is not None:
        tensors = {name: values.astype(dtype) for name, values in tensors.items()}
    return save({name: np.ascontiguousarray(values) for name, values in tensors.items()})
