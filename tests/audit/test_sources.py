"""One export in every format that we read gives one and the same audit."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from assent.audit.clean import Cleaner, Log
from assent.audit.gather import frames
from assent.audit.mapping import Wishes, parse_mapping
from assent.audit.seen import Seen
from assent.audit.sources.batch import Reading
from assent.audit.sources.find import files
from assent.audit.terms import SourceError
from tests.audit.sources_made import AT, audited, csv, jsonl, measures

RECORDS = [
    {
        "id": f"b{n}", "type": ("LoRA", "Image, still")[n % 2],
        "created_at": f"2025-0{n % 9 + 1}-11",
        "requester": f"user {n % 5}", "reward": 100 * n,
        "rating": ("sfw", "x", "r")[n % 3],
        "theme": ("human_deepfake", "nsfw", "open_request")[n % 3], "colour": "red",
        "title": f'a "{n}" brass lamp\nwith a shade',
    }
    for n in range(60)
]  # fmt: skip


def as_csv(path: Path, mark: str = ",") -> Path:
    pl.DataFrame(RECORDS).write_csv(path, separator=mark)
    return path


def as_jsonl(path: Path) -> Path:
    return jsonl(path, RECORDS)


def as_page(path: Path) -> Path:
    path.write_text(json.dumps({"items": RECORDS, "metadata": {"nextCursor": "c"}}, indent=2))
    return path


def as_parquet(path: Path) -> Path:
    pl.DataFrame(RECORDS).with_columns(pl.col("created_at").str.to_datetime()).write_parquet(path)
    return path


def as_folder(path: Path) -> Path:
    path.mkdir()
    (path / "README.md").write_text("not data")
    for part in range(3):
        jsonl(path / f"{part}.jsonl", RECORDS[part::3])
    return path


def as_gzip(path: Path) -> Path:
    path.write_bytes(gzip.compress(as_csv(path.with_suffix(".csv")).read_bytes()))
    return path


def as_zstd(path: Path) -> Path:
    whole = as_jsonl(path.with_suffix(".plain")).read_bytes()
    half = len(whole) // 2
    pack = zstandard.ZstdCompressor().compress
    path.write_bytes(pack(whole[:half]) + pack(whole[half:]))  # two frames, as `cat` makes them
    return path


WAYS: Mapping[str, Callable[[Path], Path]] = {
    "a.csv": as_csv, "semicolons.csv": lambda p: as_csv(p, ";"),
    "tabs.tsv": lambda p: as_csv(p, "\t"),
    "a.jsonl": as_jsonl, "page.json": as_page, "a.parquet": as_parquet, "folder": as_folder,
    "a.csv.gz": as_gzip, "a.jsonl.zst": as_zstd, "nameless": as_jsonl,
}  # fmt: skip


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return measures(as_jsonl(tmp_path_factory.mktemp("one") / "a.jsonl"))


@pytest.mark.parametrize("name", list(WAYS))
def test_every_format_gives_the_same(name: str, tmp_path: Path, expected: dict[str, Any]) -> None:
    done = audited(WAYS[name](tmp_path / name))
    assert done.as_record()["measures"] == expected
    assert done.gathered.log.rows == 60
    assert list(done.gathered.log.unknown) == ["colour"]
    assert not done.gathered.log.faults
    assert all(len(digest) == 64 for digest in done.gathered.digests.values())


def canonical(source: Path, batch_bytes: int) -> pl.DataFrame:
    cleaner = Cleaner(Wishes(), AT, Log())
    reading = Reading(batch_bytes=batch_bytes)
    return pl.concat(list(frames(files(source), reading, cleaner, Seen())), how="diagonal_relaxed")


@pytest.mark.parametrize("way", [as_csv, as_jsonl])
def test_unknown_columns_and_all_words_are_kept(
    way: Callable[[Path], Path], tmp_path: Path
) -> None:
    source = way(tmp_path / f"a.{way.__name__.removeprefix('as_')}")
    for size in (40, 1000, 1 << 20):
        frame = canonical(source, size)
        assert frame["title"].to_list() == [one["title"] for one in RECORDS]
        assert frame["extra:colour"].to_list() == ["red"] * 60


def test_a_column_that_begins_late_is_not_lost(tmp_path: Path) -> None:
    late = [*({"id": n} for n in range(500)), {"id": 500, "odd": 1, "buzz": 7}]
    done = audited(jsonl(tmp_path / "a.jsonl", late))
    assert list(done.gathered.log.unknown) == ["odd"]
    assert done.as_record()["measures"]["reward.all.total"]["value"] == 7


def test_the_public_api_of_models(tmp_path: Path) -> None:
    model = {
        "id": 7, "name": "brass lamp", "type": "LORA", "nsfw": True, "nsfwLevel": 5, "poi": False,
        "creator": {"username": "cora"}, "stats": {"downloadCount": 12}, "tags": ["lamp", "brass"],
        "modelVersions": [{"baseModel": "SDXL", "publishedAt": "2025-02-03T10:00:00.000Z"}],
    }  # fmt: skip
    for name, text in {
        "p.json": json.dumps({"items": [model]}),
        "p.jsonl": json.dumps(model),
    }.items():
        (tmp_path / name).write_text(text)
        (row,) = canonical(tmp_path / name, 1 << 20).iter_rows(named=True)
        told = {k: row[k] for k in ("id", "creator", "rating", "downloads", "base_model", "tags")}
        assert told == {"id": "7", "creator": "cora", "rating": "r", "downloads": 12.0,
                        "base_model": "SDXL", "tags": "lamp|brass"}  # fmt: skip
        assert (row["marked"], row["created_at"].year) == (False, 2025)


def test_the_public_api_of_images(tmp_path: Path) -> None:
    image = {"id": 9, "url": "u", "nsfwLevel": "Mature", "username": "chris", "meta": {"seed": 1}}
    (tmp_path / "i.json").write_text(json.dumps({"items": [image]}))
    (row,) = canonical(tmp_path / "i.json", 1 << 20).iter_rows(named=True)
    assert (row["creator"], row["requester"], row["rating"]) == ("chris", None, "r")


def test_a_mapping_file_says_what_is_what(tmp_path: Path) -> None:
    source = csv(tmp_path / "a.csv", "nr,adult,lang\n1,ja,de\n2,nein,de\n3,nein,en\n")
    wishes = parse_mapping(
        '[columns]\nid = "nr"\nrating = "adult"\n'
        '[values.rating]\nJA = "nsfw"\nnein = "sfw"\n[only]\nlang = "de"\n'
    )
    done = audited(source, wishes=wishes)
    assert done.gathered.log.rows == 2
    assert done.facts.tables["types"]["explicit"].to_list() == [False, True]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[", "not TOML"), ('[columns]\nnose = "a"', '"nose"'), ("[rows]", r"\[rows\]"),
        ("columns = 1", "must be a table"),
    ],
)  # fmt: skip
def test_an_unsound_mapping_is_refused(text: str, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_mapping(text)


@given(st.lists(st.integers(0, 40), max_size=80), st.integers(1, 10))
def test_repeated_ids_are_seen(numbers: list[int], size: int) -> None:
    seen, told, known = Seen(), [], set()
    for start in range(0, len(numbers), size):
        told += seen.repeats(pl.Series([str(n) for n in numbers[start : start + size]])).tolist()
    expected = [n in known or known.add(n) for n in numbers]  # type: ignore[func-returns-value]
    assert told == [bool(again) for again in expected]
