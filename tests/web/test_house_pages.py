"""The pages that say what holds here: they follow from the rules, and nothing contradicts them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import assent.web
from assent.core.cashouts import FEE_MIN, FEE_PER_CENT, NEW_ACCOUNT
from assent.core.consent.asking import VALID_DAYS
from assent.core.reasons.statement import APPEAL_TIME
from assent.core.screening.policies import default_policy
from assent.core.strikes import EXPIRES, STEPS
from assent.core.terms import Outcome
from assent.flows.decide_credits import GRACE_DAYS
from assent.gateways.mail import LETTERS
from tests.cast import Visitor

TEMPLATES = Path(assent.web.__file__).parent / "templates"
# Every span of time that a page or letter promises comes from a constant of the rules.
PROMISED = {
    f"{GRACE_DAYS * 24} hours",
    f"{EXPIRES.days} days",
    f"{APPEAL_TIME.days} days",
    f"{NEW_ACCOUNT.days} days",
    f"{VALID_DAYS} days",
    *(f"{time.days} days" for _, time in STEPS),
}
_SPAN = re.compile(r"\b(\d+) (hours?|days?|weeks?|months?)\b")


@pytest.mark.parametrize("path", ["/terms", "/privacy", "/contact", "/rules"])
def test_anyone_reads_them_and_finds_them_everywhere(stranger: Visitor, path: str) -> None:
    page = stranger.get(path)
    assert page.status == 200
    assert not stranger.client.cookies, "reading them needs no cookie"
    assert f'href="{path}"' in stranger.get("/").html.partition("<footer")[2]


def test_the_rules_page_is_the_policy_in_force(stranger: Visitor) -> None:
    page, policy = stranger.get("/rules"), default_policy()
    for rule in policy.rules:
        shown = rule.sentence in page.text
        assert shown is (rule.outcome in (Outcome.REFUSE, Outcome.REVIEW)), rule.id
    assert policy.id in page.text
    assert str(APPEAL_TIME.days) in stranger.get("/terms").text


def test_the_contact_point_is_the_operators(
    stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "has not named an address yet" in stranger.get("/contact").text
    monkeypatch.setattr("django.conf.settings.CONTACT_MAIL", "desk@assent.example")
    monkeypatch.setattr("django.conf.settings.OPERATOR", "Invented Works\n1 Made-up Street")
    page = stranger.get("/contact")
    assert 'href="mailto:desk@assent.example"' in page.html
    assert "Invented Works 1 Made-up Street" in page.text


def spans() -> list[tuple[str, str]]:
    texts = [(str(p.relative_to(TEMPLATES)), p.read_text()) for p in TEMPLATES.rglob("*.html")]
    texts += [(f"letter {name}", sentence) for name, (_, sentence) in LETTERS.items()]
    return [(where, m[0]) for where, text in texts for m in _SPAN.finditer(text)]


def test_no_page_or_letter_promises_another_time_than_the_rules() -> None:
    wrong = [(where, span) for where, span in spans() if span not in PROMISED]
    assert wrong == []
    assert spans(), "there are some to look at"


def test_fees_are_said_as_they_are() -> None:
    page = (TEMPLATES / "people" / "cash_out.html").read_text()
    assert f"The fee is {FEE_PER_CENT} per cent, {FEE_MIN} credits at least" in page
