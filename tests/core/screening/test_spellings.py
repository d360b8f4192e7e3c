"""Each of the 34 spellings is caught as that person, and nobody else pays for it."""

from __future__ import annotations

from datetime import date

import pytest

from assent.core.screening.policies import default_policy
from assent.core.screening.screen import screen
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Verdict
from assent.core.terms import Outcome, SubjectKind
from tests.core.screening.spelling_cases import SPELLINGS

PEOPLE = ("Emma Watson", "Serena Williams", "Angela Merkel", "Joaquin Phoenix", "Dua Lipa",
          "Deepika Padukone", "Rodrigo Santoro", "Gordon Ramsay", "Lewis Hamilton",
          "Volodymyr Zelenskyy")  # fmt: skip
NOBODY = ("Orsolya Brandvold", "Kwabena Pellicano", "Velvet Doorway", "Copper Fountain",
          "Peter Parker", "Mikasa Ackerman")  # fmt: skip
# A handle is somebody's, whoever it is; "the famous Parker, exactly as in the photos" may be one.
_ANYBODY = {"@handle", "profile URL", "surname with context"}


def ask(spelling: str, name: str) -> Verdict:
    title, description, tags = SPELLINGS[spelling](name)
    given = Submission("x", "bounty", "LoraCreation", title, description, tuple(tags), "en")
    return screen(given, default_policy(), at=date(2026, 6, 1))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_spelling_is_caught_as_that_person(spelling: str) -> None:
    found = [ask(spelling, name) for name in PEOPLE]
    assert all(one.outcome is not Outcome.ALLOW for one in found)
    caught = sum(one.likeness.subject_kind is SubjectKind.PUBLIC_FIGURE for one in found)
    assert caught >= len(PEOPLE) - 1


@pytest.mark.parametrize("spelling", sorted(set(SPELLINGS) - _ANYBODY))
def test_a_spelling_costs_nobody_else_a_refusal(spelling: str) -> None:
    assert [name for name in NOBODY if ask(spelling, name).outcome is Outcome.REFUSE] == []
