"""Which moves are legal, what a ruling rests on, and how a takedown notice is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assent.core.casework import (
    COVERED_SENTENCE,
    LIKENESS_CODE,
    MOVES,
    Placement,
    is_legal,
    rule_on,
    rule_on_files,
)
from assent.core.consent.cover import NO_GRANT, Cover
from assent.core.notices import (
    HOURS_MAX,
    NoticeForm,
    deadline,
    incomplete,
    locate,
    missing,
    notice_refusal,
)
from assent.core.screening.verdict import Likeness, Verdict
from assent.core.terms import ItemKind, ItemState, Outcome, Rating, SubjectKind

S = ItemState
COVERED = Cover(True, "covered by C-1")

# Moves -------------------------------------------------------------------------------------------

# Every move but those into and out of `hidden`, which are the same for every state.
LIFE = {
    ItemKind.BOUNTY: """
        draft   → held open refused cancelled
        held    → open refused cancelled removed
        refused → held
        open   → held closed settled cancelled
        closed → settled cancelled
    """,
    ItemKind.ENTRY: """
        held      → published refused withdrawn removed
        refused   → held
        published → held awarded declined withdrawn
    """,
    **dict.fromkeys(
        (ItemKind.LISTING, ItemKind.VERSION, ItemKind.COMMENT),
        """
        held      → published refused withdrawn removed
        refused   → held
        published → held withdrawn
        """,
    ),
}


def life(kind: ItemKind) -> set[tuple[ItemState, ItemState]]:
    found: set[tuple[ItemState, ItemState]] = set()
    for line in LIFE[kind].strip().splitlines():
        before, after = line.split("→")
        found |= {(S(before.strip()), S(word)) for word in after.split()}
    return found


@pytest.mark.parametrize("kind", ItemKind)
def test_the_life_of_an_item_is_exactly_this(kind: ItemKind) -> None:
    assert {m for m in MOVES[kind] if S.HIDDEN not in m} == life(kind)


@pytest.mark.parametrize("kind", ItemKind)
def test_anything_can_be_hidden_but_what_was_removed(kind: ItemKind) -> None:
    for state in set(S) - {S.HIDDEN, S.REMOVED}:
        assert is_legal(kind, state, S.HIDDEN)
        assert is_legal(kind, S.HIDDEN, state)
    assert not is_legal(kind, S.HIDDEN, S.HIDDEN)


@pytest.mark.parametrize("kind", ItemKind)
def test_nothing_leaves_removed(kind: ItemKind) -> None:
    assert not [move for move in MOVES[kind] if move[0] is S.REMOVED]


@pytest.mark.parametrize("kind", ItemKind)
def test_hidden_leads_to_removed_or_to_what_could_be_hidden(kind: ItemKind) -> None:
    out = {after for before, after in MOVES[kind] if before is S.HIDDEN}
    back = {before for before, after in MOVES[kind] if after is S.HIDDEN}
    assert out == back | {S.REMOVED}


def reachable(kind: ItemKind, start: ItemState) -> set[ItemState]:
    """All states after `start`. A hidden item goes back to where it was, so hiding is no way."""
    found: set[ItemState] = {start}
    edge: set[ItemState] = {start}
    while edge:
        edge = {S(b) for a, b in MOVES[kind] if a in edge and b is not S.HIDDEN} - found
        found |= edge
    return found - {start}


@pytest.mark.parametrize("kind", ItemKind)
@pytest.mark.parametrize("end", [S.CANCELLED, S.WITHDRAWN, S.REMOVED, S.SETTLED])
def test_an_end_is_an_end(kind: ItemKind, end: ItemState) -> None:
    assert reachable(kind, end) == set()


@pytest.mark.parametrize("kind", ItemKind)
def test_nothing_refused_becomes_public_without_being_held_again(kind: ItemKind) -> None:
    out = {after for before, after in MOVES[kind] if before is S.REFUSED}
    assert out == {S.HIDDEN, S.HELD}, "an objection that was right brings it to a person"


# Rulings -----------------------------------------------------------------------------------------


def verdict(outcome: Outcome, code: str = "ok") -> Verdict:
    return Verdict(
        outcome, "policy-1", "rule", code, Likeness(0.9, "Vera", SubjectKind.PRIVATE_INDIVIDUAL),
        Rating.SFW, False, False, (), "sentence",
    )  # fmt: skip


LIKENESS = verdict(Outcome.REFUSE, LIKENESS_CODE)
RULED = [
    (verdict(Outcome.ALLOW), NO_GRANT, False, Placement.PUBLISH),
    (verdict(Outcome.ALLOW), COVERED, False, Placement.PUBLISH),
    (verdict(Outcome.ALLOW), NO_GRANT, True, Placement.HOLD),
    (verdict(Outcome.ALLOW), COVERED, True, Placement.HOLD),
    (verdict(Outcome.REVIEW), COVERED, False, Placement.HOLD),
    (verdict(Outcome.REVIEW), NO_GRANT, True, Placement.HOLD),
    (LIKENESS, NO_GRANT, False, Placement.REFUSE),
    (LIKENESS, NO_GRANT, True, Placement.REFUSE),
    (LIKENESS, COVERED, False, Placement.HOLD),
    # Consent speaks for a likeness and for nothing else.
    (verdict(Outcome.REFUSE, "minor"), COVERED, True, Placement.REFUSE),
    (verdict(Outcome.REFUSE, "sexual_likeness"), COVERED, True, Placement.REFUSE),
]


@pytest.mark.parametrize(("said", "cover", "depicts", "placed"), RULED)
def test_a_verdict_is_softened_by_a_covering_consent_alone(
    said: Verdict, cover: Cover, depicts: bool, placed: Placement
) -> None:
    ruling = rule_on(said, cover, depicts=depicts)
    assert ruling.placement is placed
    assert ruling.policy == "policy-1"
    if cover.covered or depicts:
        assert placed is not Placement.PUBLISH or said.outcome is Outcome.ALLOW
    if placed is Placement.REFUSE:
        assert (ruling.code, ruling.sentence) == (said.code, "sentence")


def test_a_covered_likeness_says_why_it_waits() -> None:
    ruling = rule_on(LIKENESS, COVERED)
    assert (ruling.rule, ruling.code) == ("likeness.covered", "consent_on_record")
    assert ruling.sentence == COVERED_SENTENCE


@pytest.mark.parametrize(
    ("refused", "matches", "placed"),
    [
        (None, [], None),
        (None, [False], Placement.HOLD),
        (None, [True], Placement.REFUSE),
        (None, [False, True], Placement.REFUSE),
        ("It holds code.", [], Placement.REFUSE),
        ("It holds code.", [False], Placement.REFUSE),
    ],
)
def test_files_force_a_ruling_or_none(
    refused: str | None, matches: list[bool], placed: Placement | None
) -> None:
    ruling = rule_on_files(refused, matches, "policy-1")
    assert (ruling.placement if ruling else None) is placed


def test_a_match_with_something_taken_down_is_not_named() -> None:
    ruling = rule_on_files(None, [True], "policy-1")
    assert ruling is not None
    assert ruling.sentence == "This file cannot be published here."


# Notices: the clock ------------------------------------------------------------------------------


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 10**5))
def test_no_setting_gives_more_than_48_hours(at: datetime, hours: int) -> None:
    assume(at.year < 9999)
    assert deadline(at, hours) - at == timedelta(hours=min(hours, 48))
    assert HOURS_MAX == 48


# Notices: where ----------------------------------------------------------------------------------

ID, OTHER = "7k3mq9x2vtdb", "0123456789ab"
FOUND = [
    ID,
    f"  #{ID} ",
    ID.upper(),
    f"http://127.0.0.1:8000/bounties/{ID}",
    f"https://assent.example/listings/{ID}",
    f"https://ASSENT.EXAMPLE/Entries/{ID.upper()}",
    f"assent.example/bounties/{ID}/",
    f"/bounties/{ID}",
    f"https://assent.example/bounties/{ID}.",
    f"(https://assent.example/bounties/{ID})",
    f"https://assent.example/bounties/{ID}?tab=entries#top",
    f"https://assent.example/bounties/{ID}/entries/",
    f"the red one, https://assent.example/bounties/{ID}, please",
    # A mirror, a cache or a translated page of ours: better hidden once too often.
    f"https://mirror.example/cache/bounties/{ID}",
    f"<a href='https://assent.example/bounties/{ID}'>",
]
WORDS = [
    "I need you to search",
    "Vera Lindqvist LoRA",
    f"it says {ID} somewhere",  # an id inside words is not an id
    f"x{ID}",
    f"{ID}b",
    ID[:-1],
    f"https://assent.example/users/{ID}",
    f"https://assent.example/bounties/{ID}b",
    "https://assent.example/bounties/",
    "https://elsewhere.example/photo.jpg",
]


@pytest.mark.parametrize("line", FOUND)
def test_a_link_or_an_id_is_found_in_many_spellings(line: str) -> None:
    assert locate([line]).ids == (ID,)
    assert locate([line]).words == ()


@pytest.mark.parametrize("line", WORDS)
def test_everything_else_is_for_a_person_to_read(line: str) -> None:
    assert locate([f" {line} "]).ids == ()
    assert locate([f" {line} "]).words == (line,)


def test_a_line_may_hold_several_links_and_each_item_counts_once() -> None:
    found = locate([f"/bounties/{OTHER} and /listings/{ID}", ID, "", "  ", "a title"])
    assert found.ids == (OTHER, ID)
    assert found.words == ("a title",)


@given(st.lists(st.text(max_size=60), max_size=5))
def test_no_line_is_lost_and_no_vague_word_hides_anything(lines: list[str]) -> None:
    found = locate(lines)
    assert all(len(i) == 12 for i in found.ids)
    for line in lines:
        text = line.strip()
        assert not text or text in found.words or any(i in text.lower() for i in found.ids)


# Notices: what is missing ------------------------------------------------------------------------

FORM = NoticeForm((ID,), "me", good_faith=True, signature="x")
MISSING = {
    "where": [replace(FORM, where=w) for w in ((), ("",), (" ", "\n"))],
    "relation": [replace(FORM, relation=r) for r in ("", "friend", "ME")],
    "good_faith": [replace(FORM, good_faith=False)],
    "signature": [replace(FORM, signature=s) for s in ("", "  ", "x" * 201)],
}
TOO_LONG = [("x",) * 201, ("x" * 5001,)]


def test_four_answers_are_all_that_is_ever_needed() -> None:
    assert notice_refusal(FORM) is None
    assert notice_refusal(replace(FORM, relation="agent", where=("I need you to search",))) is None


@pytest.mark.parametrize("field", MISSING)
def test_each_thing_missing_is_asked_for_by_itself(field: str) -> None:
    for form in MISSING[field]:
        refusal = notice_refusal(form) or incomplete(form)
        assert refusal is not None
        assert refusal.code == "notice_incomplete"
        assert list(refusal.fields) == [field]
        assert refusal.fields[field].endswith(".")


@pytest.mark.parametrize("where", TOO_LONG)
def test_more_than_we_can_read_is_met_with_a_way_on(where: tuple[str, ...]) -> None:
    refusal = notice_refusal(replace(FORM, where=where))
    assert refusal is not None
    assert "second request" in refusal.fields["where"]


def test_what_a_court_would_ask_for_is_missing_without_stopping_anything() -> None:
    form = NoticeForm((ID,), "", good_faith=False, signature=" ")
    assert notice_refusal(form) is None
    assert missing(form) == ("relation", "good_faith", "signature")
    assert missing(FORM) == ()


@pytest.mark.parametrize("line", ["a" * 64, "SHA-256: " + "A" * 64, f" sha256:{'a' * 64} "])
def test_a_hash_is_exact_and_hides_by_itself(line: str) -> None:
    assert locate([line]).hashes == ("a" * 64,)
    assert locate([], [f"t1:{'b' * 64}"]).hashes == (f"t1:{'b' * 64}",)
    assert locate(["a" * 63]).words == ("a" * 63,)


def test_all_that_is_missing_is_said_at_once() -> None:
    refusal = incomplete(NoticeForm((), "", good_faith=False, signature=""))
    assert refusal is not None
    assert set(refusal.fields) == set(MISSING)
