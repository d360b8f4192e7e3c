"""What a model's notes say: facts that a buyer may see, and whom or what it was trained on.

The two never mix. What a buyer sees is rebuilt from numbers and known words, so that no name can
slip through; names are evidence for screening only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assent.core.files.adapter import Adapter, adapter_of, base_model_by_tensors, name_clues
from assent.core.files.config_clues import Clue, config_clues
from assent.core.files.safetensors_header import Header
from assent.core.files.training_subject import Subject, parsed, training_subject

_BASE_MODELS = (
    ("SDXL", re.compile(r"sdxl|stable-diffusion-xl", re.I)),
    ("SD 3", re.compile(r"sd[_-]?3|stable-diffusion-(?:v)?3", re.I)),
    ("SD 2", re.compile(r"sd[_-]v?2|stable-diffusion-v2", re.I)),
    ("SD 1.5", re.compile(r"sd[_-]v?1|stable-diffusion-v1", re.I)),
    ("Flux.1", re.compile(r"flux", re.I)),
)
_COUNTS = {
    "training_images": "ss_num_train_images",
    "regularisation_images": "ss_num_reg_images",
    "epochs": "ss_num_epochs",
    "steps": "ss_steps",
    "claimed_rank": "ss_network_dim",
}
_BASE_CLAIMS = ("ss_base_model_version", "modelspec.architecture")
# Where diffusers and OneTrainer keep their settings, and how these call the base model.
_SETTINGS = ("lora_adapter_metadata", "ot_config", "adapter_config")
_BASE_NAMES = (".base_model_name_or_path", ".pretrained_model_name_or_path", ".base_model_name")
_RESOLUTION = re.compile(r"\(?(\d{2,5})\s*[,x]\s*(\d{2,5})\)?")


@dataclass(frozen=True, slots=True)
class ModelNotes:
    """`public` may be shown to anyone. `subjects` is for screening and staff only, strongest
    first; `subjects_cut` says that there were more than we keep."""

    public: Mapping[str, str | int]
    base_model: str | None
    adapter: Adapter | None
    subjects: tuple[Subject, ...]
    subjects_cut: bool


def read_notes(header: Header, beside: Iterable[Clue] = ()) -> ModelNotes:
    """Read what a sound header says about its model, and what files beside it do; never raises."""
    subjects, cut = training_subject(header.metadata, [*name_clues(header), *beside])
    return ModelNotes(
        public=_public(header.metadata),
        base_model=_base_model(header),
        adapter=adapter_of(header),
        subjects=subjects,
        subjects_cut=cut,
    )


def _public(notes: Mapping[str, str]) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    for name, key in _COUNTS.items():
        value = notes.get(key, "")
        if value.isascii() and value.isdigit() and len(value) <= 9:
            found[name] = int(value)
    resolution = _RESOLUTION.fullmatch(
        (notes.get("modelspec.resolution") or notes.get("ss_resolution") or "")[:40]
    )
    if resolution:
        found["resolution"] = f"{int(resolution[1])}x{int(resolution[2])}"
    return found


def _base_in_settings(notes: Mapping[str, str]) -> list[Clue]:
    settings = [(key, parsed(notes.get(key))) for key in _SETTINGS]
    clues = (one for key, found in settings for one in config_clues(found, key))
    return [one for one in clues if one[1].endswith(_BASE_NAMES)]


def _base_model(header: Header) -> str | None:
    claims = [header.metadata.get(key, "")[:200] for key in _BASE_CLAIMS]
    claims += [text[:200] for text, _, _ in _base_in_settings(header.metadata)]
    for claim in claims:
        for base, mark in _BASE_MODELS:
            if mark.search(claim):
                return base
    return base_model_by_tensors(header)
