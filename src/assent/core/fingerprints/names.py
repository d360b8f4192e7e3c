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
    r"|\.lora(?:_linear)?_layer\.(?P<linear>down|up)\.weight"
    r"|\.lora_(?P<plain>down|up|mid)(?:\.(?!weight$)[^.]+)?(?:\.weight)?"
    r"|\.lora_(?P<peft>A|B)(?:\.(?!weight$)[^.]+)?(?:\.weight)?"
    r"|\.(?P<other>alpha|dora_scale|diff|hada_w[12]_[ab]|hada_t[12]|lokr_w[12](?:_[ab])?|lokr_t2)"
    r"(?:\.weight)?"
    r"|\.lora_(?P<magnitude>magnitude_vector)(?:\.[^.]+)*"
    r")$"
)
_HALVES = {"down": "down", "up": "up", "mid": "mid", "A": "down", "B": "up"}
# What programs put before a path, with every dot as an underscore, in any order and any number.
# Those of no component are wrappers; `transformer_blocks` is a path and no prefix.
_PREFIX = re.compile(
    r"(?:(?P<wrapper>base_model_model_|model_model_|module_|lycoris_|lora_prior_|lora_|prior_)"
    r"|(?P<te1>text_encoders_clip_l_(?:transformer_)?|conditioner_embedders_0_transformer_"
    r"|cond_stage_model_transformer_|text_encoder_1_|clip_l_|te1_|te_)"
    r"|(?P<te2>text_encoders_clip_g_(?:transformer_)?|conditioner_embedders_1_model_"
    r"|text_encoder_2_|clip_g_|te2_)"
    r"|(?P<te3>text_encoders_t5xxl_(?:transformer_)?|text_encoder_3_|t5xxl_|t5_|te3_)"
    r"|(?P<first>text_encoder_)"  # after the others, which begin like it
    r"|(?P<unet>(?:model_)?diffusion_model_|transformer_(?!blocks_)|diffusion_|denoiser_|unet_))"
)
_COMPILED = "_orig_mod_"  # left by a compiler, at any depth
_WRAPPED_LAYER = re.compile(r"_(?:base_layer|lora_layer)(?=_|$)")
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
    path = _WRAPPED_LAYER.sub("", _PROCESSOR.sub("", path))
    if component != "unet" or path.startswith(("text_model_", "encoder_block_")):
        return _text_pieces(component, path)
    readers: tuple[Callable[[str], list[tuple[str, int]] | None], ...] = (flux_pieces, sd3_pieces)
    for reader in readers:
        if split := reader(path):
            return tuple(Piece(f"unet/{name}", share) for name, share in split)
    return (Piece(f"unet/{unet_path(path)}", 1),)


def _component(stem: str) -> tuple[str, str]:
    """Take prefixes off until there are none; the last one that names a component decides."""
    component, path = "unet", stem.replace(".", "_").replace(_COMPILED, "")
    while (found := _PREFIX.match(path)) and found.end() < len(path):
        if found.lastgroup != "wrapper":
            component = "te1" if found.lastgroup == "first" else str(found.lastgroup)
        path = path[found.end() :]
    return component, path


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
