"""What kind of adapter a set of tensors is, read from names and shapes, not from claims."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

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


def _any(mark: re.Pattern[str], header: Header) -> bool:
    return any(mark.search(tensor.name) for tensor in header.tensors)


def _rank(tensor: Tensor) -> int | None:
    """The inner dimension is the first of the half that reads the module's input."""
    if not tensor.shape or not any(mark.match(tensor.name) for mark in _RANKED):
        return None
    return tensor.shape[0]
