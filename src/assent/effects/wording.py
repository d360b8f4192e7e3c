"""How the words of a comment become a ruling: the same for a new text and for a changed one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assent.catalogue import context
from assent.catalogue.submissions import submission_of
from assent.catalogue.values import ItemView
from assent.core.casework import Ruling, rule_on
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Verdict
from assent.effects.screened import cover_for, verdict_on


@dataclass(frozen=True, slots=True)
class Read:
    """A text as it was screened, and what follows."""

    submission: Submission
    verdict: Verdict
    ruling: Ruling


def read_comment(item: ItemView, at: datetime) -> Read:
    """Screen a comment's words as they stand. A consent record of the bounty that it is about
    covers a name in it as it does in the bounty: held for a person to look at."""
    around = context.scan_context(item.id)
    submission = submission_of(item, around.work_type)
    verdict = verdict_on(submission, at)
    cover = cover_for(verdict, around.grant, around.requester_key, around.work_type, at)
    return Read(submission, verdict, rule_on(verdict, cover))
