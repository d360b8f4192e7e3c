"""Deciding several at once, second looks, second opinions and the count of pictures, as pages."""

from __future__ import annotations

import re

import pytest
from django.test import override_settings

from assent.casework.models import BulkDecision, QualityReview
from assent.catalogue.models import Item
from tests.cast import Page, Visitor
from tests.flows.market import OWN_FACE, UNSURE, notice, offered, posted, state, wallet


def picks(page: Page) -> list[str]:
    return re.findall(r'name="pick" value="([^"]+)"', page.main)


def preview(who: Visitor, *items: str) -> Page:
    return who.get("/queue/bulk?" + "&".join(f"item={i}" for i in items))


def deed(who: Visitor, *items: str, action: str = "approve", reason: str = "Seen.") -> Page:
    sent = {"pick": picks(preview(who, *items)), "action": action, "reason": reason}
    return who.post("/queue/bulk", sent)


# Several at once --------------------------------------------------------------------------------


def test_the_queue_offers_ticks_and_all_of_them_without_a_script(
    rita: Visitor, mo: Visitor
) -> None:
    items = [posted(rita.member, UNSURE) for _ in range(3)]
    page = mo.get("/queue")
    assert set(re.findall(r'name="item" value="(\w+)"', page.main)) == set(items)
    assert " checked" not in page.main
    assert mo.get("/queue?tick=all").main.count(" checked") == 3


def test_the_preview_counts_what_would_happen(rita: Visitor, mo: Visitor) -> None:
    good, plain = posted(rita.member, UNSURE, 300), posted(rita.member, OWN_FACE, 50)
    page = preview(mo, good, plain)
    for words in (
        "Nothing has happened yet",
        "1 item would be public, and 300 credits enter escrow; 1 left out",
        "2 items would be refused, and 350 credits go back",
        "Can only be refused: This asks for a real person's likeness",
    ):
        assert words in page.text
    assert (state(good), state(plain)) == ("held", "held")


def test_they_are_decided_and_taken_back(rita: Visitor, mo: Visitor) -> None:
    items = [posted(rita.member, UNSURE) for _ in range(3)]
    done = deed(mo, *items, action="refuse", reason="Ask for a drawing.").goes_to
    assert [state(i) for i in items] == ["refused"] * 3
    page = mo.get(done)
    assert "3 refused" in page.text
    assert "all of it can be taken back" in page.text
    assert mo.post(done).goes_to == done
    assert [state(i) for i in items] == ["held"] * 3
    assert wallet(rita.member).reserved == 300
    assert "3 of 3 are held again" in mo.get(done).text
    assert "ten minutes, and once" in mo.get(mo.post(done).goes_to).text


def test_what_changed_meanwhile_is_named(rita: Visitor, mo: Visitor, mia: Visitor) -> None:
    one, two = posted(rita.member, UNSURE), posted(rita.member, UNSURE)
    sent = {"pick": picks(preview(mo, one, two)), "action": "approve", "reason": ""}
    mia.post(f"/queue/{two}", {"action": "approve"})
    page = mo.get(mo.post("/queue/bulk", sent).goes_to)
    assert "1 published" in page.text
    assert "Left out 1" in page.text
    assert "changed while you were looking" in page.text


def test_a_reason_is_needed_and_the_ticks_are_kept(rita: Visitor, mo: Visitor) -> None:
    items = [posted(rita.member, UNSURE) for _ in range(2)]
    page = deed(mo, *items, action="refuse", reason=" ")
    assert page.status == 422
    assert 'class="error-summary"' in page.main
    assert len(picks(page)) == 2
    assert not BulkDecision.objects.exists()


@pytest.mark.parametrize("junk", ["", "0" * 12, "x:y", "'><script>", "000000000000:" + "0" * 16])
def test_nonsense_ticks_lead_back_to_the_queue(mo: Visitor, junk: str) -> None:
    assert preview(mo, junk).goes_to == "/queue"
    sent = {"pick": junk, "action": "approve"}
    assert mo.post("/queue/bulk", sent).goes_to == "/queue"
    assert "Tick the items that you mean first." in mo.get("/queue").text


def test_a_copy_of_what_a_takedown_hid_is_left_out(
    cora: Visitor, chris: Visitor, mo: Visitor
) -> None:
    notice(offered(cora.member, 4))
    copy = offered(chris.member, 4)
    page = preview(mo, copy)
    assert "Left out: A takedown request is about it" in page.text
    assert page.main.count("disabled") == 2


# Second looks -----------------------------------------------------------------------------------


