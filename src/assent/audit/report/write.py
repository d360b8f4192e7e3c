"""Writes a report: one HTML file that needs nothing else, Markdown, JSON, tables and figures."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from assent import __version__
from assent.audit.measures.every import CHAPTERS, VERSUS
from assent.audit.report import draw
from assent.audit.report.cells import Row, by_rating, public
from assent.audit.report.figures import Figure, figures
from assent.audit.report.method import limits, method
from assent.audit.report.words import sentence, shown, with_interval
from assent.audit.run import Audit
from assent.audit.terms import Findings, Measure

HEADS = ("measure", "count", "of", "value", "low", "high")
# What stands large at the top, where it is there: at most this many of them.
_HEADLINES = (
    "gender.female", "marked.nsfw", "persistence", "top20.all", "nsfw_weekly.slope_per_year",
    "models.likeness", "marked.sfw", "deepfakes.all", "awarded.deepfake", "theme.human_deepfake",
)  # fmt: skip
_MOST = 4


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure with its number and its still pictures."""

    figure: Figure
    number: int
    light: str
    dark: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter that has findings, ready to be written."""

    name: str
    title: str
    rows: Sequence[Row]
    figures: Sequence[Drawn]


def write(done: Audit, out: Path, command: str) -> None:
    """Write everything into a folder, which is made where it is not there."""
    for folder in (out, out / "tables", out / "figures"):
        folder.mkdir(parents=True, exist_ok=True)
    parts = _parts(done)
    for part in parts:
        _put(out / "tables" / f"{part.name}.csv", _csv(part.rows))
        for one in part.figures:
            _put(out / "figures" / f"{one.figure.name}.svg", one.light)
            _put(out / "figures" / f"{one.figure.name}-dark.svg", one.dark)
            (out / "figures" / f"{one.figure.name}.png").write_bytes(one.png)
    facts = _facts(done, parts, command)
    _put(out / "report.md", _page("report.md", escape=False).render(facts))
    _put(out / "report.html", _page("report.html", escape=True).render(facts | _scripts(parts)))
    record = json.dumps(done.as_record(), indent=1, ensure_ascii=False)
    _put(out / "measures.json", record + "\n")


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def _parts(done: Audit) -> list[Part]:
    parts, number = [], 0
    for chapter in (*CHAPTERS, VERSUS):
        measures = done.chapters.get(chapter.name, Findings()).measures
        if not measures:
            continue
        rows = public(measures)
        drawn = []
        for figure in figures(chapter.name, done.facts, rows):
            number += 1
            pictures = (draw.svg(figure, ground=True), draw.svg(figure, dark=True, ground=True))
            drawn.append(Drawn(figure, number, *pictures, draw.png(figure)))
        parts.append(Part(chapter.name, chapter.title, rows, drawn))
    return parts


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["name", "measure", "count", "base", "share", "value", "low", "high", "note"])
    for row in rows:
        m = row.measure
        cells = [m.count, m.base, m.share, m.value, m.low, m.high]
        table.writerow([m.name, m.label, *([None] * 6 if row.hidden else cells), row.hidden])
    return text.getvalue()


def _page(name: str, *, escape: bool) -> jinja2.Template:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("assent.audit.report", "page"),
        autoescape=escape,  # noqa: S701 - Markdown is the one page that is not HTML
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    return made.get_template(name)


def _facts(done: Audit, parts: Sequence[Part], command: str) -> dict[str, Any]:
    gathered = done.gathered
    return {
        "title": done.plan.source.name or "This source",
        "rows": f"{gathered.log.rows:,}", "day": f"{done.plan.at:%-d %B %Y}",
        "version": __version__,
        "chapters": [_chapter(part) for part in parts], "heads": HEADS,
        "headlines": _headlines(parts), "missing": _missing(done),
        "method": method(done), "limits": limits(done), "command": command,
        "files": [
            {"name": name, "used": used, "digest": digest}
            for used, digests in done.files().items() for name, digest in digests.items()
        ],
        "columns": sorted(gathered.log.columns.items()), "unknown": ", ".join(gathered.log.unknown),
        "faults": [
            {"file": file, "why": why, "count": f"{count:,}"}
            for (file, why), count in gathered.log.counts.items()
        ],
    }  # fmt: skip


def _chapter(part: Part) -> dict[str, Any]:
    return {
        "name": part.name, "title": part.title,
        "sentences": [sentence(r.measure) for r in _told(part)],
        "figures": [_figure(one) for one in part.figures],
        "table": [_line(row) for row in part.rows],
        "csv": _data("text/csv", _csv(part.rows).encode()),
    }  # fmt: skip


def _told(part: Part) -> list[Row]:
    """The findings that get a sentence: all of a short chapter, the main ones of a long one."""
    rows = [row for row in part.rows if not row.hidden and row.measure.count != 0]
    if len(rows) <= 6:
        return rows
    return [row for row in rows if not _is_detail(row.measure) or _leads(row, rows)]


_DIVISIONS = ("profession", "type", "nsfw_by_type", "theme", "agreement.theme.f1")


def _is_detail(measure: Measure) -> bool:
    """Whether a finding is only one of many of its kind, for which there is the table."""
    name = measure.name
    fine = name.endswith((".sd", ".change_points")) or name.startswith(
        ("marked.gender", "marked.prof")
    )
    return fine or by_rating(name) or name.rpartition(".")[0] in _DIVISIONS


def _leads(row: Row, rows: Sequence[Row]) -> bool:
    """Whether this is the largest of its division."""
    family = row.measure.name.rpartition(".")[0]
    shares = [
        r.measure.share or 0 for r in rows
        if r.measure.name.rpartition(".")[0] == family
    ]  # fmt: skip
    leads = row.measure.share is not None and row.measure.share == max(shares)
    return leads and family in _DIVISIONS[:4]


def _figure(one: Drawn) -> dict[str, Any]:
    return {
        "name": one.figure.name, "title": one.figure.title, "alt": one.figure.alt,
        "number": one.number, "light": _data("image/svg+xml", one.light.encode()),
        "dark": _data("image/svg+xml", one.dark.encode()),
        "svg": _data("image/svg+xml", one.light.encode()), "png": _data("image/png", one.png),
    }  # fmt: skip


def _line(row: Row) -> dict[str, Any]:
    m = row.measure
    middle = m.share if m.share is not None else m.value
    base = m.base if m.count is not None else None
    cells: list[tuple[float | None, str]] = [(m.count, _whole(m.count)), (base, _whole(base))]
    cells += [(v, shown(m, v)) for v in (middle, m.low, m.high)]
    return {
        "label": m.label[:1].upper() + m.label[1:], "hidden": row.hidden,
        "cells": [{"value": "" if v is None else v, "text": text} for v, text in cells],
    }  # fmt: skip


def _whole(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"


def _headlines(parts: Sequence[Part]) -> list[dict[str, str]]:
    rows = [r.measure for part in parts for r in part.rows if not r.hidden]
    found: list[dict[str, str]] = []
    for wanted in _HEADLINES:
        fits = [m for m in rows if m.name == wanted or m.name.startswith(f"{wanted}.2")]
        measure = next((m for m in reversed(fits) if m.low is not None), None)
        if measure is None or len(found) == _MOST:
            continue
        both = with_interval(measure)
        big, _, ends = both.partition(" (")
        if measure.name.endswith("slope_per_year"):
            big += " points"
        label = measure.label[:1].upper() + measure.label[1:].removesuffix(": all")
        found.append({"big": big, "says": label, "ends": ends.rstrip(")")})
    return found


def _missing(done: Audit) -> list[tuple[str, str]]:
    by_reason: dict[str, list[str]] = {}
    for name, reason in done.findings.missing:
        by_reason.setdefault(reason, []).append(name)
    return [(r[:1].upper() + r[1:], ", ".join(names)) for r, names in by_reason.items()]


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _scripts(parts: Sequence[Part]) -> dict[str, Any]:
    """The scripts of the page and their hashes, which are all that its policy lets run."""
    drawn = [one.figure for part in parts for one in part.figures]
    specs = {
        figure.name: {
            "light": draw.whole(figure, "container", dark=False),
            "dark": draw.whole(figure, "container", dark=True),
        }
        for figure in drawn
    }
    glue, style = (
        (resources.files("assent.audit.report") / "page" / name).read_text("utf-8")
        for name in ("report.js", "style.css")
    )
    library = draw.script().replace("</script", "<\\/script") if drawn else ""
    hashes = " ".join(f"'sha256-{_sha(text)}'" for text in (library, glue))
    safe = {"library": library, "specs": draw.in_script(specs), "glue": glue, "style": style}
    return {name: Markup(text) for name, text in safe.items()} | {  # noqa: S704
        "hashes": Markup(hashes)  # noqa: S704 - ours, nothing of the source
    }


def _sha(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
