"""What kind of adapter a set of tensors is, read from names and shapes, not from claims."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from assent.core.files.config_clues import Clue
from assent.core.files.safetensors_header import Header, Tensor

# The part of a name that says which half of which adapter a tensor is.
_DOWN = re.compile(
    r"^(.*?)[._]lora(?:_down|_A|\.down|_linear_layer\.down)(?:\.[^.]+)?(?:\.weight)?$"
)
_KINDS = (
    ("dora", re.compile(r"\.(?:dora_scale|lora_magnitude_vector(?:\..+)?)$")),
    ("loha", re.compile(r"\.hada_w[12]_[ab]$")),
    ("lokr", re.compile(r"\.lokr_w[12](?:_[ab])?$")),
    ("lora", _DOWN),
    ("oft", re.compile(r"\.oft_(?:blocks|diag)$")),
    ("full", re.compile(r"\.diff(?:_b)?$")),
    ("embedding", re.compile(r"^(?:emb_params|clip_[lg]|t5xxl|string_to_param.*)$")),
    (
        "checkpoint",
        re.compile(r"^(?:model\.diffusion_model\.|first_stage_model\.|cond_stage_model)"),
    ),
)
_RANKED = (_DOWN, re.compile(r"^(.*)\.hada_w1_b$"), re.compile(r"^(.*)\.lokr_w2_b$"))
_BASE_BY_NAME = (
    ("SDXL", re.compile(r"(?:^|[._])te2[._]|text_encoder_2|conditioner\.embedders\.1")),
    ("Flux.1", re.compile(r"double_blocks|single_transformer_blocks")),
    ("SD 3", re.compile(r"joint_blocks")),
)


@dataclass(frozen=True, slots=True)
class Adapter:
    """Kind of adapter; most common rank and number of modules where they can be read."""

    kind: str
    rank: int | None
    modules: int | None

    def as_record(self) -> dict[str, object]:
        """The adapter as JSON."""
        return {"kind": self.kind, "rank": self.rank, "modules": self.modules}


def adapter_of(header: Header) -> Adapter | None:
    """Name the adapter; None where the tensors follow no scheme that we know."""
    kind = next((kind for kind, mark in _KINDS if _any(mark, header)), None)
    if kind is None:
        return None
    ranks = [rank for tensor in header.tensors if (rank := _rank(tensor)) is not None]
    common = Counter(ranks).most_common(1)
    return Adapter(kind, common[0][0] if common else None, len(ranks) or None)


def base_model_by_tensors(header: Header) -> str | None:
    """Guess the base model from tensor names that only one family has."""
    return next((base for base, mark in _BASE_BY_NAME if _any(mark, header)), None)


# What PEFT calls an adapter that nobody named, and what stands in every file.
_UNNAMED = re.compile(r"default(?:_\d+)?|weight|\d+")
_ADAPTER_NAME = re.compile(r"\.lora_(?:A|B|down|up)\.([^.]+)(?:\.weight)?$")
_EMBEDDING_WIDTHS = frozenset((768, 1024, 1280, 2048, 4096))
_EMBEDDING_KEYS = frozenset(("emb_params", "clip_l", "clip_g", "t5xxl"))
_EMBEDDINGS_MOST = 16


def name_clues(header: Header) -> list[Clue]:
    """Return names that stand in tensor names: of a PEFT adapter, and the word that an embedding
    is called by."""
    named = {m[1] for t in header.tensors if (m := _ADAPTER_NAME.search(t.name))}
    clues = [(name, "adapter name", 0.7) for name in sorted(named) if not _UNNAMED.fullmatch(name)]
    if len(header.tensors) <= _EMBEDDINGS_MOST:
        words = [t.name for t in header.tensors if _is_embedding(t)]
        clues += [(word.removeprefix("string_to_param."), "embedding name", 0.9) for word in words]
    return clues


def _is_embedding(tensor: Tensor) -> bool:
    wide = bool(tensor.shape) and tensor.shape[-1] in _EMBEDDING_WIDTHS
    return wide and len(tensor.shape) <= 2 and _plain_word(tensor.name)


def _plain_word(name: str) -> bool:
    module = name.endswith((".weight", ".bias", ".alpha")) or "lora" in name
    return not module and name not in _EMBEDDING_KEYS


def _any(mark: re.Pattern[str], header: Header) -> bool:
    return any(mark.search(tensor.name) for tensor in header.tensors)


def _rank(tensor: Tensor) -> int | None:
    """The inner dimension is the first of the half that reads the module's input."""
    if not tensor.shape or not any(mark.match(tensor.name) for mark in _RANKED):
        return None
    return tensor.shape[0]
