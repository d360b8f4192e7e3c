"""Say something about oneself: screened like a bounty before anybody reads it."""

from __future__ import annotations

from assent.core.offers import about_refusal
from assent.core.screening.submission import Submission
from assent.core.terms import Outcome, Refusal, Refused
from assent.effects.screened import verdict_on
from assent.gateways import clock
from assent.people import save
from assent.people.queries import Member

_SENTENCE = (
    "We cannot publish this: it may name or describe a real person, or offer what nobody may offer "
    "here. Please say it without naming anybody, yourself included."
)


def edit_profile(member: Member, about: str) -> None:
    """Replace a member's text about themselves, or refuse and leave the old one.

    There is no queue for these: what the machine is unsure of is not published either.
    """
    # load
    at = clock.now()
    text = about.strip()
    # think
    refusal = about_refusal(text)
    if refusal:
        raise Refused(refusal)
    submission = Submission("", "profile", None, "", text)
    verdict = verdict_on(submission, at)
    if verdict.outcome is not Outcome.ALLOW:
        raise Refused(Refusal("words_refused", _SENTENCE, fields={"about": _SENTENCE}))
    # save
    save.set_about(member.id, text)
