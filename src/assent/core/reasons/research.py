"""Decisions row by row for researchers who signed terms: what was decided, never about whom.

A row holds codes, kinds and times; no title, name, item, case or account. Moderators stand under a
pseudonym that is new in every export, so that agreement between them can be measured and nobody
can be followed from one export into the next. What a takedown request brought about has the day
alone, so that the minute says nothing about who asked; cases about apparent minors are left out.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assent.core.reasons.statement import Source, Statement

TERMS = (
    "For the research project that it was given out for, by the people named there.",
    "Nobody tries to find out who asked for a takedown, who is shown, or who moderates.",
    "Not passed on; deleted when the project ends, at the latest after two years.",
    "What is published has no row and no count under five in it.",
)


@dataclass(frozen=True, slots=True)
class Decided:
    """A statement with what only an export needs: who decided, and how an objection ended."""

    statement: Statement
    moderator: int | None
    objected: bool
    reversed: bool | None


def rows(decisions: Iterable[Decided], salt: bytes) -> Iterator[dict[str, Any]]:
    """Yield a row for each decision, in their order. The salt belongs to this export alone."""
    for number, one in enumerate(decisions, start=1):
        facts, said = one.statement.facts, one.statement
        precision = "days" if said.source is Source.NOTICE else "minutes"
        at = facts.at.date().isoformat()
        if precision == "minutes":
            at = facts.at.isoformat(timespec="minutes")
        yield {
            "row": number,
            "at": at,
            "rule": facts.rule,
            "code": facts.code,
            "policy": facts.policy,
            "kind": facts.kind.value,
            "work_type": facts.work_type.value if facts.work_type else None,
            "age_days": (facts.at.date() - facts.created_on).days,
            "before": facts.before.value,
            "after": facts.after.value,
            "restriction": said.restriction.value,
            "source": said.source.value,
            "automated_detection": said.automated_detection,
            "decided": said.decided.value,
            "moderator": _pseudonym(one.moderator, salt),
            "objected": one.objected,
            "reversed": one.reversed,
        }


def _pseudonym(moderator: int | None, salt: bytes) -> str | None:
    if moderator is None:
        return None
    return hmac.new(salt, str(moderator).encode(), hashlib.sha256).hexdigest()[:12]
