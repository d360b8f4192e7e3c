"""The study's own published labels give the study's own figures."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.audit.sources_made import CODED, STUDY, VALIDATED, audited, measures


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    return measures(VALIDATED)


def percent(measure: dict[str, Any]) -> tuple[float, float, float]:
    return tuple(round(100 * measure[name], 1) for name in ("share", "low", "high"))  # type: ignore[return-value]


def test_the_files_are_as_published() -> None:
    told = (STUDY / "LICENSE.md").read_text()
    for path in (VALIDATED, CODED):
        assert f"`{path.name}`" in told
        assert hashlib.sha256(path.read_bytes()).hexdigest() in told


def test_candidates_and_deepfakes(found: dict[str, dict[str, Any]]) -> None:
    assert (found["candidates"]["count"], found["candidates"]["base"]) == (346, None)
    counts = {
        c: (m["count"], m["base"]) for c in ("all", "sfw", "nsfw") if (m := found[f"deepfakes.{c}"])
    }
    assert counts == {"all": (323, 346), "sfw": (299, 315), "nsfw": (24, 31)}
    assert percent(found["deepfakes.all"]) == (93.4, 90.2, 95.5)
    assert percent(found["deepfakes.nsfw"]) == (77.4, 60.2, 88.6)


@pytest.mark.parametrize(
    ("name", "count", "base", "shares"),
    [
        ("female", 289, 321, (90.0, 86.3, 92.8)), ("male", 31, 321, (9.7, 6.9, 13.4)),
        ("non_binary", 1, 321, (0.3, 0.1, 1.7)), ("female.sfw", 266, 297, (89.6, 85.6, 92.5)),
        ("male.sfw", 30, 297, (10.1, 7.2, 14.1)), ("female.nsfw", 23, 24, (95.8, 79.8, 99.3)),
        ("male.nsfw", 1, 24, (4.2, 0.7, 20.2)), ("non_binary.nsfw", 0, 24, (0.0, 0.0, 13.8)),
    ],
)  # fmt: skip
def test_genders(
    found: dict[str, dict[str, Any]], name: str, count: int, base: int, shares: tuple[float, ...]
) -> None:
    one = found[f"gender.{name}"]
    assert (one["count"], one["base"], percent(one)) == (count, base, shares)


@pytest.mark.parametrize(
    ("name", "count", "shares", "marked"),
    [
        ("actor_actress", 127, (39.3, 34.1, 44.7), (110, 127)),
        ("influencer", 45, (13.9, 10.6, 18.1), (41, 45)),
        ("adult_worker", 42, (13.0, 9.8, 17.1), (31, 41)),
        ("artist", 33, (10.2, 7.4, 14.0), (31, 33)),
        ("miscellaneous", 27, (8.4, 5.8, 11.9), (19, 27)),
        ("model", 24, (7.4, 5.0, 10.8), (17, 24)),
        ("athlete", 17, (5.3, 3.3, 8.3), (14, 17)),
        ("self_spouse", 4, (1.2, 0.5, 3.1), (2, 4)),
        ("reporter", 3, (0.9, 0.3, 2.7), (3, 3)),
        ("producer", 1, (0.3, 0.1, 1.7), (1, 1)),
    ],
)
def test_professions(
    found: dict[str, dict[str, Any]],
    name: str,
    count: int,
    shares: tuple[float, ...],
    marked: tuple[int, int],
) -> None:
    one, mark = found[f"profession.{name}"], found[f"marked.profession.{name}"]
    assert (one["count"], one["base"], percent(one)) == (count, 323, shares)
    assert (mark["count"], mark["base"]) == marked


def test_what_the_platform_marked(found: dict[str, dict[str, Any]]) -> None:
    assert (found["marked.sfw"]["count"], found["marked.sfw"]["base"]) == (255, 298)
    assert (found["marked.nsfw"]["count"], found["marked.nsfw"]["base"]) == (14, 24)
    assert percent(found["marked.sfw"]) == (85.6, 81.1, 89.1)
    assert percent(found["marked.nsfw"]) == (58.3, 38.8, 75.5)
    assert percent(found["marked.all"]) == (83.5, 79.1, 87.2)
    assert found["marked.gap_p"]["value"] == pytest.approx(0.0020, abs=5e-5)
    assert (found["recall.false_marks"]["count"], found["recall.false_marks"]["base"]) == (4, 23)


def test_a_misspelt_theme_is_no_theme_of_its_own(found: dict[str, dict[str, Any]]) -> None:
    assert found["theme.style_and_culture"]["count"] == 2


def test_what_the_file_lacks_is_missing_and_not_guessed() -> None:
    record = audited(VALIDATED).as_record()
    for name in ("type", "nsfw_weekly.slope_per_year", "gini.all", "top20.deepfake", "awarded.all",
                 "reward.nsfw.mean", "agreement.kappa", "agreement.alpha"):  # fmt: skip
        assert name in record["missing"]
        assert record["missing"][name]
    assert not set(record["missing"]) & set(record["measures"])


def test_the_hand_coding_alone() -> None:
    coded = measures(CODED)
    assert (coded["theme.fictional_characters"]["count"], coded["theme.nsfw"]["base"]) == (64, 150)
    assert percent(coded["theme.human_deepfake"]) == (8.0, 4.6, 13.5)


@pytest.mark.parametrize("by_folder", [True, False])
def test_both_together_give_their_agreement(*, by_folder: bool, tmp_path: Path) -> None:
    found = measures(STUDY) if by_folder else measures(VALIDATED, labels=[CODED])
    assert found["candidates"]["count"] == 346
    assert found["agreement.accuracy"]["value"] == pytest.approx(11 / 12)
    assert found["agreement.alpha"]["of"] == "theme"
