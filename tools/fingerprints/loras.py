"""LoRAs of random numbers in the shapes of real base models, and the ways that programs write them.

They were never trained on anything; their singular values fall off as those of trained ones do.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save

from assent.core.fingerprints.architectures import Size, _tables
from assent.core.fingerprints.numbers import decoded

Floats = npt.NDArray[np.float32]
# What trainers adapt by default: attention, feed-forward and projections, no convolutions.
_USUAL = re.compile(
    r"attn|ff_net|ff_context|proj_in$|proj_out$|mlp_fc|proj_mlp|single.*norm_linear"
    r"|blocks_\d+_norm1(_context)?_linear"
)


@dataclass(frozen=True, slots=True)
class Lora:
    """Factors (up, down) by canonical module: the update is up @ down."""

    family: str
    factors: dict[str, tuple[Floats, Floats]]

    def map(self, change: Callable[[str, Floats, Floats], tuple[Floats, Floats]]) -> Lora:
        """Return a LoRA with each module changed."""
        return Lora(self.family, {n: change(n, *pair) for n, pair in self.factors.items()})


def shapes(family: str) -> dict[str, Size]:
    """Return what a trainer adapts by default in a family: 264, 986 or 494 modules."""
    with_t5 = {n: s for n, s in _tables()[family].items() if _USUAL.search(n)}
    return {
        name: size
        for name, size in with_t5.items()
        if not name.startswith("te3/")
        and not (family == "Flux.1" and name.startswith("te1/"))
        and name != "unet/proj_out"
    }


def random_lora(
    family: str, rank: int, seed: int, init_seed: int | None = None, shared: float = 0.0
) -> Lora:
    """Return a random LoRA; `init_seed` fixes the down halves, as a trainer's default seed does,
    and `shared` mixes in a direction that all of that family have (0 to 1)."""
    dice = np.random.default_rng([seed, 1])
    init = dice if init_seed is None else np.random.default_rng([init_seed, 2])
    common = np.random.default_rng(3)
    spectrum = (1 / np.arange(1, rank + 1)).astype(np.float32)
    factors = {}
    for name, (rows, columns) in shapes(family).items():
        down = init.standard_normal((rank, columns), np.float32) / np.float32(np.sqrt(columns))
        up = dice.standard_normal((rows, rank), np.float32) * spectrum * np.float32(0.01)
        if shared:
            a, b = (common.standard_normal((n, 1), np.float32) for n in (rows, columns))
            size = np.float32(shared * 0.01)
            up = np.concatenate([up * np.float32(1 - shared), a * size], axis=1)
            down = np.concatenate([down, b.T / np.float32(np.sqrt(columns))])
        factors[name] = (up, down)
    return Lora(family, factors)


# How programs write them ------------------------------------------------------------------------


def as_kohya(lora: Lora, dtype: npt.DTypeLike = np.float16) -> bytes:
    """Return the file as kohya's trainer writes it, in the names of diffusers."""
    return _written(lora.factors.items(), _kohya_name, "lora_down.weight", "lora_up.weight", dtype)


def as_peft(lora: Lora, dtype: npt.DTypeLike = np.float16) -> bytes:
    """Return the file as the PEFT library writes it."""
    return _written(lora.factors.items(), _dotted_name, "lora_A.weight", "lora_B.weight", dtype)


def as_diffusers_old(lora: Lora, dtype: npt.DTypeLike = np.float16) -> bytes:
    """Return the file as early diffusers wrote it."""
    return _written(lora.factors.items(), _dotted_name, "lora.down.weight", "lora.up.weight", dtype)


def as_ldm(lora: Lora, dtype: npt.DTypeLike = np.float16) -> bytes:
    """Return the file in the names of the original Stable Diffusion code, as SDXL's are."""
    return _written(lora.factors.items(), _ldm_name, "lora_down.weight", "lora_up.weight", dtype)


def as_comfy(lora: Lora, dtype: npt.DTypeLike = np.float16) -> bytes:
    """Return the file in dotted original names, q, k and v fused for Flux."""
    pairs = _fused(lora.factors) if lora.family == "Flux.1" else lora.factors
    return _written(pairs.items(), _comfy_name, "lora_A.weight", "lora_B.weight", dtype)


def as_flux_kohya(lora: Lora, dtype: npt.DTypeLike = np.float16) -> bytes:
    """Return a Flux file as kohya's trainer writes it: fused, in the makers' names."""
    return _written(
        _fused(lora.factors).items(),
        lambda name: "lora_unet_" + name.replace(".", "_"),
        "lora_down.weight",
        "lora_up.weight",
        dtype,
    )


Pairs = Iterable[tuple[str, tuple[Floats, Floats]]]


