"""Reports of anything but a likeness: what they must say, and how long they may take.

Notices of illegal content follow Regulation (EU) 2022/2065, Article 16; those about copyright also
17 U.S.C. 512(c)(3). A likeness never waits for these: it has a path of its own, which hides first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from assent.core.terms import Refusal

TEXT_MAX, NAME_MAX = 5000, 200


class ReportKind(StrEnum):
    """What is wrong with an item."""

    ILLEGAL = "illegal"
    COPYRIGHT = "copyright"
    SPAM = "spam"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words on the form."""
        return _LABELS[self]

    @property
    def code(self) -> str:
        """The reason code of a decision that it was right."""
        return f"report_{self.value}"


_LABELS = {
    ReportKind.ILLEGAL: "It is against the law",
    ReportKind.COPYRIGHT: "It is my work, used without permission",
    ReportKind.SPAM: "It is spam or a fraud",
    ReportKind.OTHER: "It is against the house rules in another way",
}
# A request of a person depicted is decided within 48 hours; nothing here is faster.
ANSWERED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ReportForm:
    """A report as it was sent. Name and contact are needed for copyright alone, where the law
    asks for them; `good_faith` for copyright and what is against the law."""

    item: str
    kind: ReportKind
    text: str
    good_faith: bool = False
    name: str = ""
    contact: str = ""

    @property
    def details(self) -> Mapping[str, str]:
        """What is kept of whoever reported, and erased when the report is old."""
        return {"text": self.text, "name": self.name, "contact": self.contact}


def report_refusal(form: ReportForm) -> Refusal | None:
    """Return what is missing or too long, a sentence a field, or None."""
    faults: dict[str, str] = {}
    serious = form.kind in (ReportKind.ILLEGAL, ReportKind.COPYRIGHT)
    if len(form.text) > TEXT_MAX:
        faults["text"] = "Please use at most 5,000 characters."
    elif serious and not form.text.strip():
        faults["text"] = "Say what it is, and why it may not be here."
    if serious and not form.good_faith:
        faults["good_faith"] = "Please tick this line, so that we may act on it."
    if form.kind is ReportKind.COPYRIGHT:
        for field, words in (("name", "your name"), ("contact", "how to reach you")):
            if not getattr(form, field).strip():
                faults[field] = f"For a claim of copyright the law asks for {words}."
    for field in ("name", "contact"):
        if len(getattr(form, field)) > NAME_MAX:
            faults[field] = "Please use at most 200 characters."
    if not faults:
        return None
    return Refusal("check_the_form", "A little is still missing.", fields=faults)
