"""Following, tracking, and what one is told about it."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.utils import timezone

from assent.flows.award_entry import award_entry
from assent.flows.decide_case import remove_in_case
from assent.flows.post_comment import post_comment
from assent.flows.send_messages import send_messages
from assent.journal.models import Message
from tests.cast import Visitor
from tests.flows.market import drafted, handed_in, notice, offered, posted


def news(who: Visitor) -> list[str]:
    """The headings of what somebody reads under Notifications, the latest first."""
    page = who.get("/notifications").main
    return re.findall(r"<strong>(?:<a [^>]*>)?([^<]+)<", page)


def unread(who: Visitor) -> int:
    found = re.findall(r'</span>(\d+)<span class="visually-hidden"> new', who.get("/rules").html)
    return int(found[0]) if found else 0


def letters() -> list[str]:
    """Who got letters of what, since this was last asked."""
    send_messages()
    sent = [f"{m.to[0].split('@')[0]}: {m.subject.partition(': ')[2]}" for m in mail.outbox]
    mail.outbox.clear()
    return sorted(sent)


def test_what_somebody_followed_publishes_is_told_once(
    rita: Visitor, sam: Visitor, chris: Visitor
) -> None:
    page = sam.post("/users/rita/follow")
    assert page.goes_to == "/users/rita"
    sam.post("/users/rita/follow")
    fox = posted(rita.member)
    drafted(rita.member)
    assert news(sam) == ["Something new from somebody you follow"]
    assert f'href="/bounties/{fox}"' in sam.get("/notifications").main
    assert news(rita) == news(chris) == []
    assert unread(sam) == 1
    sam.post("/notifications")
    assert unread(sam) == 0
    sam.post("/users/rita/follow", {"stop": "1"})
    posted(rita.member, "Another fox")
    assert len(news(sam)) == 1


def test_a_tracked_bounty_tells_of_its_life(
    rita: Visitor, sam: Visitor, cora: Visitor, chris: Visitor
) -> None:
    fox = posted(rita.member)
    assert sam.post(f"/watching/{fox}").goes_to == f"/bounties/{fox}"
    assert "Stop tracking" in sam.get(f"/bounties/{fox}").text
    entry = handed_in(cora.member, fox)
    post_comment(chris.member, fox, "Lovely brush work.")
    award_entry(rita.member, entry)
    assert news(sam) == ["A bounty changed", "A new comment", "Work was handed in"]
    assert "is settled now" in sam.get("/notifications").text
    assert fox in sam.get("/watching").main
    sam.post(f"/watching/{fox}", {"stop": "1", "back": "1"})
    assert fox not in sam.get("/watching").main


def test_comments_and_answers_reach_the_right_people(
    rita: Visitor, sam: Visitor, cora: Visitor
) -> None:
    fox = posted(rita.member)
    asked, _ = post_comment(sam.member, fox, "Which paper?")
    assert news(rita) == ["Somebody commented"]
    assert news(sam) == []
    post_comment(rita.member, fox, "Cold pressed.", reply_to=asked)
    assert news(sam) == ["Somebody answered you"]
    post_comment(cora.member, fox, "Could it be a mystery woman at the railing?")
    assert len(news(rita)) == 1, "what is held is told to nobody"


def test_nothing_of_a_takedown_leaks_into_news(
    rita: Visitor, sam: Visitor, cora: Visitor, mo: Visitor
) -> None:
    sam.post("/users/rita/follow")
    fox = posted(rita.member)
    sam.post(f"/watching/{fox}")
    post_comment(cora.member, fox, "Lovely brush work.")
    assert unread(sam) == 2
    case = notice(fox)
    assert news(sam) == []
    assert unread(sam) == 0
    assert fox not in sam.get("/watching").main
    assert fox not in sam.get("/notifications").html
    # The letters that still waited do not go out either, and hiding is news to nobody.
    assert [line for line in letters() if line.startswith("sam")] == []
    before = Message.objects.filter(user_id=sam.member.id).count()
    remove_in_case(mo.member, case.number)
    assert Message.objects.filter(user_id=sam.member.id).count() == before
    words = "".join(str(m.data) for m in Message.objects.all())
    assert case.number not in words
    assert sam.post(f"/watching/{fox}", {"stop": "1"}).goes_to == "/watching"


def test_letters_are_sent_of_what_is_wanted(rita: Visitor, sam: Visitor) -> None:
    sam.post("/users/rita/follow")
    posted(rita.member)
    assert letters() == ["sam: Something new from somebody you follow"]
    page = sam.post("/notifications/letters", {"topics": ["items", "credits"]})
    assert page.goes_to == "/notifications/letters"
    form = sam.get("/notifications/letters").main
    assert len(re.findall(r"<input[^>]*checked", form)) == 2
    posted(rita.member, "Another fox")
    assert letters() == []
    assert len(news(sam)) == 2, "the site tells it all the same"


def test_a_letter_holds_no_word_that_somebody_wrote(rita: Visitor, sam: Visitor) -> None:
    sam.post("/users/rita/follow")
    posted(rita.member, "A watercolour heron")
    send_messages()
    text = str(mail.outbox[0].body)
    assert "heron" not in text
    assert "rita" not in text


def test_who_may_not(stranger: Visitor, rita: Visitor, sam: Visitor) -> None:
    fox, own = posted(rita.member), posted(sam.member, "Another fox")
    for path in ("/users/rita/follow", f"/watching/{fox}"):
        assert "/account/login/" in stranger.post(path).goes_to
    for path in ("/notifications", "/notifications/letters", "/watching"):
        assert "/account/login/" in stranger.get(path).goes_to
    assert sam.post("/users/sam/follow").status == 409
    assert sam.post("/users/nobody/follow").status == 404
    assert sam.post(f"/watching/{own}").status == 403
    assert sam.post(f"/watching/{drafted(rita.member)}").status == 404
    assert sam.post("/notifications/letters", {"topics": ["nonsense"]}).status == 422


def test_nobody_is_told_of_another_members_messages(rita: Visitor, sam: Visitor) -> None:
    sam.post("/users/rita/follow")
    posted(rita.member)
    first = Message.objects.get(user_id=sam.member.id)
    assert news(rita) == []
    rita.get(f"/notifications?cursor={first.id}")
    rita.post("/notifications")
    first.refresh_from_db()
    assert first.read_at is None


def test_many_come_in_parts(sam: Visitor, rita: Visitor) -> None:
    at = timezone.now()
    Message.objects.bulk_create(
        Message(id=f"{n:012}", at=at, user_id=sam.member.id, template="paid", data={"credits": n})
        for n in range(40)
    )
    first = sam.get("/notifications")
    link = re.findall(r'href="(\?cursor=[0-9a-z]{12})"', first.main)[0]
    second = sam.get(f"/notifications{link}")
    assert "39 credits" in first.text
    assert "39 credits" not in second.text
    assert "0 credits" in second.text


@pytest.mark.parametrize("kind", ["bounties", "listings"])
def test_both_kinds_are_tracked(rita: Visitor, sam: Visitor, kind: str) -> None:
    item = posted(rita.member) if kind == "bounties" else offered(rita.member)
    sam.post(f"/watching/{item}")
    assert item in sam.get("/watching").main
