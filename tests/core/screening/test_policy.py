"""A policy is checked before it is used, and a refusal names the rule at fault."""

from __future__ import annotations

import pytest

from assent.core.screening.policies import default_policy, parse_policy, shipped_policies
from assent.core.screening.policy import Policy, PolicyError

HEAD = 'id = "t"\nstarts_at = 2026-01-01\n[thresholds]\npossible = 0.3\nlikely = 0.7\n'
TAIL = '[[rules]]\nid = "rest"\nwhen = {}\noutcome = "allow"\ncode = "ok"\n'
WORDS = '[sentences]\nok = "Fine."\nno = "No."\n'


def rule(name: str, when: str, more: str = "") -> str:
    return f'[[rules]]\nid = "{name}"\nwhen = {{{when}}}\noutcome = "refuse"\ncode = "no"\n{more}\n'


def parse(*rules: str, tail: str = TAIL) -> Policy:
    return parse_policy(HEAD + "".join(rules) + tail + WORDS)


def test_the_shipped_policies_are_sound() -> None:
    assert default_policy() in shipped_policies()
    codes = {rule.code for rule in default_policy().rules}
    assert codes == {"likeness_without_consent", "minor", "explicit", "needs_review", "ok"}


def test_a_sound_policy_is_read() -> None:
    policy = parse(rule("a", "minor_risk = true"), rule("b", "", 'signals = ["handle"]'))
    assert [r.id for r in policy.rules] == ["a", "b", "rest"]
    assert [policy.level(p) for p in (0.1, 0.3, 0.7)] == ["none", "possible", "likely"]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([rule("a", "", 'signals = ["hunch"]')], '"a": unknown signal'),
        ([rule("a", "mood = true")], '"a": unknown condition'),
        ([rule("a", 'rating = ["rude"]')], '"a": rating cannot be'),
        ([rule("a", "rating = []")], '"a" contradicts itself'),
        ([rule("a", ""), rule("b", "minor_risk = true")], '"b" can never decide'),
        (
            [rule("a", "minor_risk = true"), rule("b", "minor_risk = [true]")],
            '"b" can never decide',
        ),
        ([rule("a", "minor_risk = true"), rule("a", "consent_claimed = true")], '"a" is there'),
        ([rule("a", "", 'extra = "x"')], '"a": unknown entry'),
        ([rule("a", "", 'sentence = "hum"')], '"a": no sentence'),
    ],
)
def test_an_unsound_rule_is_refused_by_name(rules: list[str], said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        parse(*rules)


def test_a_case_without_a_rule_is_refused() -> None:
    with pytest.raises(PolicyError, match="no rule decides"):
        parse(rule("a", "minor_risk = true"), tail="")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "not TOML"),
        ("", "sentences"),
        (HEAD + WORDS, "no rules"),
        (HEAD.replace("0.3", "0.9") + TAIL + WORDS, "must be below"),
        (HEAD.replace("0.3", "2") + TAIL + WORDS, "must be a number"),
        (HEAD.replace("2026-01-01", '"soon"') + TAIL + WORDS, "must be a date"),
        (HEAD + TAIL.replace("allow", "maybe") + WORDS, "outcome must be"),
    ],
)
def test_a_broken_policy_is_refused(text: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        parse_policy(text)
