"""One name for one module, whichever program wrote the file.

The same layer of the same base model is called `lora_unet_input_blocks_4_1_...` by one trainer and
`unet.down_blocks.1.attentions.0....` by the next. Here every scheme becomes
`component/path_with_underscores` with the path that the diffusers library uses; component is unet,
te1 (CLIP-L), te2 (CLIP-G) or te3 (T5).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from assent.core.fingerprints.paths_flux import flux_pieces, sd3_pieces
from assent.core.fingerprints.paths_ldm import openclip_pieces, unet_path

# Which half of which update a tensor is, at the end of its name.
_PART = re.compile(
    r"^(?P<stem>.+?)(?:"
    r"[._]lora(?P<twin>[12])?\.(?P<dotted>down|up)(?:\.weight)?"
    r"|\.lora_linear_layer\.(?P<linear>down|up)\.weight"
    r"|\.lora_(?P<plain>down|up|mid)(?:\.(?!weight$)[^.]+)?(?:\.weight)?"
    r"|\.lora_(?P<peft>A|B)(?:\.(?!weight$)[^.]+)?(?:\.weight)?"
    r"|\.(?P<other>alpha|dora_scale|diff|hada_w[12]_[ab]|hada_t[12]|lokr_w[12](?:_[ab])?|lokr_t2)"
    r"|\.lora_(?P<magnitude>magnitude_vector)(?:\.[^.]+)*"
    r")$"
)
_HALVES = {"down": "down", "up": "up", "mid": "mid", "A": "down", "B": "up"}
_WRAPPERS = ("base_model.model.", "model.model.", "lycoris_")
# Longest first: `text_encoder.` must not eat `text_encoder_2.`.
_PREFIXES = (
    ("conditioner.embedders.0.transformer.", "te1"),
    ("conditioner.embedders.1.model.", "te2"),
    ("cond_stage_model.transformer.", "te1"),
    ("text_encoders.clip_l.transformer.", "te1"),
    ("text_encoders.clip_g.transformer.", "te2"),
    ("text_encoders.t5xxl.transformer.", "te3"),
    ("text_encoders.clip_l.", "te1"),
    ("text_encoders.clip_g.", "te2"),
    ("text_encoders.t5xxl.", "te3"),
    ("model.diffusion_model.", "unet"),
    ("lora_transformer_", "unet"),
    ("lora_text_encoder_2_", "te2"),
    ("lora_text_encoder_", "te1"),
    ("diffusion_model.", "unet"),
    ("text_encoder_2.", "te2"),
    ("text_encoder_3.", "te3"),
    ("text_encoder.", "te1"),
    ("text_encoder_2_", "te2"),
    ("text_encoder_3_", "te3"),
    ("text_encoder_", "te1"),
    ("transformer.", "unet"),
    ("lora_prior_", "unet"),
    ("lora_unet_", "unet"),
    ("lora_te1_", "te1"),
    ("lora_te2_", "te2"),
    ("lora_te3_", "te3"),
    ("lora_te_", "te1"),
    ("diffusion.", "unet"),
    ("denoiser.", "unet"),
    ("clip_l.", "te1"),
    ("clip_g.", "te2"),
    ("t5xxl.", "te3"),
    ("unet.", "unet"),
    ("unet_", "unet"),
    ("t5.", "te3"),
)
_PROCESSOR = re.compile(r"_processor(?=_|$)")
_OLD_TEXT = re.compile(r"(self_attn)_to_(q|k|v|out)$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A canonical module, and its share of the rows of the tensor that it is part of."""

    name: str
    share: int


@dataclass(frozen=True, slots=True)
class Part:
    """What a tensor's name says: the module as written, which part, and the canonical pieces."""

    stem: str
    part: str
    pieces: tuple[Piece, ...]


@lru_cache(maxsize=50_000)
def part_of(tensor: str) -> Part | None:
    """Read a tensor's name; None for one that belongs to no update that we know.

    The parts are: down, up, mid, alpha, dora, diff, and hada_* and lokr_* as written.
    """
    found = _PART.match(tensor)
    if found is None:
        return None
    stem = found["stem"]
    part = _part(found)
    if part == "alpha":
        stem = stem.removesuffix("_lora").removesuffix(".lora")
    if found["twin"]:
        stem = f"{stem}{found['twin']}"
    return Part(stem, part, pieces_of(stem))


def _part(found: re.Match[str]) -> str:
    half = found["dotted"] or found["linear"] or found["plain"] or found["peft"]
    if half:
        return _HALVES[half]
    if found["magnitude"] or found["other"] == "dora_scale":
        return "dora"
    return found["other"]


@lru_cache(maxsize=50_000)
def pieces_of(stem: str) -> tuple[Piece, ...]:
    """Return the canonical modules in one written module; more than one where rows are fused."""
    component, path = _component(stem)
    path = _PROCESSOR.sub("", path.replace(".", "_")).replace("_lora_layer", "")
    if component != "unet" or path.startswith(("text_model_", "encoder_block_")):
        return _text_pieces(component, path)
    readers: tuple[Callable[[str], list[tuple[str, int]] | None], ...] = (flux_pieces, sd3_pieces)
    for reader in readers:
        if split := reader(path):
            return tuple(Piece(f"unet/{name}", share) for name, share in split)
    return (Piece(f"unet/{unet_path(path)}", 1),)


def _component(stem: str) -> tuple[str, str]:
    for wrapper in _WRAPPERS:
        stem = stem.removeprefix(wrapper)
    for prefix, component in _PREFIXES:
        if stem.startswith(prefix):
            return component, stem[len(prefix) :]
    return "unet", stem


def _text_pieces(component: str, path: str) -> tuple[Piece, ...]:
    """CLIP layers live under `text_model`; T5 is known by its own layout, whatever its number."""
    if path.startswith(("encoder_block_", "decoder_block_")):
        return (Piece(f"te3/{path}", 1),)
    component = "te1" if component == "unet" else component
    if "transformer_resblocks_" in path:
        return tuple(Piece(f"{component}/{name}", share) for name, share in openclip_pieces(path))
    path = _OLD_TEXT.sub(lambda m: f"{m[1]}_{'out' if m[2] == 'out' else m[2]}_proj", path)
    if path.startswith("encoder_layers_"):
        path = f"text_model_{path}"
    return (Piece(f"{component}/{path}", 1),)
