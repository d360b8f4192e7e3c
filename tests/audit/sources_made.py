"""Small exports of an invented marketplace, and audits of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assent.audit.gather import Plan
from assent.audit.run import Audit, audit

AT = datetime(2026, 1, 31, tzinfo=UTC)
KEY = b"a key for tests"
STUDY = Path(__file__).parent / "study"
VALIDATED = STUDY / "overall_deepfake_validation_published.csv"
CODED = STUDY / "manual_theme_coding_published.csv"


def audited(source: Path, **more: Any) -> Audit:
    """Return the audit of a source."""
    return audit(Plan(source, AT, KEY, **more))


def measures(source: Path, **more: Any) -> dict[str, dict[str, Any]]:
    """Return the measures of a source by their names."""
    found: dict[str, dict[str, Any]] = audited(source, **more).as_record()["measures"]
    return found


def jsonl(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """Write records as JSON Lines and return the file."""
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


def csv(path: Path, text: str) -> Path:
    """Write a CSV file and return it."""
    path.write_text(text, encoding="utf-8", newline="")
    return path
