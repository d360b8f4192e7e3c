"""Letters to whoever asked for a takedown: fixed sentences in their language, in English beneath.

Subject and first line are the same for all of them and say nothing: somebody else may look at the
phone. No letter holds the PIN, a title, a link to an item or a word that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import dateformat
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext, override

from assent.core.languages import ENGLISH, known

SUBJECT = "Your request"
GREETING = "Hello, this is about your request %(number)s."
SEE = (
    "To see more, open %(url)s and type the number and the PIN. We never write the PIN in a letter."
)
REDRESS = (
    "If you do not agree, you can ask us to look again on that page. It is free, for at least six "
    "months. You can also turn to TakeItDown.ftc.gov (United States), Ofcom (United Kingdom) or "
    "your country’s Digital Services Coordinator (European Union). Going to the police is your "
    "choice."
)
CODE = "To show that we reach you here, type this code on that page: %(code)s"
NOT_YOU = "If you did not ask us for anything, you need do nothing."
HIDDEN = "What you named by its link or id is hidden."
LETTERS: Mapping[str, str] = {
    "case_received": "We have your request. A person decides by %(deadline)s at the latest.",
    "case_code": "You gave us this address.",
    "case_hidden": "We found more for you. It is hidden now.",
    "case_removed": "It is decided: what you asked about is removed for good.",
    "case_turned_down": "It is decided: we did not remove it. The page says why.",
    "case_complained": "We have your complaint.",
    "case_upheld": "Somebody else looked again, and you were right. It is decided anew.",
    "case_stands": "Somebody else looked again and came to the same answer.",
    "case_written": "There is a message for you on your page.",
}
# The same in the box on the status page, where no deadline and no address needs to be said.
BOX: Mapping[str, str] = {
    **LETTERS,
    "case_received": "We have your request.",
    "case_code": "You changed how we write to you.",
}
_WITH_REDRESS = ("case_removed", "case_turned_down", "case_stands")
_WITH_CODE = ("case_received", "case_code")
# What goes to an address that nobody has confirmed; the rest waits on the status page.
UNCONFIRMED = frozenset({"case_received", "case_code", *_WITH_REDRESS})
# How a page or a letter is written for every language, so that a test finds what is missing.
SENTENCES = (
    SUBJECT,
    GREETING,
    SEE,
    REDRESS,
    CODE,
    NOT_YOU,
    HIDDEN,
    *LETTERS.values(),
    *BOX.values(),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter may hold: codes and times, never words of anybody's."""

    number: str
    deadline: datetime
    code: str
    language: str


def send(address: str, template: str, data: Mapping[str, Any], facts: Facts) -> None:
    """Send one letter; raises what the mail server answers."""
    language = known(facts.language)
    with override(language):
        subject = gettext(SUBJECT)
    EmailMessage(
        subject, letter(template, data, facts), settings.DEFAULT_FROM_EMAIL, [address],
        headers={"Content-Language": language, "Auto-Submitted": "auto-generated"},
    ).send()  # fmt: skip


def letter(template: str, data: Mapping[str, Any], facts: Facts) -> str:
    """Return the text of a letter."""
    language = known(facts.language)
    parts = [_body(template, data, facts, language)]
    if language != ENGLISH:
        parts.append(_body(template, data, facts, ENGLISH))
    return "\n\n----\n\n".join(parts) + "\n"


def _body(template: str, data: Mapping[str, Any], facts: Facts, language: str) -> str:
    lines = [GREETING, LETTERS[template]]
    if data.get("hidden"):
        lines.append(HIDDEN)
    lines.append(SEE)
    lines += [REDRESS] if template in _WITH_REDRESS else []
    lines += [CODE, NOT_YOU] if template in _WITH_CODE else []
    with override(language):
        filled = {
            "number": facts.number,
            "deadline": written(facts.deadline),
            "code": facts.code,
            "url": f"{settings.SITE_URL}/case",
        }
        return "\n\n".join(gettext(line) % filled for line in lines)


def written(moment: datetime) -> str:
    """Return a moment in UTC as the active language writes a day."""
    utc = moment.astimezone(UTC)
    form = "j F Y" if get_language() == ENGLISH else get_format("DATE_FORMAT")
    return f"{dateformat.format(utc, form)}, {utc:%H:%M} UTC"
