"""What anyone may check: the transparency page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assent.casework.queries import case_counts
from assent.gateways import clock
from assent.journal.queries import head, published_roots
from assent.sweeps.queries import sweeps


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
        }
        for day, one in published_roots()
    ]
    return JsonResponse({"roots": found})
