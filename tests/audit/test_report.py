"""The report: complete, safe to publish, and the same for whoever opens it."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from assent.audit.measures.ask import share
from assent.audit.report.cells import public
from assent.audit.report.words import sentence
from assent.audit.report.write import write
from assent.audit.terms import Measure
from tests.audit.invented import BAN, market
from tests.audit.sources_made import STUDY, audited, jsonl

COMMAND = "assent audit <study> --out 'a folder'"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("study")
    write(audited(STUDY), out, COMMAND)
    return out


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    market(1500, 3).write_csv(folder / "market.csv")
    write(audited(folder / "market.csv", bans=[BAN]), folder / "out", COMMAND)
    return folder / "out"


def test_a_folder_of_results(whole: Path) -> None:
    names = {str(path.relative_to(whole)) for path in whole.rglob("*") if path.is_file()}
    for name in ("report.html", "report.md", "measures.json", "tables/targets.csv",
                 "figures/weeks.svg", "figures/weeks-dark.svg", "figures/weeks.png",
                 "figures/concentration.svg", "figures/stay-2024-09-02.svg"):  # fmt: skip
        assert name in names
    assert (whole / "figures" / "weeks.png").read_bytes().startswith(b"\x89PNG")


def test_the_page_needs_nothing_else(study: Path) -> None:
    page = (study / "report.html").read_text()
    shell = re.sub(r"<script[^>]*>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#)""", shell)
    assert not re.findall(r"@import|url\(", shell)
    assert "default-src 'none'" in shell
    assert "assent audit &lt;study&gt; --out" in page


def test_sentences_carry_their_interval(study: Path) -> None:
    text = (study / "report.md").read_text().replace("\u00a0", " ")
    assert "Women are 90.0 % (95 % interval 86.3 to 92.8 %) of the 321 people depicted" in text
    assert "9a646e663dc031dce0b87197e4ec2052a7f2d749181534f7bfcb966c7ffeedc8" in text
    assert "Every record here is a candidate" in text


def test_small_cells_are_in_no_published_file(study: Path) -> None:
    table = (study / "tables" / "targets.csv").read_text().splitlines()
    for row in csv.DictReader(table):
        count, base = (int(row[k]) if row[k] else None for k in ("count", "base"))
        if count is not None and base is not None:
            assert count == 0 or count >= 5, row
            assert base - count == 0 or base - count >= 5, row
    text = (study / "report.md").read_text()
    assert "Men or non-binary people" in text
    assert json.loads((study / "measures.json").read_text())["measures"]["gender.male"]


def test_a_division_by_rating_that_would_tell_is_left_out() -> None:
    parts = [share(f"gender.{n}{end}", n, count, base) for n, count, end, base in (
        ("female", 289, "", 320), ("male", 31, "", 320), ("female", 266, ".sfw", 296),
        ("male", 30, ".sfw", 296), ("female", 23, ".nsfw", 24), ("male", 1, ".nsfw", 24),
    )]  # fmt: skip
    assert [row.measure.name for row in public(parts)] == ["gender.female", "gender.male"]


def test_cells_are_pooled_until_they_are_no_longer_small() -> None:
    parts = [share(f"profession.{n}", n, count, 120) for n, count in
             (("a", 100), ("b", 14), ("c", 3), ("d", 1), ("e", 2))]  # fmt: skip
    rows = public(parts)
    assert [(row.measure.label, row.measure.count) for row in rows] == [
        ("a", 100), ("b", 14), ("c or d or e", 6),
    ]  # fmt: skip
    alone = [share("gender.female", "women", 98, 100), share("gender.male", "men", 2, 100)]
    (row,) = public(alone)
    assert row.hidden


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (Measure("gini.all", "G", value=0.5, low=0.4, high=0.6), "0.50 (95 % interval 0.40"),
        (Measure("reward.all.mean", "mean reward", value=1234.5), "1,234 credits"),
        (Measure("marked.gap_p", "p", value=1e-9), "p of < 0.001"),
        (Measure("policy.2025-05-23.nsfw", "d", value=-0.1, low=-0.2, high=0.0), "-10.0 (95 %"),
    ],
)  # fmt: skip
def test_findings_in_words(measure: Measure, said: str) -> None:
    assert said in sentence(measure).replace("\u00a0", " ")


def test_nobody_and_no_item_can_be_found_through_a_report(tmp_path: Path) -> None:
    canary = "Vera Lindqvist-Oyelaran"
    records = [
        {"id": f"canary-id-{n}", "subject": canary, "title": canary, "requester": "canary-user",
         "creator": "canary-maker", "deepfake": "yes", "gender": "female", "poi": "perhaps"}
        for n in range(9)
    ]  # fmt: skip
    source = jsonl(tmp_path / "a.jsonl", [*records, records[0]])
    done = audited(source)
    write(done, tmp_path / "out", COMMAND)
    for path in (tmp_path / "out").rglob("*"):
        if path.suffix in (".html", ".md", ".json", ".csv", ".svg"):
            text = path.read_text()
            assert "anary" not in text, path
            assert "Lindqvist" not in text, path
    (person,) = done.facts.tables["subjects"]["subject"].unique()
    assert re.fullmatch(r"P-[0-9a-f]{12}", person)


def test_the_same_again_is_the_same(tmp_path: Path) -> None:
    market(400, 5).write_csv(tmp_path / "m.csv")
    for name in ("one", "two"):
        write(audited(tmp_path / "m.csv", bans=[BAN]), tmp_path / name, COMMAND)
    for path in sorted((tmp_path / "one").rglob("*")):
        if path.is_file():
            assert (
                path.read_bytes()
                == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()
            )
