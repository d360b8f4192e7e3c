"""The quick look and the full look."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.files.inspect import (
    Accept,
    Checked,
    FileFacts,
    check_quickly,
    examine,
    public_facts,
)
from assent.core.files.problems import Problem
from tests.core.files import files_made as made

ROOT = Path(__file__).resolve().parents[3]
CONTRACT = {
    *("path", "format", "bytes", "sha256", "blake3", "crc32", "autov1", "autov2", "autov3"),
    *("tensor_hash", "safe", "problems", "metadata", "training_subject", "base_model"),
    *("adapter", "fingerprint"),
}


class Counting(io.BytesIO):
    """Counts the bytes that were read."""

    total = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.total += len(data)
        return data


def quick(data: bytes, name: str = "file.bin", accept: Accept = Accept.ANY) -> Checked | Problem:
    return check_quickly(io.BytesIO(data), name, len(data), accept)


def full(data: bytes, name: str = "file.bin") -> FileFacts:
    return examine(io.BytesIO(data), name, len(data))


SOUND = {"lora": made.lora(), **{k: made.picture(k) for k in ("PNG", "JPEG", "WEBP")}}
WRONG = {
    "kind_empty": b"",
    "kind_unknown": b"what might this be",
    "kind_zip": made.zipped(),
    "kind_torch-zip": made.zipped("archive/data.pkl"),
    "kind_pickle": made.harmless_pickle(2),
    "kind_gif": made.moving("GIF"),
    "kind_mp4": b"\0\0\0\x20ftypisom",
    "cut_off": made.lora()[:-100],
    "appended_data": made.lora() + b"more",
    "damaged_header": made.overlapping(),
    "no_tensors": made.with_header({}),
    "hidden_archive": made.lora_hiding_zip(),
    "image_too_large": made.huge_png(),
}


@pytest.mark.parametrize("data", SOUND.values(), ids=SOUND.keys())
def test_sound_files_pass_both_looks(data: bytes) -> None:
    assert isinstance(quick(data), Checked)
    assert full(data).safe


@pytest.mark.parametrize(("code", "data"), WRONG.items())
def test_both_looks_refuse_for_the_same_reason(code: str, data: bytes) -> None:
    found = quick(data)
    assert isinstance(found, Problem)
    assert found.code == code
    facts = full(data)
    assert not facts.safe
    assert facts.problems == (found,)
    assert facts.hashes.bytes == len(data)


def test_weights_that_look_like_an_archive_by_chance_are_taken() -> None:
    weights = bytes(100) + b"PK\5\6" + bytes(100)
    data = made.with_header({"a": made.entry(0, len(weights))}, weights)
    assert isinstance(quick(data), Checked)


def test_the_words_for_a_pickle() -> None:
    found = quick(made.harmless_pickle(4), "model.ckpt")
    assert isinstance(found, Problem)
    assert found.sentence == (
        "This is a pickle checkpoint. Opening one can run programs on the buyer's computer, so "
        "Assent does not take them. Please convert it to .safetensors."
    )
    assert found.as_refusal().fields == {"file": found.sentence}


def test_a_zip_named_like_a_model_is_a_zip() -> None:
    found = quick(made.zipped(), "Model.SafeTensors")
    assert isinstance(found, Problem)
    assert found.code == "kind_zip"
    assert found.sentence.startswith("The name ends in .safetensors, but the content says other")


def test_a_good_file_in_the_wrong_place() -> None:
    for data, accept in ((made.lora(), Accept.IMAGES), (made.picture("PNG"), Accept.MODELS)):
        found = quick(data, accept=accept)
        assert isinstance(found, Problem)
        assert found.code == "wrong_kind"


def test_the_quick_look_reads_little_of_a_large_model() -> None:
    size = 20_000_000
    fileobj = Counting(made.with_header({"a": made.entry(0, size)}, bytes(size)))
    before = time.process_time()
    assert isinstance(check_quickly(fileobj, "a", len(fileobj.getvalue()), Accept.ANY), Checked)
    assert fileobj.total < 200_000
    assert time.process_time() - before < 0.2


def test_pixels_that_cannot_be_decoded_are_found_by_the_full_look() -> None:
    data = made.png_with_broken_pixels()
    assert isinstance(quick(data), Checked)
    assert [one.code for one in full(data).problems] == ["image_damaged"]


def test_a_file_that_changed_meanwhile_is_not_clean() -> None:
    data = made.picture("PNG")
    facts = examine(io.BytesIO(data), "a.png", len(data) + 1)
    assert [one.code for one in facts.problems] == ["changed_while_reading"]


def test_a_failing_disk_is_not_a_finding_about_the_file() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        check_quickly(Failing(b"x"), "a", 1, Accept.ANY)


def test_records_are_json_with_every_field_of_the_contract() -> None:
    for data in (*SOUND.values(), *WRONG.values()):
        record = json.loads(json.dumps(full(data).as_record()))
        assert set(record) >= CONTRACT
    checked = quick(made.picture("PNG"))
    assert isinstance(checked, Checked)
    assert json.loads(json.dumps(checked.as_record()))["width"] == 32


def test_what_buyers_see_names_nobody() -> None:
    facts = full(made.lora(), "vera.safetensors")
    assert "vera" in json.dumps(facts.as_record())
    assert "vera" not in json.dumps(public_facts(facts)).lower()


@given(st.binary(max_size=400), st.sampled_from([*SOUND.values(), b""]), st.integers(0, 60))
def test_any_bytes_are_answered(rest: bytes, start: bytes, kept: int) -> None:
    data = start[:kept] + rest
    assert isinstance(quick(data), Checked | Problem)
    json.dumps(full(data).as_record())


def test_the_tool_that_makes_large_loras_makes_sound_ones(tmp_path: Path) -> None:
    for mb in ("0.2", "9"):
        path = tmp_path / f"{mb}.safetensors"
        command = [sys.executable, "tools/make_lora.py", str(path), "--mb", mb, "--seed", "7"]
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        facts = full(path.read_bytes())
        assert facts.safe
        assert facts.notes
        assert facts.notes.adapter
        assert facts.notes.base_model == "SDXL"
        assert float(mb) * 1e6 <= facts.hashes.bytes < float(mb) * 1e6 + 500_000


def test_the_reference_page_lists_every_code_and_field() -> None:
    page = (ROOT / "docs/reference/files.md").read_text()
    source = "".join(path.read_text() for path in (ROOT / "src/assent/core/files").glob("*.py"))
    codes = set(re.findall(r'(?:Unsound|Problem)\(\s*"(\w+)"', source))
    assert {"cut_off", "image_moves", "wrong_kind"} <= codes
    listed = set(re.findall(r"`([\w-]+)`", page))
    assert codes - listed == set()
    assert set(full(made.lora()).as_record()) - listed == set()
