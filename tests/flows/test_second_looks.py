"""A share of decisions is looked at again; a colleague is asked; pictures are counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from assent.casework.looks import (
    agreed_since,
    differing,
    one_to_review,
    open_opinions,
    opinions_on,
    pictures_today,
    to_review,
)
from assent.casework.models import Decision, Exposure, QualityReview
from assent.core.access import STRANGER
from assent.core.bulk import Pick
from assent.core.quality import Agreement, is_drawn
from assent.core.terms import ItemState, Refused, Role
from assent.flows.decide_bulk import decide_bulk
from assent.flows.decide_held import decide_held
from assent.flows.note_pictures import note_pictures
from assent.flows.preview_bulk import preview_bulk
from assent.flows.review_quality import review_quality
from assent.flows.second_opinion import answer_opinion, ask_opinion, take_back_opinion
from assent.flows.undo_bulk import undo_bulk
from assent.gateways import clock
from assent.gateways.secrets import day_salt
from assent.journal.models import JournalRow, Message
from assent.people.queries import Member
from tests.flows.market import UNSURE, join, notice, offered, posted, state


@pytest.fixture
def mia() -> Member:
    """A second moderator, with 500 credits."""
    return join("mia", 500, Role.MODERATOR)


@pytest.fixture
def every_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every decision is drawn."""
    monkeypatch.setattr(settings, "QUALITY_SHARE", 100)


# Quality ----------------------------------------------------------------------------------------


def test_the_draw_follows_from_the_decision_and_the_day(
    rita: Member, mo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "QUALITY_SHARE", 40)
    for _ in range(20):
        decide_held(mo, posted(rita, UNSURE, 10), approve=True, reason="")
    rows = Decision.objects.filter(actor=mo.id)
    salt = day_salt("quality", clock.now().date())
    drawn = {row.id for row in rows if is_drawn(row.id, salt, 40)}
    assert set(QualityReview.objects.values_list("decision_id", flat=True)) == drawn
    assert salt != day_salt("quality", clock.now().date() + timedelta(days=1))


def test_decisions_on_several_are_drawn_too(rita: Member, mo: Member, every_one: None) -> None:
    seen = preview_bulk(mo, [posted(rita, UNSURE) for _ in range(3)])
    picks = [Pick(item.id, outlook.mark) for item, outlook in seen]
    found = decide_bulk(mo, picks, approve=True, reason="")
    assert QualityReview.objects.count() == 3
    undo_bulk(mo, found)
    assert not QualityReview.objects.exists(), "what was taken back is not looked at"


def test_only_somebody_else_reviews_and_once(
    rita: Member, mo: Member, mia: Member, every_one: None
) -> None:
    bounty = posted(rita, UNSURE)
    decide_held(mo, bounty, approve=True, reason="")
    assert to_review(mo.person) == []
    (waiting,) = to_review(mia.person)
    assert waiting.item == bounty
    with pytest.raises(Refused, match="nothing here"):
        review_quality(mo, waiting.id, approve=True)
    with pytest.raises(Refused, match="work the queue"):
        review_quality(rita, waiting.id, approve=True)
    assert review_quality(mia, waiting.id, approve=True) is True
    for who in (mia, join("otto", role=Role.OPERATOR)):
        with pytest.raises(Refused, match="nothing here"):
            review_quality(who, waiting.id, approve=False)
    assert to_review(mia.person) == []
    assert state(bounty) is ItemState.OPEN


def test_nobody_reviews_what_was_decided_about_their_own(
    mo: Member, mia: Member, every_one: None
) -> None:
    decide_held(mo, posted(mia, UNSURE, 50), approve=True, reason="")
    assert to_review(mia.person) == []
    assert len(to_review(join("otto", role=Role.OPERATOR).person)) == 1


def test_what_waits_says_nothing_of_the_first_decision(
    rita: Member, mo: Member, mia: Member, every_one: None
) -> None:
    decide_held(mo, posted(rita, UNSURE), approve=False, reason="canary-reason")
    told = repr(to_review(mia.person))
    assert "canary" not in told
    assert "refuse" not in told.lower()
    assert "mo'" not in told


def test_what_is_taken_down_is_shown_to_nobody(
    rita: Member, mo: Member, mia: Member, every_one: None
) -> None:
    bounty = posted(rita, UNSURE)
    decide_held(mo, bounty, approve=True, reason="")
    (waiting,) = to_review(mia.person)
    notice(bounty)
    assert to_review(mia.person) == []
    with pytest.raises(Refused, match="nothing here"):
        one_to_review(mia.person, waiting.id)


def test_agreement_is_counted_and_differences_are_listed(
    rita: Member, mo: Member, mia: Member, every_one: None
) -> None:
    for first, second in ((True, True), (True, False), (False, False), (False, False)):
        bounty = posted(rita, UNSURE, 10)
        decide_held(mo, bounty, approve=first, reason="Seen.")
        review_quality(mia, to_review(mia.person)[0].id, approve=second)
    found = agreed_since()
    assert found == Agreement(1, 1, 0, 2)
    assert found.kappa == pytest.approx(0.5)
    assert agreed_since(clock.now() + timedelta(days=1)).count == 0
    (one,) = differing()
    assert (one.first_name, one.first, one.second_name, one.second) == (
        "mo",
        "publish",
        "mia",
        "refuse",
    )
    rows = JournalRow.objects.filter(verb="quality.reviewed").order_by("seq")
    assert [row.data["alike"] for row in rows] == [True, False, True, True]


