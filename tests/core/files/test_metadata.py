"""What notes say about a model: numbers for buyers, names for screening."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from assent.core.files.adapter import Adapter
from assent.core.files.metadata import ModelNotes, read_notes
from assent.core.files.safetensors_header import Header, read_header
from assent.core.files.training_subject import (
    MAX_CHARACTERS,
    MAX_SUBJECTS,
    MAX_TOTAL_CHARACTERS,
    training_subject,
)
from tests.core.files import files_made as made


def notes_of(data: bytes) -> ModelNotes:
    header = read_header(io.BytesIO(data), len(data))
    assert isinstance(header, Header)
    return read_notes(header)


def texts(notes: dict[str, str]) -> list[str]:
    return [one.text for one in training_subject(notes)[0]]


def test_a_buyer_sees_numbers_and_known_words_only() -> None:
    found = notes_of(made.lora())
    assert found.public == {"training_images": 24, "claimed_rank": 4, "resolution": "1024x1024"}
    assert found.base_model == "SDXL"
    assert found.adapter == Adapter("lora", 4, 3)


def test_no_name_slips_through_a_field_that_buyers_see() -> None:
    name = "Vera Lindqvist-Oyelaran"
    keys = ("ss_num_train_images", "ss_steps", "ss_resolution", "ss_network_dim")
    notes = dict.fromkeys((*keys, "ss_base_model_version", "modelspec.architecture"), name)
    found = notes_of(made.lora(notes=notes))
    assert found.public == {}
    assert found.base_model is None


def test_folders_tags_and_names_are_clues_strongest_first() -> None:
    found, cut = training_subject(made.KOHYA_NOTES)
    assert not cut
    assert [(one.text, one.origin, one.weight) for one in found] == [
        ("vera lindqvist-oyelaran", "ss_dataset_dirs", 0.9),
        ("vera lindqvist-oyelaran", "ss_tag_frequency", 0.9),
        ("vera_lindqvist_v2", "ss_output_name", 0.9),
        ("v3ra", "ss_tag_frequency", 0.8),
        ("portrait", "ss_tag_frequency", 0.67),
        ("red scarf", "ss_tag_frequency", 0.07),
    ]


def test_subsets_of_newer_trainers() -> None:
    subset = {"image_dir": "D:\\sets\\10_ada byron", "class_tokens": "ada byron", "is_reg": False}
    plain = {"image_dir": "/sets/women", "is_reg": True}
    tags = {"10_ada byron": {"portrait": 3}}
    notes = {"ss_datasets": json.dumps([{"subsets": [subset, plain], "tag_frequency": tags}])}
    weights = {(one.text, one.origin): one.weight for one in training_subject(notes)[0]}
    assert weights[("ada byron", "ss_datasets.image_dir")] == 0.9
    assert weights[("women", "ss_datasets.image_dir")] == 0.18
    assert weights[("portrait", "ss_datasets.tag_frequency")] == 0.8


def test_a_note_that_cannot_be_parsed_is_still_a_text() -> None:
    assert texts({"ss_tag_frequency": "ada byron"}) == ["ada byron"]
    assert texts({"ss_datasets": "[" * 5_000})[0].startswith("[[")


def test_a_note_that_would_fill_the_memory_is_not_parsed() -> None:
    note = '{"1_ada": ' + "[" + "[]," * 100_000 + "[]]}"
    found, cut = training_subject({"ss_dataset_dirs": note})
    assert cut
    assert [one.text for one in found] == [note[:MAX_CHARACTERS]]


def test_floods_are_cut_and_said_to_be() -> None:
    many = {"ss_tag_frequency": json.dumps({"1_x": {str(one): 1 for one in range(5_000)}})}
    found, cut = training_subject(many)
    assert cut
    assert len(found) == MAX_SUBJECTS
    assert found[0].text == "x"
    found, cut = training_subject({"modelspec.description": "a" * 100_000})
    assert cut
    assert len(found[0].text) == MAX_CHARACTERS
    wide = {"ss_tag_frequency": json.dumps({"x": {f"{one:04000}": 1 for one in range(200)}})}
    found, cut = training_subject(wide)
    assert cut
    assert sum(len(one.text) for one in found) <= MAX_TOTAL_CHARACTERS


def test_clues_hold_nothing_that_a_database_refuses() -> None:
    notes = {"modelspec.title": "ada\0 byron", "ss_tag_frequency": '{"\\ud800 ada": {}}'}
    assert set(texts(notes)) == {"ada byron", "? ada"}


@pytest.mark.parametrize(
    ("tensors", "adapter"),
    [
        ({"unet.q.lora_A.weight": (8, 4), "unet.q.lora_B.weight": (4, 8)}, ("lora", 8, 1)),
        ({"te_q.lora_A.default.weight": (2, 4)}, ("lora", 2, 1)),
        ({"lora_q.lora_down.weight": (8, 4), "lora_q.dora_scale": (4, 1)}, ("dora", 8, 1)),
        ({"lora_q.hada_w1_a": (4, 2), "lora_q.hada_w1_b": (2, 4)}, ("loha", 2, 1)),
        ({"lora_q.lokr_w1": (2, 2), "lora_q.lokr_w2": (4, 4)}, ("lokr", None, None)),
        ({"emb_params": (4, 8)}, ("embedding", None, None)),
        ({"model.diffusion_model.out.weight": (4, 4)}, ("checkpoint", None, None)),
    ],
)
def test_adapters_are_told_by_their_tensors(
    tensors: dict[str, tuple[int, ...]], adapter: tuple[str, int | None, int | None]
) -> None:
    data = save({name: np.zeros(shape, np.float16) for name, shape in tensors.items()})
    assert notes_of(data).adapter == Adapter(*adapter)


def test_tensors_of_no_known_scheme_have_no_adapter() -> None:
    assert notes_of(save({"x": np.zeros(3)})).adapter is None


def test_the_base_model_without_a_claim() -> None:
    data = save({"lora_te2_q.lora_down.weight": np.zeros((2, 4), np.float16)})
    assert notes_of(data).base_model == "SDXL"


KEYS = ("ss_tag_frequency", "ss_dataset_dirs", "ss_datasets", "ss_output_name", "modelspec.tags")
scraps = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["subsets", "image_dir", "tag_frequency", "x"]), inner)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(KEYS), scraps.map(json.dumps) | st.text(max_size=30)))
def test_any_notes_are_read(notes: dict[str, str]) -> None:
    for one in training_subject(notes)[0]:
        assert 0 < one.weight <= 1
        assert one.text.strip() == one.text != ""
