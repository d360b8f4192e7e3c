"""Asking can neither harass nor wear down, and channels cannot be faked by their looks."""

from __future__ import annotations

from datetime import date

import pytest

from assent.core.consent.asking import (
    ASKS_PER_DAY,
    LETTERS_PER_MONTH,
    InvitationState,
    Sent,
    asking,
    normalised_address,
)
from assent.core.consent.channels import (
    Claim,
    Vouch,
    VouchAnswer,
    channel_refusal,
    is_proved,
    lookalike,
    shows,
    vouch_refusal,
)

FIRST = Sent(0, 0, 0, never=False)


def test_the_first_request_gets_its_letter() -> None:
    assert asking(FIRST).letter
    assert asking(FIRST).refusal is None


@pytest.mark.parametrize(
    "sent", [Sent(0, 0, 0, never=True), Sent(0, LETTERS_PER_MONTH, 0, never=False)]
)
def test_req_con_07b_blocked_and_flooded_look_like_ignored(sent: Sent) -> None:
    assert asking(sent).refusal == asking(FIRST).refusal
    assert not asking(sent).letter


def test_req_con_07b_one_request_each() -> None:
    assert asking(Sent(1, 1, 1, never=False)).refusal is not None
    assert asking(Sent(ASKS_PER_DAY, 0, 0, never=False)).refusal is not None
    # What the person did never decides whether the requester may ask.
    for never in (False, True):
        assert asking(Sent(1, 1, 1, never=never)) == asking(Sent(1, 9, 1, never=not never))


def test_req_con_07b_the_requester_sees_two_states_alone() -> None:
    assert {s.shown for s in InvitationState} == {"asked", "given"}
    assert [s for s in InvitationState if s.shown == "given"] == [InvitationState.PROVED]


@pytest.mark.parametrize(
    "spelling", ["vera@example.org", " Vera@Example.ORG ", "vera+again@example.org"]
)
def test_one_mailbox_is_one_address(spelling: str) -> None:
    assert normalised_address(spelling) == "vera@example.org"


BAD = [
    "http://example.org/vera",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://localhost/",
    "https://example.org:8443/",
    "https://a@example.org/",
    "https://example.org@evil.example/",
    "https://xn--vra-9ma.example/",
    "https://véra.example/",
    "https://example.org/vér\u200ba",
    "https://2130706433/",
    "ftp://example.org/",
    "example.org/vera",
    "https://",
    "https://example.org/" + "a" * 400,
    "https://[",
]


@pytest.mark.parametrize("url", BAD)
def test_an_address_that_could_trick_us_is_refused(url: str) -> None:
    assert channel_refusal(url) is not None


def test_a_plain_profile_is_taken() -> None:
    assert channel_refusal("https://social.example/vera.lindqvist?tab=about") is None


def test_the_word_must_stand_by_itself() -> None:
    assert shows("<b>Assent-7k3m9qx2vtda</b>", "assent-7k3m9qx2vtda")
    assert not shows("assent-7k3m9qx2vtdab", "assent-7k3m9qx2vtda")
    assert not shows("", "assent-7k3m9qx2vtda")


@pytest.mark.parametrize(
    "handle", ["ver4lindqvist", "vera.1indqvist", "VERALINDQV1ST", "ver4_lindqvi5t"]
)
def test_a_lookalike_profile_is_marked(handle: str) -> None:
    assert lookalike(handle, "Vera Lindqvist")
    assert not lookalike("vera.lindqvist", "Vera Lindqvist")
    assert not lookalike("somebody-else", "Vera Lindqvist")


ASKED = Claim("rita", date(2030, 6, 3), nonce_seen=True)
YES = Vouch("mo", VouchAnswer.YES, date(2029, 1, 1))


def test_req_con_07_two_who_did_not_ask_must_agree() -> None:
    assert vouch_refusal(YES, ASKED, ()) is None
    assert not is_proved((YES,))
    assert vouch_refusal(YES, ASKED, (YES,)) is not None
    other = Vouch("mia", VouchAnswer.YES, date(2029, 1, 1))
    assert is_proved((YES, other))
    assert not is_proved((YES, other, Vouch("otto", VouchAnswer.NO, None)))


@pytest.mark.parametrize(
    ("vouch", "claim"),
    [
        (Vouch("rita", VouchAnswer.YES, date(2029, 1, 1)), ASKED),
        (Vouch("mo", VouchAnswer.YES, None), ASKED),
        (Vouch("mo", VouchAnswer.YES, date(2030, 6, 3)), ASKED),
        (YES, Claim("rita", date(2030, 6, 3), nonce_seen=False)),
    ],
)
def test_req_con_07_a_channel_must_be_older_and_show_the_word(vouch: Vouch, claim: Claim) -> None:
    assert vouch_refusal(vouch, claim, ()) is not None
