"""The house rule behind each reason code, and why what was done is against it.

These are the words of the rules page too, so that what a statement says and what the rules say
cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """A house rule: its number on the rules page, its words, and why an item is against it.
    `likeness` says that a real person may be meant."""

    number: int
    rule: str
    why: str
    likeness: bool = False
    illegal: bool = False


LIKENESS = Clause(
    1,
    "No real person’s likeness without their consent.",
    "It shows, names or asks for a real person, and no consent record that is in force covers it.",
    likeness=True,
)
MINOR = Clause(
    2,
    "No sexual content of a real person. No one under 18.",
    "Its words or files suggest somebody under 18.",
    illegal=True,
)
EXPLICIT = Clause(
    2,
    "No sexual content of a real person. No one under 18.",
    "It asks for or shows sexual content where a real person may be meant.",
)
UNSURE = Clause(
    1,
    "No real person’s likeness without their consent. Doubt means not published.",
    "It may show or ask for a real person. A person looks at it before it is public.",
    likeness=True,
)
STAYDOWN = Clause(
    4,
    "What is taken down stays down, in every copy that we hold.",
    "A file in it cannot be published here.",
)
RECORD_OVER = Clause(
    1,
    "No real person’s likeness without their consent.",
    "The consent record that it rested on is not in force any more.",
    likeness=True,
)
NEW_RULES = Clause(
    1,
    "What is public here must fit the rules in force.",
    "The rules changed, and it does not fit the ones that are in force now.",
)
MODERATED = Clause(
    7,
    "Every decision leaves a row that cannot be edited: who, what, when, under which rule.",
    "A moderator looked at it and found that it does not fit the house rules; the note on its page "
    "says what to change.",
)
AGAINST_THE_LAW = Clause(
    7,
    "Nothing that is against the law.",
    "Somebody reported it as against the law, a moderator looked, and it is not served any more.",
    illegal=True,
)
COPYRIGHT = Clause(
    7,
    "Nobody’s work without their permission.",
    "Its author says that it was used without permission, and a moderator found that plausible. "
    "An objection counts as your counter-notice.",
    illegal=True,
)
SPAM = Clause(
    7,
    "No spam and no fraud.",
    "It was reported as spam or fraud, and a moderator found the same.",
)
CLAUSES = {
    "report_illegal": AGAINST_THE_LAW,
    "report_copyright": COPYRIGHT,
    "report_spam": SPAM,
    "likeness_without_consent": LIKENESS,
    "removed_likeness": LIKENESS,
    "hidden_on_request": UNSURE,
    "needs_review": UNSURE,
    "consent_on_record": UNSURE,
    "minor": MINOR,
    "explicit": EXPLICIT,
    "file_not_taken": STAYDOWN,
    "consent_not_in_force": RECORD_OVER,
    "sweep_final": NEW_RULES,
}


def clause_of(code: str) -> Clause:
    """Return the house rule behind a reason code; what a moderator wrote is never repeated."""
    return CLAUSES.get(code, MODERATED)
