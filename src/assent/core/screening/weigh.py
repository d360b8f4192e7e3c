"""Adding signals up: how likely a likeness is asked for, and whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assent.core.screening.verdict import Likeness, Signal
from assent.core.terms import Rating, SubjectKind

# The move of a second reader, after everything was weighed.
ADJUDICATED = "adjudicated"
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


class Weighed:
    """Signals added up, each sum once.

    Clues count once by name and combine as independent reasons; clues that speak against a
    likeness weaken the soft ones only.
    """

    __slots__ = ("_doubt", "_moved", "_signals", "against", "hard", "names")

    def __init__(self, signals: Sequence[Signal]) -> None:
        strongest: dict[str, float] = {}
        overall = focus = against = thing = 1.0
        moved = 0.0
        for signal in signals:
            name, weight = signal[0], signal[1]
            if name == LEARNED:
                moved += weight
            elif weight < 0:
                left = 1 + weight
                against *= left
                if name in _ABOUT_ALL:
                    overall *= left
                else:
                    focus *= left
                    if name == "only_object":
                        thing *= left
            elif weight > strongest.get(name, 0.0) and name not in _NOT_A_LIKENESS:
                strongest[name] = weight
        self._signals = signals
        self._moved = moved
        self.names = frozenset([signal[0] for signal in signals])
        self.against = against  # what is left, in [0, 1], of a soft clue
        self._add_up(strongest, thing, overall, overall * focus)

    def _add_up(
        self, strongest: Mapping[str, float], thing: float, overall: float, focus: float
    ) -> None:
        sure = owners = firm = rest = 1.0
        for name, weight in strongest.items():
            if name in _SURE:
                sure *= 1 - weight
            elif name in _SURE_OWNERS:
                owners *= 1 - weight
            elif name in FIRM:
                firm *= 1 - weight
            else:
                rest *= 1 - weight
        # The probability from the clues that name somebody outright, without the rest.
        self.hard = 1 - sure * (1 - thing * (1 - owners))
        doubt = 1 - self.hard
        doubt *= 1 - overall * (1 - firm)
        doubt *= 1 - focus * (1 - rest)
        self._doubt = doubt

    @property
    def probability(self) -> float:
        """How likely it is that a likeness is asked for."""
        return round(min(1.0, max(0.0, 1 - self._doubt + self._moved)), 4)

    def with_move(self, signal: Signal) -> Weighed:
        """Return the same with the move of the learned part."""
        moved = object.__new__(Weighed)
        moved._doubt, moved.against, moved.hard = self._doubt, self.against, self.hard
        moved._signals, moved._moved = (*self._signals, signal), self._moved + signal.weight
        moved.names = self.names | {signal.name}
        return moved

    @property
    def likeness(self) -> Likeness:
        """How likely a likeness is asked for, and whose."""
        return Likeness(self.probability, *_subject(self._signals))

    @property
    def signals(self) -> tuple[Signal, ...]:
        """All that was weighed."""
        return tuple(self._signals)

    @property
    def rating(self) -> Rating:
        """The rating of what is asked for."""
        if "explicit" in self.names:
            return Rating.EXPLICIT
        return Rating.SUGGESTIVE if "suggestive" in self.names else Rating.SFW


def _subject(signals: Sequence[Signal]) -> tuple[str | None, SubjectKind]:
    """Return the subject of the strongest clue; of equals, the one who needs more protection."""
    candidates = [s for s in signals if s.weight > 0 and s.subject_kind in _ORDER]
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
