"""What anyone may check: the transparency page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assent.casework.queries import case_counts
from assent.gateways import clock
from assent.journal.queries import head
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
