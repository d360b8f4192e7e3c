"""A Wikidata dump becomes a gazetteer that `assent screen` uses."""

from __future__ import annotations

import bz2
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assent.cli.gazetteer import build
from assent.cli.screen import screen
from assent.core.screening.gazetteer import EntryKind, starter_entries
from assent.core.screening.gazetteer_file import GazetteerError, entry_on, line_of, open_gazetteer
from assent.core.screening.matching import find_names
from assent.core.screening.reading import read

DUMP = Path(__file__).with_name("dump.json")
STARTER = len(starter_entries())


def built(dump: Path, out: Path, *more: str) -> str:
    result = CliRunner().invoke(build, [str(dump), "--out", str(out), *more], standalone_mode=False)
    assert result.exception is None, result.exception
    return result.output


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress], ids=["plain", "gzip", "bz2"])
def test_a_dump_is_read_however_it_is_packed(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    packed = tmp_path / "dump"
    packed.write_bytes(pack(DUMP.read_bytes()))
    said = built(packed, tmp_path / "out")
    assert "3 people and 2 characters from 11 lines, 3 broken lines" in said
    index = open_gazetteer(tmp_path / "out")
    assert len(index.entries) == STARTER + 5
    assert not list(tmp_path.glob(".gazetteer-*"))


def test_what_is_known_of_a_person_is_kept_and_no_more(tmp_path: Path) -> None:
    built(DUMP, tmp_path / "out")
    index = open_gazetteer(tmp_path / "out")
    found = {entry.name: entry for entry in index.entries[STARTER:]}
    vera = found["Vera Lindqvist"]
    assert (vera.kind, vera.role, vera.born, vera.died, vera.bucket) == (
        EntryKind.PERSON, "actress", 1981, None, 3,
    )  # fmt: skip
    assert set(vera.others) == {"Вера Линдквист", "Vera Maria Lindqvist"}
    assert (found["Old Brandvold"].born, found["Old Brandvold"].died) == (-69, -30)
    assert found["Captain Quill"].kind is EntryKind.ACTED
    assert found["Moss Goblin"].kind is EntryKind.DRAWN
    assert "Stillwater" not in found, "a river is nobody"


def test_names_of_the_file_are_found_in_texts(tmp_path: Path) -> None:
    built(DUMP, tmp_path / "out")
    index = open_gazetteer(tmp_path / "out")
    for text in ("with Вера Линдквист there", "V3r4 L1ndqv1st", "tsivqdnil arev", "Tom Hanks"):
        assert find_names(index, read(text)), text


def test_the_lesser_known_can_be_left_out(tmp_path: Path) -> None:
    assert "1 people and 0 characters" in built(DUMP, tmp_path / "out", "--sites", "3")


def test_screening_uses_the_file(tmp_path: Path) -> None:
    built(DUMP, tmp_path / "out")
    listing = json.dumps(
        {"id": "1", "title": "lectern", "description": "a picture of Vera Lindqvist"}
    )
    ask: Callable[..., Any] = CliRunner().invoke
    options = ["-", "--gazetteer", str(tmp_path / "out")]
    record = json.loads(ask(screen, options, input=listing, standalone_mode=False).output)
    assert record["likeness"]["subject_kind"] == "public_figure"
    assert record["signals"][0]["name"] == "known_name"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bz2"])
def test_a_dump_cut_short_leaves_nothing(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    packed = tmp_path / "dump"
    packed.write_bytes(pack(DUMP.read_bytes() * 50)[:-60])
    result = CliRunner().invoke(build, [str(packed), "--out", str(tmp_path / "out")])
    assert "cut short or damaged" in str(result.exception)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dump"]


def test_a_file_that_is_no_gazetteer_is_refused(tmp_path: Path) -> None:
    built(DUMP, tmp_path / "out")
    whole = (tmp_path / "out").read_bytes()
    for wrong in (
        b"",
        b"x" * 100,
        whole[:2000],
        whole[:-10],
        whole.replace(b"gazetteer/1", b"gazetteer/9"),
    ):
        (tmp_path / "wrong").write_bytes(wrong)
        with pytest.raises(GazetteerError):
            open_gazetteer(tmp_path / "wrong")


def test_every_entry_survives_its_line() -> None:
    for entry in starter_entries():
        assert entry_on(line_of(entry)) == entry
