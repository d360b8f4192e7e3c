"""What somebody says of themselves, and what they did here."""

from __future__ import annotations

import pytest

from assent.flows.post_comment import post_comment
from tests.cast import Visitor
from tests.flows.market import handed_in, notice, offered, posted, versioned


def test_what_one_says_is_read_by_everybody(stranger: Visitor, cora: Visitor) -> None:
    text = "I train only on my own drawings."
    assert cora.post("/profile", {"about": text}).goes_to == "/users/cora"
    assert text in stranger.get("/users/cora").text
    cora.post("/profile", {"about": ""})
    assert text not in stranger.get("/users/cora").text


@pytest.mark.parametrize(
    "text",
    ["Ask me for a LoRA of Taylor Swift", "My ex girlfriend, from her photos", "x" * 501, "a\x00"],
)
def test_what_cannot_be_published_changes_nothing(
    stranger: Visitor, cora: Visitor, text: str
) -> None:
    cora.post("/profile", {"about": "I draw."})
    page = cora.post("/profile", {"about": text})
    assert page.status == 422
    assert 'id="id_about_error"' in page.main
    assert "I draw." in stranger.get("/users/cora").text


def test_the_history_is_what_is_public(stranger: Visitor, rita: Visitor, cora: Visitor) -> None:
    fox, other = posted(rita.member), posted(rita.member, "A paper heron")
    handed_in(cora.member, fox)
    versioned(cora.member, offered(cora.member, 3))
    post_comment(cora.member, other, "Which size?")
    page = stranger.get("/users/cora").text
    for words in ("handed in work to A watercolour fox", "said something about A paper heron",
                  "offered a new version of Misty hills", "Entries 1"):  # fmt: skip
        assert words in page
    notice(other)
    page = stranger.get("/users/cora").text
    assert "heron" not in page
    assert "said something" not in page


def test_a_name_of_a_real_person_is_no_user_name(stranger: Visitor) -> None:
    page = stranger.post(
        "/account/signup/",
        {"username": "taylor-swift", "email": "t@example.org", "password1": "a long password"},
    )
    assert "not a real person’s" in page.text
