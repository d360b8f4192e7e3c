"""What may be answered about a text that names somebody protected: the same as for a stranger.

Whoever asked for protection may be somebody that the uploader knows. If their name alone changed an
answer, posting a harmless sentence would tell who asked. So a protected name changes who looks,
never what is answered: a request for a likeness is held as it would be for any unknown person, and
is never published without a record; a mere mention is answered like any mention, and people look
at it afterwards.
"""

from __future__ import annotations

from dataclasses import replace

from assent.core.screening.verdict import Verdict

# Of somebody whose case is decided, and of somebody whose case is not decided yet.
PROTECTED = frozenset({"protected_name", "claimed_name"})


def names_protected(verdict: Verdict) -> bool:
    """Return whether a protected name is among the clues."""
    return any(signal.name in PROTECTED for signal in verdict.signals)


def discreet(verdict: Verdict, as_if_nobody: Verdict) -> Verdict:
    """Return the verdict that may be acted on and told. `as_if_nobody` is about the same text with
    no name protected; the clues and the likeness that staff see stay those of `verdict`."""
    if not names_protected(verdict):
        return verdict
    return replace(
        verdict,
        outcome=as_if_nobody.outcome,
        rule=as_if_nobody.rule,
        code=as_if_nobody.code,
        sentence=as_if_nobody.sentence,
    )
