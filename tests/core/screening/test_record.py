"""Records in and out: exact keys, and a clear word on what cannot be read."""

from __future__ import annotations

import json
from datetime import date

import pytest

from assent.core.screening.policies import default_policy
from assent.core.screening.record import RecordError, parse_line, record_of
from assent.core.screening.screen import screen


def test_a_record_has_exactly_the_promised_keys() -> None:
    submission = parse_line('{"id": "1", "title": "Tom Hanks", "tags": null}')
    record = record_of(submission, screen(submission, default_policy(), at=date(2026, 6, 1)))
    assert list(record) == [
        "id", "verdict", "policy", "likeness", "rating", "minor_risk", "consent_claimed",
        "signals", "sentence",
    ]  # fmt: skip
    assert list(record["likeness"]) == ["probability", "subject", "subject_kind"]
    assert list(record["signals"][0]) == ["name", "weight", "field", "start", "end", "text"]
    assert record["verdict"] == "refuse"
    assert record["likeness"]["subject"] == "Tom Hanks"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ('{"title": "a"}', '"id" must be a text'),
        ('{"id": 7, "title": "a"}', '"id" must be a text'),
        ('{"id": "1", "title": ["a"]}', '"title" must be a text'),
        ('{"id": "1"}', "neither"),
        ('{"id": "1", "title": "a", "tags": "b"}', '"tags" must be a list'),
        ('{"id": "1", "title": "a", "tags": [1]}', "every tag must be a text"),
        ('{"id": "1", "title": "a\\u0000"}', "NUL"),
        ('{"id": "1", "title": "\\ud800"}', "surrogate"),
        (json.dumps({"id": "1", "title": "a" * 1_000_001}), "too long"),
    ],
)
def test_what_cannot_be_read_is_said_clearly(line: str | bytes, said: str) -> None:
    with pytest.raises(RecordError, match=said):
        parse_line(line)
