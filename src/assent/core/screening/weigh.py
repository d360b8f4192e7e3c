"""Adding signals up: how likely a likeness is asked for, and whose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assent.core.screening.verdict import Likeness, Signal
from assent.core.terms import Rating, SubjectKind

LEARNED = "learned"  # adds to the probability as it is: what the model makes of all the others
# Clues that name a person outright. Nothing said elsewhere in the text makes them weaker: "no
# real people" in the title does not undo a name in the description.
HARD = frozenset(
    {"known_name", "disguised_name", "protected_name", "split_name", "relation", "own_likeness",
     "profile_link", "handle", "historical_name", "minor"}
)  # fmt: skip
# Clues about a person that a jacket or a guitar elsewhere in the text does not explain away; only
# a statement about the whole work does.
FIRM = frozenset(
    {"described_person", "undisclosed_subject", "likeness_request",
     "social_source", "sounds_like_name", "surname_beside_job", "possible_name", "censored_word",
     "claimed_name", "credited_handle", "named_in_passing"}
)  # fmt: skip
# Doubles and film versions: nobody in particular is named, so no statement can take it back.
OPEN = frozenset({"stand_in", "acted_character"})
# Names that a thing asked for without its owner ("the cape only, on a hanger") makes weaker.
_OWNERS = frozenset({"known_name", "disguised_name", "possible_name", "unlisted_name", "lone_name"})
_ABOUT_ALL = frozenset({"says_synthetic", "quotes_rules", "gives_credit"})
_NOT_A_LIKENESS = frozenset({"consent_claim", "explicit", "suggestive", "character", LEARNED})

_SPECIAL = HARD | FIRM | OPEN
_SURE = HARD - _OWNERS | OPEN
_SURE_OWNERS = HARD & _OWNERS

_ORDER = (
    SubjectKind.PUBLIC_FIGURE,
    SubjectKind.PRIVATE_INDIVIDUAL,
    SubjectKind.SELF,
    SubjectKind.HISTORICAL,
    SubjectKind.FICTIONAL,
)
_LEAD = 0.3
LIKELY = 0.75  # from here on, clues are taken to name somebody


def weigh(signals: Sequence[Signal]) -> Likeness:
    """Return the likeness that the signals add up to.

    Clues count once by name and combine as independent reasons; clues that speak against a
    likeness weaken the soft ones only.
    """
    strongest = _strongest(signals)
    doubt = 1 - _hard(signals, strongest)
    overall = focus = 1.0
    for signal in signals:
        if signal.weight < 0 and signal.name in _ABOUT_ALL:
            overall *= 1 + signal.weight
        elif signal.weight < 0 and signal.name != LEARNED:
            focus *= 1 + signal.weight
    doubt *= 1 - overall * _combined(w for name, w in strongest.items() if name in FIRM)
    doubt *= 1 - overall * focus * _combined(
        w for name, w in strongest.items() if name not in _SPECIAL
    )
    moved = sum(signal.weight for signal in signals if signal.name == LEARNED)
    probability = round(min(1.0, max(0.0, 1 - doubt + moved)), 4)
    return Likeness(probability, *_subject(signals))


def hard(signals: Sequence[Signal]) -> float:
    """Return the probability from the clues that name somebody outright, without the rest."""
    return _hard(signals, _strongest(signals))


def _hard(signals: Sequence[Signal], strongest: Mapping[str, float]) -> float:
    thing = _damping(s for s in signals if s.name == "only_object")
    doubt = 1 - _combined(w for name, w in strongest.items() if name in _SURE)
    owners = _combined(w for name, w in strongest.items() if name in _SURE_OWNERS)
    return 1 - doubt * (1 - thing * owners)


def against(signals: Sequence[Signal]) -> float:
    """Return what is left, in [0, 1], of a soft clue after all that speaks against a likeness."""
    return _damping(s for s in signals if s.name != LEARNED)


def _damping(signals: Iterable[Signal]) -> float:
    damp = 1.0
    for signal in signals:
        if signal.weight < 0:
            damp *= 1 + signal.weight
    return damp


def _strongest(signals: Iterable[Signal]) -> dict[str, float]:
    """The strongest weight of each clue for a likeness, by name, in the order of the signals."""
    found: dict[str, float] = {}
    for signal in signals:
        name, weight = signal.name, signal.weight
        if weight > found.get(name, 0.0) and name not in _NOT_A_LIKENESS:
            found[name] = weight
    return found


def _combined(weights: Iterable[float]) -> float:
    """The probability that at least one of some independent reasons holds."""
    doubt = 1.0
    for weight in weights:
        doubt *= 1 - weight
    return 1 - doubt


def _subject(signals: Sequence[Signal]) -> tuple[str | None, SubjectKind]:
    """Return the subject of the strongest clue; of equals, the one who needs more protection."""
    candidates = [s for s in signals if s.subject_kind in _ORDER and s.weight > 0]
    if not candidates:
        return None, SubjectKind.NONE
    sure = [s for s in candidates if s.name in HARD] or candidates
    kind = min((_kind(s) for s in sure if s.weight > _LEAD), key=_ORDER.index, default=None)
    kind = kind or _kind(max(sure, key=lambda s: s.weight))
    named = [s for s in candidates if s.subject and s.subject_kind is kind]
    if not named:
        named = [s for s in candidates if s.subject]
    best = max(named, key=lambda s: s.weight, default=None)
    return (best.text if best else None), kind


def _kind(signal: Signal) -> SubjectKind:
    return signal.subject_kind or SubjectKind.NONE


def rating(signals: Sequence[Signal]) -> Rating:
    """Return the rating of what is asked for."""
    names = {signal.name for signal in signals}
    if "explicit" in names:
        return Rating.EXPLICIT
    return Rating.SUGGESTIVE if "suggestive" in names else Rating.SFW
