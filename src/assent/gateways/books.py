"""What is published for anybody to check: reports of months and years, and each day's dump of the
open metadata. Files in `published/` of the data folder; a written one is never changed."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

DUMPS_KEPT = 30
_REPORT = re.compile(r"report-(\d{4}(?:-\d{2})?)-v(\d+)\.json")
_DUMP = re.compile(r"items-(\d{4}-\d{2}-\d{2})\.jsonl\.gz")
_SHOPPER = re.compile(r"shopper-(\d{4}-\d{2}-\d{2})\.json")
_EU = re.compile(r"eu-(\d{4})-(quantitative|qualitative)-v(\d+)\.csv")
NAME = re.compile(
    r"(?:report-\d{4}(?:-\d{2})?-v\d+\.(?:json|csv)|items-\d{4}-\d{2}-\d{2}\.jsonl\.gz"
    rf"|{_EU.pattern}|{_SHOPPER.pattern})"
)


@dataclass(frozen=True, slots=True)
class Published:
    """A file that anybody may load: of which day or period, and the SHA-256 of its bytes."""

    name: str
    of: str
    version: int
    sha256: str
    size: int


def folder() -> Path:
    """Return the folder of what is published."""
    found = Path(settings.PUBLISHED_DIR)
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def report_bytes(report: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return a report as JSON, and its figures as CSV (RFC 4180); the same each time."""
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    table = io.StringIO()
    lines = csv.writer(table, lineterminator="\r\n")
    lines.writerow(["period", "figure", "value"])
    for name, value in report["figures"].items():
        lines.writerow([report["period"], name, "" if value is None else value])
    return text.encode(), table.getvalue().encode()


def write_report(report: Mapping[str, Any], into: Path | None = None) -> tuple[Path, bool]:
    """Write a report, unless the latest version of it has these very figures; return its path and
    whether it is new. Figures that changed become the next version beside the old one."""
    target = into or folder()
    target.mkdir(parents=True, exist_ok=True)
    found = _versions(target, str(report["period"]))
    if found and json.loads(found[-1].read_text())["figures"] == report["figures"]:
        return found[-1], False
    version = len(found) + 1
    as_json, as_csv = report_bytes({**report, "version": version})
    path = target / f"report-{report['period']}-v{version}.json"
    _put(path.with_suffix(".csv"), as_csv)
    _put(path, as_json)
    return path, True


def write_eu(year: str, tables: Mapping[str, bytes], into: Path | None = None) -> list[Path]:
    """Write the quantitative and the qualitative table of a year, each a CSV, unless the latest
    version of both has these very bytes; return the paths of those that are new."""
    target = into or folder()
    target.mkdir(parents=True, exist_ok=True)
    known = [
        int(m[3]) for p in target.glob("eu-*.csv") if (m := _EU.match(p.name)) and m[1] == year
    ]
    last = max(known, default=0)
    before = {kind: target / f"eu-{year}-{kind}-v{last}.csv" for kind in tables}
    if all(path.is_file() and path.read_bytes() == tables[k] for k, path in before.items()):
        return []
    fresh = {kind: target / f"eu-{year}-{kind}-v{last + 1}.csv" for kind in tables}
    for kind, path in fresh.items():
        _put(path, tables[kind])
    return list(fresh.values())


def table_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV (RFC 4180, UTF-8); nothing where a value is None."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(columns)
    for row in rows:
        lines.writerow(["" if value is None else value for value in row])
    return out.getvalue().encode()


def write_acquirer(month: str, table: bytes, into: Path | None = None) -> Path:
    """Write a month's report to the acquirer; the same month, the same bytes."""
    target = into or Path(settings.ACQUIRER_DIR)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = target / f"acquirer-{month}.csv"
    _put(path, table)
    return path


def acquirer_reports() -> list[Path]:
    """Return the reports to the acquirer that are kept, the latest month first."""
    found = Path(settings.ACQUIRER_DIR).glob("acquirer-????-??.csv")
    return sorted(found, key=lambda path: path.name, reverse=True)


