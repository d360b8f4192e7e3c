"""Takedown pages and letters in eleven languages: complete, marked where unchecked, no cookie."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from django.core import mail
from tools.languages import NAMES, compiled, folder_of, said, translations

from assent.core.languages import ENGLISH, LANGUAGES, direction, first_known, known
from assent.core.notices import Ground
from assent.flows.complain import answer_complaint
from assent.flows.give_back import agree_to_refusal, propose_refusal
from assent.flows.send_case_letters import send_case_letters
from assent.web import languages
from tests.cast import Page, Visitor
from tests.flows.market import notice, posted
from tests.web.test_case_actions import acted

CODES = [code for code in LANGUAGES if code != ENGLISH]
FACTS = re.compile(r"%\(\w+\)s")


def test_req_td_16_there_are_ten_languages_and_one_is_written_from_right_to_left() -> None:
    assert len(LANGUAGES) >= 10
    assert direction("ar") == "rtl"


@pytest.mark.parametrize("code", CODES)
def test_req_td_16_no_text_is_missing_or_left_over(code: str) -> None:
    found = translations(code)
    assert set(found) == set(said())
    for text, translated in found.items():
        assert sorted(FACTS.findall(text)) == sorted(FACTS.findall(translated)), text
        assert translated.strip() == translated
        assert "<" not in translated


@pytest.mark.parametrize("code", CODES)
def test_what_the_site_reads_is_compiled_from_what_translators_write(code: str) -> None:
    written = (folder_of(code) / "django.mo").read_bytes()
    assert written == compiled(code), "run: python -m tools.languages compile"


def pages(who: Visitor, rita: Visitor, staff: list[Visitor], code: str) -> Iterator[Page]:
    """Each takedown page in one language, through the whole life of a case."""
    ask = f"?lang={code}"
    contact = {"contact_kind": "email", "contact_value": "vera@example.org"}
    whole = {"relation": "me", "good_faith": "on", "signature": "V."} | contact
    for path in ("/takedown", "/takedown/fingerprint", "/case", "/case/AAAA-BBBB-CCCC"):
        yield who.get(path + ask)
    yield who.post("/takedown" + ask, {"where": "", "contact_kind": "email"})
    yield who.post("/takedown" + ask, {"where": "x", "contact_kind": "pigeon", "note": "y" * 5001})
    yield who.post("/takedown" + ask, {"where": "x\n" * 201, "signature": "y" * 201})
    yield who.post("/takedown" + ask, {"where": "somewhere", "under_18": "on"})
    yield who.post("/takedown" + ask, whole | {"where": f"{posted(rita.member)} {'-'}"})
    two = f"{posted(rita.member)}\n{posted(rita.member)}"
    yield who.post("/takedown" + ask, whole | {"where": two})
    yield who.post("/case" + ask, {"number": "", "pin": "x" * 61})
    yield who.post("/case" + ask, {"number": "AAAA-BBBB-CCCC", "pin": "AAAA"})
    yield who.post("/case/act" + ask, {"ticket": "over", "action": "open"})
    receipt = notice(posted(rita.member), "and one more", contact={"kind": "email", "value": "a@b"})
    page = who.post("/case" + ask, {"number": receipt.number, "pin": receipt.pin})
    yield page

    def act(action: str, **more: str) -> Page:
        ticket = re.search(r'name="ticket" value="([^"]+)"', page.html)
        assert ticket
        return who.post("/case/act" + ask, {"ticket": ticket[1], "action": action, **more})

    for action in ("open", "complain", "write", "confirm", "erase", "proof", "evidence"):
        yield act(action)
    yield act("write", note="12345")
    yield act("contact", address="nowhere")
    yield act("contact", address="")
    mo, mia, otto = staff
    propose_refusal(mo.member, receipt.number, Ground.NOT_FOUND)
    agree_to_refusal(mia.member, receipt.number)
    yield act("open")
    yield act("complain")
    answer_complaint(otto.member, receipt.number, upheld=True)
    yield act("open")
    yield act("erase", sure="on")


@pytest.mark.parametrize("code", CODES)
def test_req_td_16_every_page_speaks_it_with_the_unchecked_english_beside(
    stranger: Visitor, rita: Visitor, mo: Visitor, mia: Visitor, otto: Visitor, code: str
) -> None:
    for page in pages(stranger, rita, [mo, mia, otto], code):
        assert f'<html lang="{code}" dir="{direction(code)}"' in page.html
        same = set(re.findall(r"<bdi data-same>(.*?)</bdi>", page.html))
        assert {html.unescape(text) for text in same} <= {*translations(code), *NAMES}
        assert page.headers["Content-Language"] == code
        assert "Set-Cookie" not in page.headers
        assert "A machine translated this page." in page.text
        assert page.main.count('class="beside" lang="en" dir="ltr"') > 3
        alone = re.sub(r'<span class="beside".*?</span>', "", page.main)
        alone = re.sub(r"<code.*?</code>", "", alone)
        if code not in ("da", "de", "es", "fr", "pt"):
            text = re.sub(r"<[^>]+>", "|", alone)
            english = re.findall(r"[A-Za-z]{2,}(?: [a-z]{2,}){2,}", text)
            assert english == [], page.status


def test_the_language_is_the_address_s_then_the_browser_s_and_no_other(stranger: Visitor) -> None:
    asked = stranger.get("/takedown", HTTP_ACCEPT_LANGUAGE="xx, pt-BR;q=0.9, de;q=0.8")
    assert '<html lang="pt" dir="ltr"' in asked.html
    assert "Accept-Language" in asked.headers["Vary"]
    chosen = stranger.get("/takedown?lang=ar", HTTP_ACCEPT_LANGUAGE="de")
    assert '<html lang="ar" dir="rtl"' in chosen.html
    # It goes on to every page that this one leads to.
    for path in ("/takedown", "/case", "/takedown/fingerprint"):
        assert f'"{path}?lang=ar"' in chosen.html
    assert (
        'href="?lang=ko&amp;item=abcdefghjk12"' in stranger.get("/takedown?item=abcdefghjk12").html
    )
    for odd in ("xx", "", "<script>", "../../etc", "en-GB"):
        assert '<html lang="en" dir="ltr"' in stranger.get(f"/takedown?lang={odd}").html
    assert '<html lang="en"' in stranger.get("/", HTTP_ACCEPT_LANGUAGE="ar").html


def test_req_td_01_every_page_has_the_way_in_for_those_who_do_not_read_english(
    stranger: Visitor,
) -> None:
    for path in ("/", "/bounties", "/no-such-page"):
        foot = stranger.get(path).html.partition("<footer")[2]
        for code in CODES:
            words = translations(code)["Request a takedown"]
            assert f'href="/takedown?lang={code}" lang="{code}"' in foot
            assert f">{words}</a>" in foot


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh-CN", "zh-hans"), ("zh_Hans_CN", "zh-hans"), ("zh-TW", "zh-hans"), ("AR-eg", "ar"),
     ("da-DK", "da"), ("sv", "en"), ("", "en")],
)  # fmt: skip
def test_codes_are_read_however_they_are_written(code: str, language: str) -> None:
    assert known(code) == language
    assert first_known(["", "tlh", code]) == language


def test_what_a_speaker_has_checked_stands_alone(
    stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Send the request"
    checked = {"ar": frozenset({languages.mark(text, translations("ar")[text])})}
    monkeypatch.setattr(languages, "_checked", lambda: checked)
    page = stranger.get("/takedown?lang=ar")
    assert translations("ar")[text] in page.main
    assert text not in page.main
    assert "Have something taken down" in page.main


def test_req_td_11_letters_are_in_the_person_s_language_and_english_beneath(
    stranger: Visitor, rita: Visitor
) -> None:
    sent = {"where": posted(rita.member), "contact_kind": "email", "contact_value": "v@example.org"}
    stranger.post("/takedown?lang=ja", sent)
    mail.outbox.clear()
    send_case_letters()
    (letter,) = mail.outbox
    assert letter.subject == "あなたの依頼"
    first, _, second = str(letter.body).partition("----")
    assert "依頼を受け取りました" in first
    assert re.search(r"20\d\d年\d+月\d+日, \d\d:\d\d UTC", first)
    assert "We have your request." in second
    assert letter.extra_headers["Content-Language"] == "ja"


def test_the_language_of_a_case_page_changes_without_the_pin(
    stranger: Visitor, rita: Visitor
) -> None:
    receipt = notice(posted(rita.member))
    page = stranger.post("/case", {"number": receipt.number, "pin": receipt.pin})
    assert 'formaction="/case/act?lang=hi"' in page.main
    assert "Your request" in acted(stranger, page, "open").text
