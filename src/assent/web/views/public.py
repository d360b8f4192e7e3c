"""What anyone may check: the transparency page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assent.casework.queries import case_counts
from assent.catalogue.queries import NOTHING_HERE
from assent.core.terms import Refused
from assent.core.transparency import ACTIVE, MEDIAN, MEDIANS, TO_HIDE
from assent.gateways import books, clock
from assent.journal.queries import head, published_roots
from assent.sweeps.queries import sweeps

MONTHS = 12
TYPES = {"json": "application/json", "csv": "text/csv", "gz": "application/gzip"}


@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    """Numbers from the database, as they are now."""
    at = clock.now()
    rows, root = head()
    context = {
        "at": at,
        "cases": case_counts(at),
        "sweeps": [s for s in sweeps() if not s.dry_run],
        "journal_rows": rows,
        "journal_root": root,
    }
    return render(request, "transparency.html", context)


@require_safe
def roots(request: HttpRequest) -> HttpResponse:
    """Each day's Merkle root over the journal."""
    return render(request, "roots.html", {"roots": published_roots()})


@require_safe
def roots_json(request: HttpRequest) -> HttpResponse:
    """The same, as `assent verify-journal --root` reads it."""
    found = [
        {
            "day": day.isoformat(),
            "at": one.at.isoformat() if one.at else None,
            "rows": one.rows,
            "root": one.root,
            "extends": one.extends,
        }
        for day, one in published_roots()
    ]
    return JsonResponse({"roots": found})


@require_safe
def books_page(request: HttpRequest) -> HttpResponse:
    """Reports of months and years with their figures, and each day's dump."""
    published = books.reports()
    latest = _figures(published[0].name) if published else {}
    counts = [(name, v) for name, v in latest.items() if name not in MEDIANS]
    most = max([v for _, v in counts if isinstance(v, int)], default=0)
    bars = [(name, v, 100 * v / most if most and isinstance(v, int) else 0) for name, v in counts]
    context = {
        "reports": published,
        "dumps": books.dumps(),
        "eu": books.eu_tables(),
        "latest": published[0] if published else None,
        "bars": bars,
        "series": _series(published),
        "median": latest.get(MEDIAN),
        "to_hide": latest.get(TO_HIDE),
        "active": latest.get(ACTIVE),
        "shopper": books.shopper(),
    }
    return render(request, "books.html", context)


@dataclass(frozen=True, slots=True)
class Month:
    """One column of a plot: its value (None: withheld or unknown), and its height in per cent."""

    name: str
    value: float | None
    height: float


def _series(published: list[books.Published]) -> list[tuple[str, list[Month]]]:
    """Each figure of the last twelve months' reports, in their latest versions, oldest first. A
    figure that was nothing all the time is left out."""
    months = {one.of: one.name for one in reversed(published) if len(one.of) == len("2026-11")}
    told = {of: _figures(name) for of, name in sorted(months.items())[-MONTHS:]}
    names = list(dict.fromkeys(name for figures in told.values() for name in figures))
    found = []
    for name in names:
        values = {of: _number(figures.get(name)) for of, figures in told.items()}
        most = max((v for v in values.values() if v), default=0)
        if most:
            plotted = [Month(of, v, 100 * (v or 0) / most) for of, v in values.items()]
            found.append((name, plotted))
    return found


def _number(figure: object) -> float | None:
    """A figure to plot; None for one that is withheld, which the file says in words."""
    return figure if isinstance(figure, int | float) else None


def _figures(name: str) -> dict[str, Any]:
    content = books.read(name)
    return dict(json.loads(content)["figures"]) if content else {}


@require_safe
def published(request: HttpRequest, name: str) -> HttpResponse:
    """A published file."""
    content = books.read(name)
    if content is None:
        raise Refused(NOTHING_HERE)
    kind = TYPES[name.rpartition(".")[2]]
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