def _written(
    pairs: Pairs, name_of: Callable[[str], str], down_part: str, up_part: str, dtype: npt.DTypeLike
) -> bytes:
    tensors: dict[str, npt.NDArray[Any]] = {}
    for name, (up, down) in pairs:
        written = name_of(name)
        tensors[f"{written}.{down_part}"] = np.ascontiguousarray(down.astype(dtype))
        tensors[f"{written}.{up_part}"] = np.ascontiguousarray(up.astype(dtype))
        if down_part.startswith("lora_down"):
            tensors[f"{written}.alpha"] = np.array(down.shape[0], dtype)
    return save(tensors)


def as_onetrainer(lora: Lora, dtype: npt.DTypeLike = np.float16) -> bytes:
    """Return the file as OneTrainer writes it: diffusers' paths with dots behind its prefixes."""
    return _written(
        lora.factors.items(), _onetrainer_name, "lora_down.weight", "lora_up.weight", dtype
    )


def as_compiled_peft(lora: Lora, dtype: npt.DTypeLike = np.float16) -> bytes:
    """Return the file of a compiled and wrapped model, with the adapter's name in every key."""
    return _written(
        lora.factors.items(),
        lambda name: "module.base_model.model._orig_mod." + _dotted_name(name),
        "lora_A.default_0.weight",
        "lora_B.default_0.weight",
        dtype,
    )


def as_type(lora: Lora, dtype: str, *, fit: bool = False) -> bytes:
    """Return kohya's file in a number type that numpy lacks: BF16, F8_E4M3 or F8_E5M2. With `fit`
    each tensor is first scaled to the type's range, and alpha takes the scale back."""
    table: dict[str, object] = {}
    data: list[bytes] = []

    def put(name: str, values: Floats, kind: str) -> None:
        raw = np.asarray(values, "<f4").tobytes() if kind == "F32" else rounded(values, kind)
        start = sum(map(len, data))
        shape = list(values.shape)
        table[name] = {"dtype": kind, "shape": shape, "data_offsets": [start, start + len(raw)]}
        data.append(raw)

    for name, (up, down) in lora.factors.items():
        sizes = [float(np.abs(half).max()) / 100 if fit else 1.0 for half in (up, down)]
        put(f"{_kohya_name(name)}.lora_up.weight", up / np.float32(sizes[0]), dtype)
        put(f"{_kohya_name(name)}.lora_down.weight", down / np.float32(sizes[1]), dtype)
        alpha = np.float32(down.shape[0] * sizes[0] * sizes[1])
        put(f"{_kohya_name(name)}.alpha", np.asarray(alpha), "F32")
    header = json.dumps(table).encode()
    return struct.pack("<Q", len(header)) + header + b"".join(data)


def rounded(values: Floats, dtype: str) -> bytes:
    """Return values in a short number type, each rounded to the nearest."""
    if dtype == "BF16":
        bits = np.ascontiguousarray(values, "<f4").view("<u4")
        return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2").tobytes()
    known = decoded(np.arange(128, dtype=np.uint8), dtype)
    sizes = known[np.isfinite(known)]
    middles = (sizes[1:] + sizes[:-1]) / 2
    codes = np.searchsorted(middles, np.abs(values)).astype(np.uint8)
    return np.where(np.signbit(values), codes | 0x80, codes).astype(np.uint8).tobytes()


def as_loha(lora: Lora) -> bytes:
    """Return the same update as a Hadamard product, the second matrix being all ones."""
    tensors: dict[str, npt.NDArray[Any]] = {}
    for name, (up, down) in lora.factors.items():
        stem, ones = f"lycoris_{name.split('/')[1]}", np.float16(1)
        if not name.startswith("unet/"):
            stem = _kohya_name(name)
        tensors[f"{stem}.hada_w1_a"] = up.astype(np.float16)
        tensors[f"{stem}.hada_w1_b"] = np.ascontiguousarray(down.astype(np.float16))
        tensors[f"{stem}.hada_w2_a"] = np.full((len(up), 1), ones)
        tensors[f"{stem}.hada_w2_b"] = np.full((1, down.shape[1]), ones)
    return save(tensors)


def as_lokr(lora: Lora) -> bytes:
    """Return the same update as a Kronecker product with a single number."""
    tensors: dict[str, npt.NDArray[Any]] = {}
    for name, (up, down) in lora.factors.items():
        stem = _kohya_name(name)
        tensors[f"{stem}.lokr_w1"] = np.ones((1, 1), np.float16)
        tensors[f"{stem}.lokr_w2_a"] = up.astype(np.float16)
        tensors[f"{stem}.lokr_w2_b"] = np.ascontiguousarray(down.astype(np.float16))
    return save(tensors)


def as_dora(lora: Lora) -> bytes:
    """Return kohya's file with a magnitude beside every update."""
    tensors: dict[str, npt.NDArray[Any]] = {}
    for name, (up, down) in lora.factors.items():
        stem = _kohya_name(name)
        tensors[f"{stem}.lora_up.weight"] = up.astype(np.float16)
        tensors[f"{stem}.lora_down.weight"] = np.ascontiguousarray(down.astype(np.float16))
        tensors[f"{stem}.dora_scale"] = np.ones((len(up), 1), np.float16)
    return save(tensors)


