"""WUF-1: the fast way gives what the definition gives, and copies stay alike."""

from __future__ import annotations

import hashlib
import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.files.safetensors_header import Header, read_header
from assent.core.fingerprints.look import look_at
from assent.core.fingerprints.names import part_of
from assent.core.fingerprints.numbers import decoded
from assent.core.fingerprints.probes import draw, table
from assent.core.fingerprints.relation import Relation, compare_prints, hamming
from assent.core.fingerprints.weights import print_weights, unpack
from tests.core.fingerprints import dense
from tests.core.fingerprints.prints import (
    LINEAR,
    Tensors,
    kinds,
    lora,
    many,
    printed,
    saved,
    sure,
)

KEY = b"secret"


@pytest.mark.parametrize("kind", list(kinds()))
def test_every_kind_of_adapter_is_the_dense_update_that_it_stands_for(kind: str) -> None:
    content = saved(kinds()[kind])
    found = sure(content, KEY)
    updates = {}
    for stem, parts in dense.loaded(content).items():
        part = part_of(f"{stem}.alpha")
        assert part is not None
        updates[part.pieces[0].name] = dense.dense(parts)
    slow = dense.bits_of(updates, KEY)
    fast = dense.as_bits(found.bits)
    assert sum(a != b for a, b in zip(slow, fast, strict=True)) <= 2
    for name, code, norm in zip(found.names, found.codes, found.norms, strict=True):
        sketch = dense.sketch_of(updates[name], name, KEY)
        kept = np.array([sketch[e % 16, (e % 16 + 5 * (e // 16)) % 16] for e in range(32)])
        assert norm == pytest.approx(np.linalg.norm(kept), rel=1e-4)
        assert np.abs(code / 127 - kept / np.linalg.norm(kept)).max() < 1 / 200


# SHA-256 of nothing but the definition: a change of these means a new version of WUF.
GOLDEN = Path(__file__).with_name("golden_wuf1.txt")


def test_golden_vectors() -> None:
    wanted = dict(line.split() for line in GOLDEN.read_text().splitlines())
    assert set(wanted) == {f"{kind}/{key}" for kind in kinds() for key in ("public", "secret")}
    for kind, tensors in kinds().items():
        for label, key in (("public", b""), ("secret", KEY)):
            bits = sure(saved(tensors), key).bits
            assert hamming(bits, bytes.fromhex(wanted[f"{kind}/{label}"])) <= 2, kind


def test_packing_loses_nothing_that_is_compared() -> None:
    found = sure(saved(many()), KEY)
    again = unpack(found.pack())
    assert again.bits == found.bits
    assert compare_prints(found, again).similarity == pytest.approx(1)
    for wrong in (b"", b"WUF2" + bytes(300), found.pack()[:-1]):
        with pytest.raises(ValueError, match="WUF-1"):
            unpack(wrong)


def test_keys_see_nothing_of_one_another() -> None:
    public, secret = sure(saved(many())), sure(saved(many()), KEY)
    assert 850 < hamming(public.bits, secret.bits) < 1200


@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=50))
def test_half_precision_is_decoded_exactly(raw: list[int]) -> None:
    bits = np.array(raw, np.uint16)
    finite = bits[(bits & 0x7C00) != 0x7C00]
    want = finite.view(np.float16).astype(np.float32)
    assert (decoded(finite, "F16").view(np.uint32) == want.view(np.uint32)).all()
    odd = bits[(bits & 0x7C00) == 0x7C00]
    assert (np.abs(decoded(odd, "F16")) >= 65536).all()


def test_eight_bit_floats_have_the_values_of_their_standard() -> None:
    e4m3 = decoded(np.array([0x00, 0x01, 0x08, 0x38, 0x7E, 0xB8], np.uint8), "F8_E4M3")
    assert e4m3.tolist() == [0, 2**-9, 2**-6, 1, 448, -1]
    e5m2 = decoded(np.array([0x01, 0x3C, 0x7B, 0x7C], np.uint8), "F8_E5M2")
    assert e5m2.tolist() == [2**-16, 1, 57344, float("inf")]


# What is not looked at, and why -----------------------------------------------------------------


def test_nothing_to_look_at_is_no_fingerprint() -> None:
    assert printed(saved({"some.weight": np.ones((4, 4), np.float32)})) is None
    silent = {name: values * 0 for name, values in lora().items()}
    assert printed(saved(silent)) is None


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("part", ["lora_up.weight", "lora_down.weight", "alpha"])
def test_numbers_that_are_none_cost_their_module_only(part: str, dtype: type, bad: float) -> None:
    tensors = lora()
    values = tensors[f"{LINEAR[0]}.{part}"].copy()
    values.reshape(-1)[-1] = bad
    found = sure(saved(tensors | {f"{LINEAR[0]}.{part}": values}, dtype))
    assert found.modules == 3
    assert found.left_out == {"not_numbers": 1}


def test_damaged_modules_are_counted_by_reason() -> None:
    tensors = lora()
    del tensors[f"{LINEAR[0]}.lora_up.weight"]
    tensors[f"{LINEAR[1]}.lora_up.weight"] = np.ones((36, 5), np.float32)
    tensors["stray"] = np.ones(3, np.float32)
    wide = np.ones((4, 24), np.int32)
    tensors[f"{LINEAR[2]}.lora_down.weight"] = wide
    found = sure(saved(tensors))
    assert found.modules == 1
    assert found.left_out == {
        "half_missing": 1,
        "wrong_shape": 1,
        "unknown_name": 1,
        "number_type": 1,
    }


def test_one_module_under_two_names_is_neither_and_no_file_like_it_is_taken() -> None:
    """Or else a copy could hide behind a second set of names, of which nobody loads one."""
    tensors = lora()
    for half, part in (("lora_A", "lora_down"), ("lora_B", "lora_up")):
        name = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q"
        tensors[f"{name}.{half}.weight"] = tensors[f"{LINEAR[0]}.{part}.weight"] * 2
    content = saved(tensors)
    found = sure(content)
    assert (found.modules, found.left_out) == (3, {"named_twice": 1})
    look = look_at(io.BytesIO(content), "a.safetensors", len(content))
    assert [one.code for one in look.facts.problems] == ["layer_named_twice"]
    assert "1 layer of its base model twice" in look.facts.problems[0].sentence
    assert look.weights is None


def test_a_file_that_ends_early_is_an_end_and_no_crash() -> None:
    content = saved(lora())
    header = read_header(io.BytesIO(content), len(content))
    assert isinstance(header, Header)
    with pytest.raises(EOFError):
        print_weights(io.BytesIO(content[:-40]), header)


def test_a_mapped_file_gives_the_same(tmp_path: Path) -> None:
    content = saved(many(), np.float16)
    path = tmp_path / "a.safetensors"
    path.write_bytes(content)
    with path.open("rb") as fileobj:
        header = read_header(fileobj, len(content))
        assert isinstance(header, Header)
        mapped = print_weights(fileobj, header)
    assert mapped is not None
    assert mapped.bits == sure(content).bits


def test_dora_is_said() -> None:
    tensors = lora() | {f"{LINEAR[0]}.dora_scale": np.ones((36, 1), np.float32)}
    assert sure(saved(tensors)).dora


# Relations --------------------------------------------------------------------------------------


def test_strangers_are_unrelated() -> None:
    found = compare_prints(sure(saved(many(1))), sure(saved(many(2))))
    assert found.relation is Relation.UNRELATED
    assert found.chance > 1e-4


def test_a_copy_is_the_same_however_it_was_changed() -> None:
    original = sure(saved(many()), KEY)
    for change in (lambda v: v, lambda v: v * 3, lambda v: -v):
        tensors = {n: change(v) if "up" in n else v for n, v in many().items()}
        found = compare_prints(original, sure(saved(tensors, np.float16), KEY))
        assert found.relation is Relation.SAME
        assert found.chance <= 1e-9


def test_a_part_is_contained_and_the_whole_contains() -> None:
    whole = many()
    stems = sorted({name.partition(".")[0] for name in whole})[:8]
    part = {n: v for n, v in whole.items() if n.partition(".")[0] in stems}
    a, b = sure(saved(whole)), sure(saved(part))
    assert compare_prints(a, b).relation is Relation.CONTAINS
    assert compare_prints(b, a).relation is Relation.CONTAINED
    assert len(compare_prints(a, b).matched) == 8


def test_a_merge_is_derived_and_its_weight_is_estimated() -> None:
    one, two = many(1), many(2)
    merged = {}
    for name, values in one.items():
        if name.endswith("up.weight"):
            merged[name] = np.concatenate([values * 0.5, two[name] * 0.5], axis=1)
        elif name.endswith("down.weight"):
            merged[name] = np.concatenate([values, two[name]])
        else:
            merged[name] = values * 2  # alpha: twice the rank
    found = compare_prints(sure(saved(one)), sure(saved(merged)))
    assert found.relation in (Relation.DERIVED, Relation.SAME)
    assert found.merge_weight == pytest.approx(0.5, abs=0.1)


def test_the_sum_of_a_few_modules_proves_nothing() -> None:
    found = compare_prints(sure(saved(lora(1))), sure(saved(lora(2))))
    assert found.relation is Relation.UNRELATED


def test_a_header_that_lies_about_a_fused_matrix_is_one_module() -> None:
    stem = "lora_unet_double_blocks_0_img_attn_qkv"
    fused = {
        f"{stem}.lora_down.weight": np.ones((2, 8), np.float32),
        f"{stem}.lora_up.weight": np.ones((9, 2), np.float32),
    }
    assert sure(saved(fused)).modules == 3
    odd = fused | {f"{stem}.lora_up.weight": np.ones((10, 2), np.float32)}
    assert sure(saved(odd)).modules == 1


def test_the_random_signs_are_those_of_the_definition() -> None:

    stream = hashlib.shake_128(b"WUF1|table|k").digest(2)
    bits = int.from_bytes(stream, "little")
    assert table(b"k")[0].tolist() == [1.0 if bits >> i & 1 else -1.0 for i in range(16)]
    drawn = hashlib.shake_128(b"WUF1|mod|k|unet/a").digest(16)
    assert draw(b"k", "unet/a").rows_at == struct.unpack("<Q", drawn[:8])[0]


def test_a_newer_model_that_shares_some_names_counts_whole() -> None:
    """Sixty blocks of names that Flux has nineteen of, in other sizes: none is left out."""
    stems = [
        f"transformer.transformer_blocks.{block}.{part}"
        for block in range(60)
        for part in ("attn.to_q", "img_mlp.net.0.proj", "txt_mlp.net.2")
    ]
    dice = np.random.default_rng(4)
    tensors: Tensors = {}
    for stem in stems:
        tensors[f"{stem}.lora_A.weight"] = dice.standard_normal((2, 24)).astype(np.float32)
        tensors[f"{stem}.lora_B.weight"] = dice.standard_normal((36, 2)).astype(np.float32)
    found = sure(saved(tensors))
    assert (found.modules, found.family, found.left_out) == (180, None, {})
