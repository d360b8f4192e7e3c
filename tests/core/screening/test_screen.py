"""Whole verdicts: invented listings, spellings, disguises, and any text at all."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assent.core.screening.policies import default_policy
from assent.core.screening.protected import ProtectedNames, read_protected
from assent.core.screening.record import record_of
from assent.core.screening.screen import collect, screen
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Verdict
from assent.core.terms import Outcome, SubjectKind
from tests.core.screening.spelling_cases import SPELLINGS

AT = date(2026, 6, 1)
POLICY = default_policy()
PUBLIC = ("Tom Hanks", "Penélope Cruz", "Serena Williams", "Angela Merkel", "Dua Lipa")
PRIVATE = ("Vera Lindqvist", "Ngozi Brandvold", "Sunniva Castellanos")


def ask(
    description: str,
    title: str = "",
    tags: tuple[str, ...] = (),
    *,
    protected: ProtectedNames | None = None,
    lang: str = "en",
    kind: str = "bounty",
) -> Verdict:
    submission = Submission("x", kind, "LoraCreation", title, description, tags, lang)
    return screen(submission, POLICY, at=AT, protected=protected)


def listings() -> list[tuple[str, ...]]:
    text = Path(__file__).with_name("listings.txt").read_text(encoding="utf-8")
    return [tuple(line.split("|")) for line in text.splitlines() if not line.startswith("#")]


def verdict_on(listing: tuple[str, ...]) -> Verdict:
    _, lang, kind, title, description, tags = listing
    chosen = tuple(tag for tag in tags.split(",") if tag)
    return ask(description, title, chosen, lang=lang, kind=kind)


def test_no_invented_listing_that_must_be_stopped_is_published() -> None:
    stopped = [listing for listing in listings() if listing[0] != "allow"]
    assert [x[3] for x in stopped if verdict_on(x).outcome is Outcome.ALLOW] == []


def test_no_harmless_invented_listing_is_refused() -> None:
    harmless = [listing for listing in listings() if listing[0] == "allow"]
    assert [x[3] for x in harmless if verdict_on(x).outcome is Outcome.REFUSE] == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_a_name_is_published(spelling: str) -> None:
    protected = ProtectedNames.of(PRIVATE)
    for name, names in [*((n, None) for n in PUBLIC), *((n, protected) for n in PRIVATE)]:
        title, description, tags = SPELLINGS[spelling](name)
        verdict = ask(description, title, tuple(tags), protected=names)
        assert verdict.outcome is not Outcome.ALLOW, (name, description)


@pytest.mark.parametrize(
    "text",
    [
        "an usher with a torch, a drake on a pond and a rock",
        "a trump card on green felt",
        "a cat black as a jack of spades",
        "will smith the iron in a dark forge, watercolour",
        "the queen of hearts, tarot style",
    ],
)
def test_everyday_words_are_not_names(text: str) -> None:
    assert ask(text).outcome is Outcome.ALLOW


def test_public_and_private_people_are_told_the_same() -> None:
    protected = ProtectedNames.of(["Vera Lindqvist"])
    public = ask("A picture of Tom Hanks")
    private = ask("A picture of Vera Lindqvist", protected=protected)
    assert public.code == private.code == "likeness_without_consent"
    assert public.sentence == private.sentence
    assert "Hanks" not in public.sentence


def test_the_dead_become_historical_after_a_hundred_years() -> None:
    assert ask("Marie Curie in her laboratory").likeness.subject_kind is SubjectKind.PUBLIC_FIGURE
    assert ask("Ada Lovelace, engraving").likeness.subject_kind is SubjectKind.HISTORICAL
    assert ask("Ada Lovelace, engraving").outcome is Outcome.ALLOW


def test_a_claim_of_consent_is_reviewed_and_never_allowed() -> None:
    verdict = ask("LoRA of my coworker, she agreed, 20 photos")
    assert (verdict.outcome, verdict.consent_claimed) == (Outcome.REVIEW, True)


def test_a_claim_of_consent_unlocks_neither_minors_nor_adult_content() -> None:
    assert ask("my daughter, 9 years old, she agreed, photos attached").code == "minor"
    assert ask("nsfw, everybody agreed").code == "explicit"


def test_a_denial_does_not_hide_a_name() -> None:
    verdict = ask("No real people, this is fiction. Tom Hanks with a beard", "no celebs")
    assert verdict.outcome is Outcome.REFUSE


def test_file_names_and_training_words_are_evidence_too() -> None:
    submission = Submission("x", "entry", None, "", "", attached=(("file", "tom_hanks_v3.bin"),))
    verdict = screen(submission, POLICY, at=AT)
    assert verdict.outcome is Outcome.REFUSE
    assert verdict.signals[0].field == "file"


def test_protected_names_are_read_one_a_line() -> None:
    protected = read_protected("# ours\nVera Lindqvist\n\n@quiet.baker.vlog\nab\n")
    assert protected.size == 2
    assert ask("quiet_baker_vlog apron", protected=protected).outcome is Outcome.REFUSE


ANY_TEXT = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            ["Tom", "Hanks", "her", "face", "<b>", "&amp;", "@a.b", "no", "9", "years", "old",
             "T***", "泰勒", "의", "चेहरा", "\u200b", "\ud800", ".", ",", "nsfw", "my", "wife"]
        ),
        max_size=20,
    ).map(" ".join),
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(ANY_TEXT, ANY_TEXT, st.lists(ANY_TEXT, max_size=2))
def test_screening_never_fails_and_its_evidence_is_the_text(
    title: str, description: str, tags: list[str]
) -> None:
    submission = Submission("x", "bounty", None, title, description, tuple(tags))
    verdict = screen(submission, POLICY, at=AT)
    fields = dict(submission.fields())
    for signal in verdict.signals:
        assert fields[signal.field][signal.start : signal.end] == signal.text
    assert 0 <= verdict.likeness.probability <= 1
    json.dumps(record_of(submission, verdict))


@pytest.mark.parametrize(
    "piece", ["a", "no ", "my her face ", "<", "&", "Tom Hanks ", "t.", "@a ", "泰勒她", "a** "]
)
def test_work_grows_no_faster_than_the_text(piece: str) -> None:
    def clues(times: int) -> int:
        submission = Submission("x", "bounty", None, "", piece * times)
        return len(collect(submission, at=AT))

    assert clues(2000) <= 2 * clues(1000) + 10