def test_the_second_person_learns_nothing_before_they_have_decided(
    rita: Visitor, mo: Visitor, mia: Visitor
) -> None:
    bounty = posted(rita.member, UNSURE)
    with override_settings(QUALITY_SHARE=100):
        mo.post(f"/queue/{bounty}", {"action": "refuse", "reason": "canary-reason"})
    review = QualityReview.objects.get().decision_id
    assert "Nothing waits for you." in mo.get("/queue/quality").text
    assert mo.get(f"/queue/quality/{review}").status == 404
    listed, page = mia.get("/queue/quality"), mia.get(f"/queue/quality/{review}")
    for seen in (listed, page):
        assert "canary" not in seen.html
        assert "efused" not in seen.main
        assert "mo<" not in seen.main
    assert mia.post(f"/queue/quality/{review}", {}).status == 422
    assert mia.post(f"/queue/quality/{review}", {"action": "approve"}).goes_to == "/queue/quality"
    after = mia.get("/queue/quality").text
    assert "The first decision refused it. You differ" in after
    assert "mo refused it, mia would publish it" in after
    assert "decided alike, of 1" in after
    assert state(bounty) == "refused", "nothing moves by it"
    assert mia.get(f"/queue/quality/{review}").status == 404


def test_agreement_is_said_with_its_doubts(rita: Visitor, mo: Visitor, mia: Visitor) -> None:
    assert "Nothing was looked at twice yet." in mo.get("/queue/quality").text
    with override_settings(QUALITY_SHARE=100):
        for _ in range(2):
            mo.post(f"/queue/{posted(rita.member, UNSURE)}", {"action": "approve"})
    for row in QualityReview.objects.all():
        mia.post(f"/queue/quality/{row.decision_id}", {"action": "approve"})
    text = mo.get("/queue/quality").text
    assert "kappa has no value" in text
    assert "95 % interval 34% to 100%" in text


# Second opinions --------------------------------------------------------------------------------


def test_a_colleague_is_asked_and_answers(rita: Visitor, mo: Visitor, mia: Visitor) -> None:
    bounty = posted(rita.member, UNSURE)
    path, ask = f"/queue/{bounty}", f"/queue/opinions/{bounty}"
    assert mo.post(ask, {"action": "ask", "question": "Is it <b>her</b>?"}).goes_to == path
    assert "Second opinions asked for 1" in mia.get("/queue").text
    page = mia.get(path)
    assert "Is it &lt;b&gt;her&lt;/b&gt;?" in page.main
    assert "Nobody decides until the answer is there" in page.text
    assert mo.post(path, {"action": "approve"}).status == 409
    mia.post(ask, {"action": "answer", "leaning": "refuse"})
    assert "Choose what you lean to" in mia.get(path).text
    mia.post(ask, {"action": "answer", "leaning": "refuse", "answer": "I think so."})
    assert "mia would refuse it: I think so." in mo.get(path).text
    assert "A colleague answered your question" in mo.get("/notifications").text
    mo.post(path, {"action": "refuse", "reason": "Ask for a drawing."})
    assert state(bounty) == "refused"
    for who in (rita, mia):
        assert "I think so." not in who.get(f"/bounties/{bounty}").text


def test_a_question_is_taken_back(rita: Visitor, mo: Visitor) -> None:
    bounty = posted(rita.member, UNSURE)
    ask = f"/queue/opinions/{bounty}"
    mo.post(ask, {"action": "ask", "question": "Is it her?"})
    assert "Take the question back" in mo.get(f"/queue/{bounty}").text
    mo.post(ask, {"action": "back"})
    assert mo.post(f"/queue/{bounty}", {"action": "approve"}).goes_to == "/queue"


# Pictures ---------------------------------------------------------------------------------------


def test_pictures_are_counted_for_oneself_and_told_gently(
    cora: Visitor, rita: Visitor, mo: Visitor, mia: Visitor
) -> None:
    listings = [offered(cora.member, n, f"Hills {n}") for n in (1, 2)]
    Item.objects.filter(id__in=listings).update(state="held")
    mo.get(f"/queue/{posted(rita.member, UNSURE)}")
    assert "opened the pictures" not in mo.get("/queue").text, "words alone are no pictures"
    with override_settings(PICTURES_A_DAY=2):
        first = mo.get(f"/queue/{listings[0]}").text
        assert "You have opened the pictures of 1 item today. Only you see this number." in first
        second = mo.get(f"/queue/{listings[1]}").text
        assert "pictures of 2 items today. That is a lot. Take a break" in second
        assert "pictures of 2 items" in mo.get("/queue").text
    assert "opened the pictures" not in mia.get("/queue").text
    with override_settings(PICTURES_A_DAY=0):
        assert "That is a lot" not in mo.get("/queue").text
