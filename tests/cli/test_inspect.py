"""`assent inspect` as a user meets it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from click.testing import CliRunner, Result

from assent.cli.inspect import inspect
from assent.core.fingerprints.look import Look, look_at
from tests.core.files import files_made as made


def run(*arguments: object) -> Result:
    return CliRunner().invoke(inspect, [str(one) for one in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.safetensors").write_bytes(made.lora())
    (tmp_path / "bad.safetensors").write_bytes(made.zipped())
    (tmp_path / "photo.png").write_bytes(made.picture("PNG"))
    return tmp_path


def test_a_sound_model_in_words(folder: Path) -> None:
    result = run(folder / "good.safetensors")
    assert result.exit_code == 0
    assert "lora, rank 4, modules 3" in result.stdout
    assert "trained on   vera lindqvist-oyelaran" in result.stdout
    assert result.stderr == ""


def test_one_json_object_a_line_in_the_order_given(folder: Path) -> None:
    paths = [folder / "bad.safetensors", folder / "gone", folder, folder / "good.safetensors"]
    result = run("--json", *paths)
    assert result.exit_code == 2
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["path"] for one in records] == [str(path) for path in paths]
    assert [one["safe"] for one in records] == [False, False, False, True]
    assert set(records[1]) == set(records[3])
    assert records[1]["problems"][0]["code"] == "cannot_read"
    assert len(records[3]["blake3"]) == 64
    assert records[3]["fingerprint"]["modules"] == 3
    assert "no such file" in result.stderr


def test_a_problem_is_exit_code_one_and_does_not_stop_the_run(folder: Path) -> None:
    result = run(folder / "bad.safetensors", folder / "photo.png")
    assert result.exit_code == 1
    assert "problem      The name ends in .safetensors" in result.stdout
    assert "32 x 24 pixels" in result.stdout


def test_no_file_is_the_users_mistake() -> None:
    assert run().exit_code == 2


def test_an_uploaders_text_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(made.lora(notes={"ss_output_name": "\x1b[2Jhello"}))
    result = run(path)
    assert "\x1b" not in result.stdout
    assert "\\u001b[2Jhello" in result.stdout


def test_many_files_are_all_looked_at_and_bad_ones_passed_over(tmp_path: Path) -> None:
    kinds = [made.lora(), made.zipped(), made.lora()[:-9], b"", made.picture("PNG")]
    paths = []
    for number in range(60):
        path = tmp_path / f"{number}.safetensors"
        path.write_bytes(kinds[number % len(kinds)])
        paths.append(path)
    result = run("--json", *paths)
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["path"] for one in records] == [str(path) for path in paths]
    assert sum(one["safe"] for one in records) == 24
    assert result.exit_code == 1


def test_settings_beside_a_model_are_read(tmp_path: Path) -> None:
    path = tmp_path / "adapter_model.safetensors"
    path.write_bytes(made.lora(notes={}))
    (tmp_path / "adapter_config.json").write_text(json.dumps({"instance_prompt": "photo of velka"}))
    (tmp_path / "README.md").write_text("---\ninstance_prompt: 'velka oyelaran'\n---\nWords.")
    (tmp_path / "adapter_model.civitai.info").write_text('{"trainedWords": ["velka word"]}')
    (tmp_path / "other.json").write_text('{"instance_prompt": "of another model"}')
    (tmp_path / "config.json").write_text("{broken")
    (tmp_path / "config.yaml").mkdir()
    record = json.loads(run("--json", path).stdout)
    found = {one["text"]: one["from"] for one in record["training_subject"]}
    assert found["photo of velka"] == "adapter_config.json.instance_prompt"
    assert found["velka oyelaran"] == "README.md.instance_prompt"
    assert found["velka word"] == "adapter_model.civitai.info.trainedWords"
    assert "of another model" not in found
    assert record["safe"]


def test_settings_alone_are_no_model(tmp_path: Path) -> None:
    path = tmp_path / "adapter_config.json"
    path.write_text(json.dumps({"peft_type": "LORA", "r": 8}, indent=2))
    record = json.loads(run("--json", path).stdout)
    assert record["format"] == "json"
    assert [one["code"] for one in record["problems"]] == ["kind_json"]


def test_a_fault_of_ours_passes_over_one_file_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(fileobj: BinaryIO, name: str, *more: Any, **named: Any) -> Look:
        if name.endswith("photo.png"):
            raise ZeroDivisionError
        return look_at(fileobj, name, *more, **named)

    monkeypatch.setattr("assent.cli.inspect.look_at", broken)
    result = run("--json", folder / "photo.png", folder / "good.safetensors")
    assert result.exit_code == 2
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["safe"] for one in records] == [False, True]
    assert "a fault of Assent's (ZeroDivisionError)" in result.stderr


def test_a_thousand_files_on_a_terminal_have_one_bar(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results go to a file, the bar to the terminal; what cannot be read does not break it."""
    for number in range(1_000):
        (folder / f"{number:04}.png").write_bytes(made.picture("PNG", (16, 16)))
    (folder / "0500.png").unlink()
    (folder / "0500.png").mkdir()
    command = [sys.executable, "-m", "assent.cli.main", "inspect", "--json"]
    command += [str(path) for path in sorted(folder.glob("*.png"))]
    leader, follower = pty.openpty()
    with (folder / "out.jsonl").open("wb") as out:
        done = subprocess.Popen(command, stdout=out, stderr=follower, cwd=folder)
        os.close(follower)
        told = b""
        while True:
            try:
                part = os.read(leader, 65_536)
            except OSError:
                break
            if not part:
                break
            told += part
        assert done.wait(60) == 2
    os.close(leader)
    lines = (folder / "out.jsonl").read_text().splitlines()
    assert len(lines) == 1_001
    assert sum(json.loads(line)["safe"] for line in lines) == 1_000
    text = told.decode()
    assert "0500.png: not a file" in text
    assert text.count("\n") < 5
    assert "100%" in text
