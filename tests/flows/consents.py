"""Short words for what happens around consent, so that a test reads as a story."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail

from assent.consent.invitations import InvitationView, by_link
from assent.consent.queries import GrantView, grant_of_invitation
from assent.core.casework import LIKENESS_CODE
from assent.core.consent.channels import VouchAnswer
from assent.core.consent.terms import SignedTerms
from assent.core.screening.policy import Policy
from assent.core.screening.screen import screen
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Likeness, Verdict
from assent.core.terms import Outcome, SubjectKind, WorkType
from assent.effects import held, screened
from assent.flows import show_channel as showing
from assent.flows.answer_invitation import open_invitation
from assent.flows.ask_consent import Ask, ask_consent
from assent.flows.prove_person import vouch
from assent.flows.send_invitations import send_invitations
from assent.flows.show_channel import show_channel
from assent.flows.sign_terms import sign_terms
from assent.gateways import clock
from assent.gateways.channels import Seen, UnseenError
from assent.gateways.secrets import link_digest
from assent.people.queries import Member
from tests.core.consent.made import signed

VERA = "Vera Lindqvist-Oyelaran"
MAILBOX = "vera@example.org"
PAGE = "https://social.example/vera.lindqvist"
LINK = re.compile(r"/my-consent/open/([0-9a-z]{32})")


def asked(requester: Member, address: str = MAILBOX, name: str = VERA, **more: Any) -> str:
    """The requester asks; the id of the invitation."""
    return ask_consent(requester, Ask(name, address, WorkType.LORA, 365, **more)).partition(":")[0]


def letters() -> list[str]:
    """The secrets in the letters that go out now."""
    before = len(mail.outbox)
    send_invitations()
    return [LINK.findall(str(m.body))[0] for m in mail.outbox[before:]]


def behind(secret: str) -> InvitationView:
    """What the private link opens now."""
    found = by_link(link_digest(secret))
    assert found is not None
    return found


def invited(requester: Member, **more: Any) -> str:
    """The requester asked and the letter has arrived; the secret of its link."""
    asked(requester, **more)
    (secret,) = letters()
    return secret


def today_terms(**changes: Any) -> SignedTerms:
    """Vera's terms, from today on for a year."""
    today = clock.now().date()
    days = {"starts_on": today, "ends_on": today + timedelta(days=365)}
    return signed(**(days | changes))


def agreed(secret: str, **changes: Any) -> InvitationView:
    """The person behind the link has read and signed."""
    open_invitation(behind(secret))
    sign_terms(behind(secret), today_terms(**changes), None)
    return behind(secret)


def pages(monkeypatch: pytest.MonkeyPatch, **shown: str) -> None:
    """Let the web hold these pages: `vera` is her profile, anything else is its own path."""

    def look(url: str) -> Seen:
        for path, text in shown.items():
            if url.rsplit("/", 1)[-1] == path:
                return Seen(url, text.casefold())
        raise UnseenError("the site answered 404")

    monkeypatch.setattr(showing, "look", look)


def shown_on_page(secret: str, monkeypatch: pytest.MonkeyPatch, url: str = PAGE) -> None:
    """Her page shows the word, and we saw it."""
    pages(monkeypatch, **{url.rsplit("/", 1)[-1]: f"hello {behind(secret).nonce} there"})
    show_channel(behind(secret), url)


def vouched(secret: str, *moderators: Member) -> None:
    """These moderators know the channel."""
    year_before = clock.now().date() - timedelta(days=365)
    for moderator in moderators:
        vouch(moderator, behind(secret).id, VouchAnswer.YES, year_before)


def given(
    requester: Member, moderators: tuple[Member, Member], monkeypatch: pytest.MonkeyPatch,
    **changes: Any,
) -> tuple[str, GrantView]:  # fmt: skip
    """The whole way: the secret of the link and the grant in force."""
    secret = invited(requester)
    with clock.at(clock.now() - timedelta(days=4)):
        open_invitation(behind(secret))
    agreed(secret, **changes)
    shown_on_page(secret, monkeypatch)
    vouched(secret, *moderators)
    grant = grant_of_invitation(behind(secret).id)
    assert grant is not None
    return secret, grant


def sure_of_vera(submission: Submission, policy: Policy, *, at: date, **more: object) -> Verdict:
    """Screening that knows Vera when she is named."""
    verdict = screen(submission, policy, at=at)
    if "Vera" not in submission.title or verdict.code == "explicit":
        return verdict
    vera = Likeness(0.99, "Vera Lindqvist", SubjectKind.PRIVATE_INDIVIDUAL)
    return replace(verdict, outcome=Outcome.REFUSE, code=LIKENESS_CODE, likeness=vera)


def know_vera(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let screening know Vera, so that a test is about consent."""
    for place in (screened, held):
        monkeypatch.setattr(place, "screen", sure_of_vera)