# Second opinions --------------------------------------------------------------------------------


def test_it_stays_held_until_a_colleague_has_answered(
    rita: Member, mo: Member, mia: Member
) -> None:
    bounty = posted(rita, UNSURE)
    ask_opinion(mo, bounty, " Is this the singer? ")
    assert [one.question for one in open_opinions()] == ["Is this the singer?"]
    for who in (mo, mia):
        with pytest.raises(Refused, match="second opinion"):
            decide_held(who, bounty, approve=True, reason="")
    ((_, outlook),) = preview_bulk(mia, [bounty])
    assert outlook.refuse is not None
    assert outlook.refuse.code == "opinion_open"
    with pytest.raises(Refused, match="somebody else has to answer"):
        answer_opinion(mo, bounty, "publish", "No.")
    answer_opinion(mia, bounty, "publish", "No: the hair is another.")
    assert open_opinions() == []
    (one,) = opinions_on(bounty)
    assert (one.answered_name, one.leaning, one.is_open) == ("mia", "publish", False)
    assert Message.objects.filter(user=mo.id, template="opinion_answered").count() == 1
    assert state(bounty) is ItemState.HELD
    decide_held(mo, bounty, approve=True, reason="")


def test_a_question_is_asked_once_and_taken_back_by_whom_it_is(
    rita: Member, mo: Member, mia: Member
) -> None:
    bounty = posted(rita, UNSURE)
    ask_opinion(mo, bounty, "Is this the singer?")
    with pytest.raises(Refused, match="asked for already"):
        ask_opinion(mia, bounty, "Is it?")
    with pytest.raises(Refused, match="Only whoever asked"):
        take_back_opinion(mia, bounty)
    take_back_opinion(mo, bounty)
    assert opinions_on(bounty) == []
    for act in (
        lambda: take_back_opinion(mo, bounty),
        lambda: answer_opinion(mia, bounty, "publish", "No."),
    ):
        with pytest.raises(Refused, match="any more"):
            act()
    ask_opinion(mia, bounty, "Is it?")
    verbs = JournalRow.objects.filter(verb__startswith="opinion.").order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == [
        "opinion.asked",
        "opinion.taken_back",
        "opinion.asked",
    ]
    assert all(row.data == {} for row in verbs), "no word of it is in the journal"


@pytest.mark.parametrize("words", ["", "  ", "x" * 2001])
def test_words_are_needed(rita: Member, mo: Member, mia: Member, words: str) -> None:
    bounty = posted(rita, UNSURE)
    with pytest.raises(Refused, match="your question"):
        ask_opinion(mo, bounty, words)
    ask_opinion(mo, bounty, "Is this the singer?")
    with pytest.raises(Refused, match="lean to"):
        answer_opinion(mia, bounty, "publish", words)
    with pytest.raises(Refused, match="lean to"):
        answer_opinion(mia, bounty, "delete", "No.")


def test_nobody_else_asks_or_answers(rita: Member, sam: Member, mo: Member, mia: Member) -> None:
    bounty, own = posted(rita, UNSURE), posted(mia, UNSURE, 10)
    for who in (rita, sam):
        with pytest.raises(Refused):
            ask_opinion(who, bounty, "Why?")
    with pytest.raises(Refused, match="your own item"):
        ask_opinion(mia, own, "Why?")
    ask_opinion(mo, own, "Why?")
    with pytest.raises(Refused, match="your own item"):
        answer_opinion(mia, own, "publish", "It is mine.")
    decide_held(mo, bounty, approve=True, reason="")
    with pytest.raises(Refused, match="changed while"):
        ask_opinion(mo, bounty, "Was I right?")


# Pictures ---------------------------------------------------------------------------------------


def test_an_item_counts_once_a_day_and_yesterday_is_forgotten(
    cora: Member, mo: Member, mia: Member
) -> None:
    one, two = offered(cora), offered(cora, 2, "Other hills")
    counts = [note_pictures(mo.person, item) for item in (one, one, two)]
    assert counts == [1, 1, 2]
    today = clock.now().date()
    assert pictures_today(mia.id, today) == 0
    with clock.at(clock.now() + timedelta(days=1)):
        assert note_pictures(mo.person, one) == 1
    assert Exposure.objects.filter(day=today).count() == 0


def test_only_staff_is_counted_and_nowhere_else(cora: Member, sam: Member, mo: Member) -> None:
    listing = offered(cora)
    before = JournalRow.objects.count()
    for who in (STRANGER, sam.person, cora.person):
        assert note_pictures(who, listing) == 0
    note_pictures(mo.person, listing)
    assert Exposure.objects.get().member_id == mo.id
    assert JournalRow.objects.count() == before
