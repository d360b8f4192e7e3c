"""Terms that somebody invented signed, for the tests around consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from assent.core.consent.terms import Advice, SignedTerms, Signer, Verb
from assent.core.terms import WorkType

TODAY = date(2030, 6, 3)  # a Monday
SIGNED = SignedTerms(
    names=("Vera Lindqvist-Oyelaran", "Vera Lindqvist"),
    signer=Signer.PERSON,
    authority="",
    purpose="Covers of my own audiobooks, nothing else.",
    material="A LoRA from 30 portraits that I choose.",
    answers={verb.value: verb is not Verb.RESELL for verb in Verb},
    work_types=frozenset({WorkType.LORA}),
    territory="worldwide",
    starts_on=TODAY,
    ends_on=TODAY + timedelta(days=365),
    pay="nothing",
    advice=Advice.NOBODY,
    adult=True,
    never_sexual=True,
    cannot_untrain=True,
    signature="Vera",
)


def signed(**changes: Any) -> SignedTerms:
    """The same terms with these changes."""
    return replace(SIGNED, **changes)