def last_acquirer_month() -> str:
    """Return the last month whose report to the acquirer is kept, such as 2026-11, or nothing."""
    kept = acquirer_reports()
    return kept[0].stem.removeprefix("acquirer-") if kept else ""


def eu_tables() -> list[Published]:
    """Return the published tables of the EU's yearly report, the latest year first."""
    found = [(m, p) for p in folder().glob("eu-*.csv") if (m := _EU.match(p.name))]
    listed = [_published(p, m[1], int(m[3])) for m, p in found]
    return sorted(listed, key=lambda t: (t.of, t.version, t.name), reverse=True)


def _versions(target: Path, period: str) -> list[Path]:
    found = [(int(m[2]), p) for p in target.glob("report-*.json") if (m := _REPORT.match(p.name))
             and m[1] == period]  # fmt: skip
    return [path for _, path in sorted(found)]


def write_dump(path: Path, records: Iterable[Mapping[str, Any]]) -> int:
    """Write records as gzipped JSON Lines and return how many; the same records, the same bytes."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    count = 0
    with fresh.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False, sort_keys=True).encode() + b"\n")
            count += 1
    fresh.replace(path)
    return count


def dump_path(day: date) -> Path:
    """Return where a day's dump is."""
    return folder() / f"items-{day.isoformat()}.jsonl.gz"


def drop_old_dumps() -> None:
    """Keep the latest dumps alone: an old one must not become an index of what was taken down."""
    for path in sorted(folder().glob("items-*.jsonl.gz"))[:-DUMPS_KEPT]:
        path.unlink(missing_ok=True)


def reports() -> list[Published]:
    """Return the published reports, the latest period first."""
    found = [(m, p) for p in folder().glob("report-*.json") if (m := _REPORT.match(p.name))]
    listed = [_published(p, m[1], int(m[2])) for m, p in found]
    return sorted(listed, key=lambda r: (r.of, r.version), reverse=True)


def dumps() -> list[Published]:
    """Return the published dumps, the latest first."""
    found = [(m, p) for p in folder().glob("items-*.gz") if (m := _DUMP.match(p.name))]
    return sorted((_published(p, m[1], 1) for m, p in found), key=lambda d: d.of, reverse=True)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of the mystery shopper, as it may be published; None: not seen (yet)."""

    language: str
    filed_on: str
    receipt_seconds: float
    hide_seconds: float | None
    decided_hours: float | None
    stays_down: bool | None


@dataclass(frozen=True, slots=True)
class Shopping:
    """What the mystery shopper published last, and the file that says so."""

    file: Published
    visits: tuple[Visit, ...]


def shopper() -> Shopping | None:
    """Return the latest `shopper-DAY.json` that an operator put among what is published, or None
    where there is none that can be read."""
    for path in sorted(folder().glob("shopper-*.json"), reverse=True):
        match = _SHOPPER.fullmatch(path.name)
        try:
            told = json.loads(path.read_text())["visits"] if match else []
            visits = tuple(_visit(one) for one in told)
        except (ValueError, KeyError, TypeError, OSError):
            continue
        if match and visits:
            return Shopping(_published(path, match[1], 1), visits)
    return None


def _visit(told: Mapping[str, Any]) -> Visit:
    hidden, hours, stays = told["hide_seconds"], told["decided_hours"], told["stays_down"]
    return Visit(
        str(told["language"]),
        str(told["filed_at"]),
        float(told["receipt_seconds"]),
        None if hidden is None else float(hidden),
        None if hours is None else float(hours),
        None if stays is None else bool(stays),
    )


def read(name: str) -> bytes | None:
    """Return a published file by its name; None where there is none."""
    path = folder() / name
    return path.read_bytes() if NAME.fullmatch(name) and path.is_file() else None


def _published(path: Path, of: str, version: int) -> Published:
    content = path.read_bytes()
    return Published(path.name, of, version, hashlib.sha256(content).hexdigest(), len(content))


def _put(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)
