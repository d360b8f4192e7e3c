"""A statement of reasons in words: what its reader is told, part by part."""

from __future__ import annotations

from assent.core.reasons.statement import Decided, Restriction, Source, Statement

_RESTRICTIONS = {
    Restriction.NOT_PUBLISHED: "It was not published. Nobody else sees it.",
    Restriction.HELD: "It is held. Nobody else sees it until a moderator has looked.",
    Restriction.HIDDEN: "It is hidden. Nobody sees or loads it until it is decided.",
    Restriction.REMOVED: "It was removed for good, with its files.",
}
_DURATION = {
    Restriction.NOT_PUBLISHED: "For good, unless it is changed or you object and are right.",
    Restriction.HELD: "Until a moderator has decided.",
    Restriction.HIDDEN: "Until it is decided.",
    Restriction.REMOVED: "For good.",
}
_DECIDED = {
    Decided.MACHINE: "A machine decided, by a rule that people wrote.",
    Decided.PARTLY: "A person decided, after a machine had found it.",
    Decided.PERSON: "A person decided.",
}
_MONEY = (
    "Credits that hang on it wait, or go back to exactly those who put them in; your wallet shows "
    "each one with its cause. What was paid to you for it before stays there, and can neither be "
    "cashed out nor pledged while it is hidden or removed."
)
_REDRESS = (
    "You can object free of charge until {until}: somebody who had no part in this decides, and "
    "nothing is un-hidden meanwhile. You can also turn to an out-of-court dispute body certified "
    "under Article 21 of Regulation (EU) 2022/2065, or to a court."
)


def parts(statement: Statement) -> tuple[tuple[str, str], ...]:
    """Return (heading, words) of everything that the statement must say, in order."""
    facts = statement.facts
    until = f"{statement.appeal_until:%d %B %Y}"
    found = [
        ("What was done", _RESTRICTIONS[statement.restriction]),
        ("Where and how long", f"Everywhere. {_DURATION[statement.restriction]}"),
        ("The rule", f"House rule {statement.clause.number}: {statement.clause.rule}"),
        ("Why it is against it", statement.clause.why),
        ("The facts", _facts(statement)),
        ("How it was found", _found(statement)),
        ("Who decided", _DECIDED[statement.decided]),
    ]
    if statement.about_money:
        found.append(("Credits", _MONEY))
    if facts.policy:
        found.append(("Rules in force", f"Version {facts.policy}, rule {facts.rule}"))
    return (*found, ("If you do not agree", _REDRESS.format(until=until)))


def _facts(statement: Statement) -> str:
    facts = statement.facts
    kind = facts.work_type.label if facts.work_type else facts.kind.value
    what = f"{_article(facts.kind.value)} for {kind}" if facts.work_type else _article(kind)
    return (
        f"{what[0].upper()}{what[1:]}, put here on {facts.created_on:%d %B %Y}, "
        f"went from “{facts.before.value}” to “{facts.after.value}” on {facts.at:%d %B %Y}."
    )


def _article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _found(statement: Statement) -> str:
    if statement.source is Source.NOTICE and not statement.automated_detection:
        return "Somebody told us about it. Anybody can, also without an account."
    if statement.source is Source.NOTICE:
        return "Somebody told us about something, and a machine found that this holds the same."
    return "We looked at it ourselves, as we do with everything: a machine read it."