def as_convolutions(lora: Lora) -> bytes:
    """Return kohya's file with every linear layer written as a convolution of one pixel."""
    tensors: dict[str, npt.NDArray[Any]] = {}
    for name, (up, down) in lora.factors.items():
        stem = _kohya_name(name)
        tensors[f"{stem}.lora_up.weight"] = up.astype(np.float16)[..., None, None]
        tensors[f"{stem}.lora_down.weight"] = np.ascontiguousarray(
            down.astype(np.float16)[..., None, None]
        )
    return save(tensors)


def _kohya_name(name: str) -> str:
    component, path = name.split("/")
    return f"lora_{component}_{path}"


_COMPONENTS = {"unet": "unet", "te1": "text_encoder", "te2": "text_encoder_2"}


def _dotted_name(name: str) -> str:
    component, path = name.split("/")
    head = _COMPONENTS[component]
    if "blocks_" in path and path.startswith(("transformer_blocks", "single_")):
        head = "transformer"
    dotted = re.sub(r"(?<=\d)_|_(?=\d)", ".", path)
    return f"{head}.{dotted}"


def _onetrainer_name(name: str) -> str:
    component, path = name.split("/")
    if path.startswith(("transformer_blocks", "single_")):
        component = "transformer"
    return f"lora_{component}." + re.sub(r"(?<=\d)_|_(?=\d)", ".", path)


def _ldm_name(name: str) -> str:
    component, path = name.split("/")
    if component != "unet":
        return f"lora_{component}_{path}"
    if found := re.match(r"down_blocks_(\d+)_attentions_(\d+)_(.*)", path):
        return f"lora_unet_input_blocks_{1 + 3 * int(found[1]) + int(found[2])}_1_{found[3]}"
    if found := re.match(r"up_blocks_(\d+)_attentions_(\d+)_(.*)", path):
        return f"lora_unet_output_blocks_{3 * int(found[1]) + int(found[2])}_1_{found[3]}"
    return "lora_unet_" + path.replace("mid_block_attentions_0", "middle_block_1")


def _comfy_name(name: str) -> str:
    if "/" not in name:
        return f"diffusion_model.{name}"
    component, path = name.split("/")
    if component == "unet":
        return "diffusion_model." + _ldm_name(name).removeprefix("lora_unet_").replace("_", ".")
    which = {"te1": "clip_l", "te2": "clip_g"}[component]
    return f"text_encoders.{which}.transformer." + path.replace("_", ".")


_SINGLE_PARTS = {"proj_out": "linear2", "norm_linear": "modulation.lin"}
_DOUBLE_PARTS = {
    "attn_to_out_0": "img_attn.proj",
    "attn_to_add_out": "txt_attn.proj",
    "ff_net_0_proj": "img_mlp.0",
    "ff_net_2": "img_mlp.2",
    "ff_context_net_0_proj": "txt_mlp.0",
    "ff_context_net_2": "txt_mlp.2",
    "norm1_linear": "img_mod.lin",
    "norm1_context_linear": "txt_mod.lin",
}
_FUSED = {
    "double_img": ("attn_to_q", "attn_to_k", "attn_to_v"),
    "double_txt": ("attn_add_q_proj", "attn_add_k_proj", "attn_add_v_proj"),
    "single": ("attn_to_q", "attn_to_k", "attn_to_v", "proj_mlp"),
}


def _fused(factors: dict[str, tuple[Floats, Floats]]) -> dict[str, tuple[Floats, Floats]]:
    """Join q, k and v of Flux as the makers' code has them: block-diagonal up, stacked down."""
    out: dict[str, tuple[Floats, Floats]] = {}
    groups: dict[str, list[tuple[Floats, Floats]]] = {}
    for name, pair in factors.items():
        found = re.match(r"unet/(single_)?transformer_blocks_(\d+)_(.*)", name)
        assert found is not None, name
        single, number, part = found[1], found[2], found[3]
        block = f"{'single' if single else 'double'}_blocks.{number}"
        plain = (_SINGLE_PARTS if single else _DOUBLE_PARTS).get(part)
        if plain:
            out[f"{block}.{plain}"] = pair
        elif single:
            groups.setdefault(f"{block}.linear1", []).append(pair)
        else:
            stream = "txt" if part in _FUSED["double_txt"] else "img"
            groups.setdefault(f"{block}.{stream}_attn.qkv", []).append(pair)
    return out | {name: _block_diagonal(pairs) for name, pairs in groups.items()}


def _block_diagonal(pairs: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    ranks = [up.shape[1] for up, _ in pairs]
    rows = [up.shape[0] for up, _ in pairs]
    up = np.zeros((sum(rows), sum(ranks)), np.float32)
    at = wide = 0
    for (part, _), height, rank in zip(pairs, rows, ranks, strict=True):
        up[at : at + height, wide : wide + rank] = part
        at, wide = at + height, wide + rank
    return up, np.concatenate([down for _, down in pairs])
