"""`assent compare` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from assent.cli.main import commands
from tests.core.files import files_made as made
from tests.core.fingerprints.prints import many, saved


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.safetensors").write_bytes(saved(many()))
    (tmp_path / "half.safetensors").write_bytes(saved(many(), np.float16))
    (tmp_path / "other.safetensors").write_bytes(saved(many(2)))
    (tmp_path / "bad.safetensors").write_bytes(made.zipped())
    (tmp_path / "photo.png").write_bytes(made.picture("PNG"))
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, ["compare", *map(str, arguments)])


def test_a_converted_copy_is_the_same(folder: Path) -> None:
    result = run(folder / "a.safetensors", folder / "half.safetensors")
    assert result.exit_code == 1
    assert "A and B are the same work." in result.stdout
    assert "40 of 40 match closely" in result.stdout


def test_json_has_the_promised_fields_and_the_same_answer_every_time(folder: Path) -> None:
    arguments = ("--json", folder / "a.safetensors", folder / "other.safetensors")
    result = run(*arguments)
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert record["relation"] == "unrelated"
    assert record["modules_compared"] == 40
    assert set(record) >= {"a", "b", "similarity", "false_positive_rate", "modules_matched"}
    assert run(*arguments).stdout == result.stdout


def test_the_same_bytes_are_the_same_whatever_they_are(folder: Path) -> None:
    result = run(folder / "photo.png", folder / "photo.png")
    assert result.exit_code == 1
    assert "every byte is the same" in result.stdout


def test_a_model_is_no_picture(folder: Path) -> None:
    result = run("--json", folder / "a.safetensors", folder / "photo.png")
    assert json.loads(result.stdout)["basis"] == "format"


def test_what_cannot_be_compared_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(folder / "a.safetensors", folder / "bad.safetensors")
    assert "ZIP archive" in str(result.exception)
    assert run(folder / "a.safetensors", folder / "gone").exit_code == 2
