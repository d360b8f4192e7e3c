"""Names in notices are kept watch for at once, and nobody can find out whose."""

from __future__ import annotations

import pytest

from assent.catalogue.models import Screening
from assent.consent.models import ProtectedName
from assent.core.notices import Ground, names_given
from assent.core.terms import ItemState, Refused
from assent.flows.add_member import add_member
from assent.flows.decide_case import remove_in_case
from assent.flows.decide_held import decide_held
from assent.flows.edit_profile import edit_profile
from assent.flows.give_back import agree_to_refusal, propose_refusal
from assent.flows.post_comment import post_comment
from assent.journal.models import Message
from assent.people.queries import Member
from tests.flows.market import notice, posted, ruled, state

SHE, STRANGER = "Verity Ombresong", "Tamsin Quillfeather"


def protected_by_notice(**more: object) -> str:
    return notice(SHE, details={"protect": True}, **more).number  # type: ignore[arg-type]


def answers(rita: Member, name: str) -> list[object]:
    """All that a member can find out by writing a name here and there."""
    found: list[object] = []
    for title, words in (
        (f"LoRA of {name}", "Photos of her."),
        ("A watercolour fox", f"In a style that {name} would like."),
        (f"{name} in the garden", "Train it on her face."),
        ("A quiet harbour", f"Thanks to {name} for the idea."),
    ):
        bounty, ruling = ruled(rita, title, description=words)
        found.append((ruling.placement, ruling.rule, ruling.code, ruling.sentence, state(bounty)))
        found.append(Screening.objects.get(item=bounty).sentence)
    target = posted(rita, "A fox for comments")
    for text in (f"{name} would love this.", f"Can you make one of {name}?"):
        _, said = post_comment(rita, target, text)
        found.append((said.placement, said.rule, said.code, said.sentence))
    try:
        edit_profile(rita, f"I learned a lot from {name}.")
        found.append("taken")
    except Refused as refused:
        found.append(refused.refusal)
    return found


@pytest.mark.parametrize("decided", [False, True])
def test_req_td_10_a_protected_name_is_answered_like_a_strangers(
    decided: bool, rita: Member, mo: Member
) -> None:
    number = protected_by_notice()
    assert ProtectedName.objects.filter(decided=False).exists()
    if decided:
        remove_in_case(mo, number)
        assert not ProtectedName.objects.filter(decided=False).exists()
    hers, theirs = answers(rita, SHE), answers(rita, STRANGER)
    assert repr(hers).replace(SHE, STRANGER) == repr(theirs)


def test_req_td_10_a_request_for_her_is_never_public_and_a_mention_is_looked_at(
    rita: Member, mo: Member
) -> None:
    remove_in_case(mo, protected_by_notice())
    bounty, _ = ruled(rita, f"LoRA of {SHE}", description="Photos of her.")
    assert state(bounty) is ItemState.HELD
    with pytest.raises(Refused) as refused:
        decide_held(mo, bounty, approve=True, reason="")
    assert refused.value.refusal.code == "likeness_without_consent"
    mentioned, _ = ruled(rita, "A watercolour fox", description=f"Thanks to {SHE} for the idea.")
    assert state(mentioned) is ItemState.OPEN
    told = Message.objects.filter(template="name_mentioned", about=mentioned)
    assert list(told.values_list("user", flat=True)) == [mo.id]
    assert not Message.objects.filter(template="name_mentioned", user=rita.id).exists()


def test_req_td_23_a_name_can_be_protected_before_anything_is_published(rita: Member) -> None:
    protected_by_notice()
    bounty, _ = ruled(rita, f"LoRA of {SHE}", description="Photos of her.")
    record = Screening.objects.get(item=bounty).record
    assert "claimed_name" in [signal["name"] for signal in record["signals"]]


def test_a_request_that_is_turned_down_protects_nobody(mo: Member, rita: Member) -> None:
    number = protected_by_notice()
    propose_refusal(mo, number, Ground.NOT_THE_PERSON)
    agree_to_refusal(join_moderator("mia2"), number)
    assert not ProtectedName.objects.exists()


def join_moderator(name: str) -> Member:
    from assent.core.terms import Role
    from tests.flows.market import HOUSE

    return add_member(name, f"{name}@example.org", "a long password", Role.MODERATOR, by=HOUSE)


def test_without_the_tick_no_name_is_kept(rita: Member) -> None:
    notice(SHE)
    assert not ProtectedName.objects.exists()


def test_only_what_is_plainly_a_name_is_kept_and_never_many() -> None:
    lines = [
        SHE, "a watercolour fox", "fox", "FREE MODELS HERE", "@verity.ombresong", "Everything",
        "I need you to search", "Misty Hills 2.0", "Ana Clara D'Oliveira-Souto", "Li Wei",
    ]  # fmt: skip
    assert names_given(lines) == (SHE, "@verity.ombresong", "Ana Clara D'Oliveira-Souto")
    assert names_given(["ヴェリティ オンブレソング"]) == ("ヴェリティ オンブレソング",)
