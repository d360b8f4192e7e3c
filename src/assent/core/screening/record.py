"""Submissions and verdicts as JSON records: one line in, one line out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Signal, Verdict

MAX_CHARACTERS = 1_000_000
MAX_TAGS = 1_000


class RecordError(ValueError):
    """A record that cannot be read; the message says what is wrong with it."""


def parse_line(line: str | bytes) -> Submission:
    """Return the submission written on a line of JSON, or raise RecordError."""
    if len(line) > 4 * MAX_CHARACTERS:
        raise RecordError("the line is too long")
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
        data = json.loads(text)
    except UnicodeDecodeError as error:
        raise RecordError("the line is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise RecordError("the line is not JSON") from error
    if not isinstance(data, dict):
        raise RecordError("the line is not a JSON object")
    return parse_record(data)


def parse_record(data: Mapping[str, Any]) -> Submission:
    """Return the submission in a record, or raise RecordError."""
    submission = Submission(
        id=_text(data, "id", required=True),
        kind=_text(data, "kind") or "bounty",
        type=_text(data, "type") or None,
        title=_text(data, "title"),
        description=_text(data, "description"),
        tags=_tags(data),
        lang=_text(data, "lang") or None,
    )
    if sum(len(text) for _, text in submission.fields()) > MAX_CHARACTERS:
        raise RecordError("the record is too long")
    if "title" not in data and "description" not in data:
        raise RecordError('the record has neither "title" nor "description"')
    return submission


def _text(data: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = data.get(name)
    if value is None and not required:
        return ""
    return _clean(value, f'"{name}"')


def _tags(data: Mapping[str, Any]) -> tuple[str, ...]:
    value = data.get("tags")
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_TAGS:
        raise RecordError(f'"tags" must be a list of at most {MAX_TAGS} texts')
    return tuple(_clean(tag, "every tag") for tag in value)


def _clean(value: object, what: str) -> str:
    """Return a text that can be stored and printed anywhere."""
    if not isinstance(value, str):
        raise RecordError(f"{what} must be a text")
    if "\x00" in value:
        raise RecordError(f"{what} has a NUL character")
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise RecordError(f"{what} has half a surrogate pair") from error
    return value


def record_of(submission: Submission, verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as the record that `assent screen` prints."""
    likeness = verdict.likeness
    return {
        "id": submission.id,
        "verdict": verdict.outcome.value,
        "policy": verdict.policy,
        "likeness": {
            "probability": likeness.probability,
            "subject": likeness.subject,
            "subject_kind": likeness.subject_kind.value,
        },
        "rating": verdict.rating.value,
        "minor_risk": verdict.minor_risk,
        "consent_claimed": verdict.consent_claimed,
        "signals": [_signal_record(signal) for signal in verdict.signals],
        "sentence": verdict.sentence,
    }


def _signal_record(signal: Signal) -> dict[str, Any]:
    return {
        "name": signal.name,
        "weight": signal.weight,
        "field": signal.field,
        "start": signal.start,
        "end": signal.end,
        "text": signal.text,
    }


def error_record(line: int, error: str) -> dict[str, Any]:
    """Return the record for a line that cannot be read."""
    return {"id": None, "line": line, "error": error}
