"""Settings of other trainers: what names a subject is found, and the rest is left alone."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from assent.core.files.config_clues import config_clues, graph_clues
from assent.core.files.inspect import examine, public_facts
from assent.core.files.metadata import ModelNotes, read_notes
from assent.core.files.safetensors_header import Header, read_header
from assent.core.files.training_subject import training_subject
from tests.core.files import files_made as made

PEFT = {
    "peft_type": "LORA",
    "base_model_name_or_path": "stabilityai/stable-diffusion-xl-base-1.0",
    "r": 8,
    "lora_alpha": 8,
    "target_modules": ["to_k", "to_q"],
    "instance_prompt": "a photo of velka oyelaran",
}
ONETRAINER = {
    "training_method": "LORA",
    "base_model_name": "black-forest-labs/FLUX.1-dev",
    "output_model_destination": "models/velka_flux.safetensors",
    "concepts": [
        {
            "name": "Velka set two",
            "path": "/srv/pictures/20_velka oyelaran",
            "text": {"prompt_source": "sample", "prompt_path": "velka captions"},
            "image": {"enable_crop_jitter": True},
        }
    ],
    "samples": [{"prompt": "velka at sea", "negative_prompt": "somebody else", "height": 512}],
    "optimizer": {"optimizer": "ADAMW"},
}
DREAMBOOTH = {
    "pretrained_model_name_or_path": "runwayml/stable-diffusion-v1-5",
    "instance_data_dir": "C:\\sets\\velka",
    "class_data_dir": "./women",
    "validation_prompt": "velka in a hat",
    "report_to": "tensorboard",
}
CIVITAI_INFO = {
    "trainedWords": ["velka person"],
    "model": {"name": "Velka v2"},
    "baseModel": "SDXL",
}


def told(settings: object) -> dict[str, float]:
    return {text: weight for text, _, weight in config_clues(settings, "x")}


def notes_of(data: bytes) -> ModelNotes:
    header = read_header(io.BytesIO(data), len(data))
    assert isinstance(header, Header)
    return read_notes(header)


def test_settings_of_each_trainer() -> None:
    assert told(PEFT) == {
        "stabilityai/stable-diffusion-xl-base-1.0": 0.3,
        "a photo of velka oyelaran": 0.9,
    }
    assert told(ONETRAINER) == {
        "black-forest-labs/FLUX.1-dev": 0.3,
        "velka_flux": 0.9,
        "Velka set two": 0.7,
        "pictures velka oyelaran": 0.9,
        "velka captions": 0.7,
        "velka at sea": 0.8,
    }
    assert told(DREAMBOOTH) == {
        "runwayml/stable-diffusion-v1-5": 0.3,
        "sets velka": 0.9,
        "women": 0.2,
        "velka in a hat": 0.8,
    }
    assert told(CIVITAI_INFO) == {"velka person": 0.9, "Velka v2": 0.7}


@pytest.mark.parametrize("key", ["lora_adapter_metadata", "adapter_config", "my_settings"])
def test_settings_in_a_models_notes(key: str) -> None:
    flat = {f"transformer.{name}": value for name, value in PEFT.items()}
    found = notes_of(made.lora(notes={key: json.dumps(flat)}))
    assert ("a photo of velka oyelaran", f"{key}.instance_prompt", 0.9) in [
        (one.text, one.origin, one.weight) for one in found.subjects
    ]


def test_the_base_model_is_read_from_settings_and_never_copied() -> None:
    for key, settings, base in (
        ("lora_adapter_metadata", {"unet.base_model_name_or_path": "x/sdxl-velka"}, "SDXL"),
        ("ot_config", ONETRAINER, "Flux.1"),
    ):
        found = notes_of(made.lora(notes={key: json.dumps(settings)}))
        assert found.base_model == base
        assert "velka" not in json.dumps(dict(found.public))


def test_a_note_of_any_other_name_is_a_weak_clue_where_it_has_words() -> None:
    notes = {"remark": "this is velka", "format": "pt", "hash": "0xdeadbeef01", "epoch": "12"}
    assert [(one.text, one.weight) for one in training_subject(notes)[0]] == [
        ("this is velka", 0.3)
    ]


def test_a_model_that_comfyui_saved_holds_its_graph() -> None:
    graph = {"1": {"inputs": {"lora_name": "velka_v1.safetensors", "strength": 1}}}
    drawn = {"nodes": [{"widgets_values": ["velka in the rain", 20, "euler"]}]}
    notes = {"prompt": json.dumps(graph), "workflow": json.dumps(drawn)}
    assert {one.text: one.weight for one in training_subject(notes)[0]} == {
        "velka_v1": 0.9,
        "velka in the rain": 0.4,
    }


def test_names_that_stand_in_tensor_names() -> None:
    half = np.zeros((4, 8), np.float16)
    peft = {f"unet.q.lora_{side}.velka_oyelaran.weight": half for side in "AB"}
    peft |= {f"unet.k.lora_{side}.default_0.weight": half for side in "AB"}
    assert [(s.text, s.origin) for s in notes_of(save(peft)).subjects] == [
        ("velka_oyelaran", "adapter name")
    ]
    embedding = {"<velka-person>": np.zeros((2, 768), np.float32)}
    assert [(s.text, s.origin) for s in notes_of(save(embedding)).subjects] == [
        ("<velka-person>", "embedding name")
    ]
    plain = {"emb_params": np.zeros((2, 768), np.float32)}
    assert notes_of(save(plain)).subjects == ()


def test_how_many_pictures_a_folder_had() -> None:
    found = {(one.text, one.origin): one.images for one in training_subject(made.KOHYA_NOTES)[0]}
    assert found[("vera lindqvist-oyelaran", "ss_dataset_dirs")] == 24
    assert found[("portrait", "ss_tag_frequency")] is None


def test_buyers_see_none_of_it() -> None:
    data = made.lora(notes={"ot_config": json.dumps(ONETRAINER), "remark": "velka"})
    facts = examine(io.BytesIO(data), "a.safetensors", len(data))
    assert "velka" in json.dumps(facts.as_record()).lower()
    assert "velka" not in json.dumps(public_facts(facts)).lower()


scraps = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["prompt", "path", "widgets_values", "lora_name", "name", "x"]), inner
        )
    ),
    max_leaves=15,
)


@given(scraps)
def test_any_settings_and_graphs_are_read(settings: object) -> None:
    for text, origin, weight in (*config_clues(settings, "x"), *graph_clues(settings, "x")):
        assert isinstance(text, str)
        assert origin.startswith("x")
        assert 0 < weight <= 1
