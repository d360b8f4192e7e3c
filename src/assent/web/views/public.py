"""What anyone may check: the transparency page, and whether a consent record is in force."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assent.casework.queries import case_counts
from assent.consent.queries import public_grant
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


@require_safe
def consent(request: HttpRequest, reference: str) -> HttpResponse:
    """Whether a record is valid today, and for what: never whose it is. One that is not in force
    and one that never was give the same answer."""
    found = public_grant(reference, clock.now().date())
    grant = found if found is not None and found.in_force else None
    response = render(request, "consent.html", {"grant": grant, "reference": reference.upper()})
    response["Cache-Control"] = "no-store"
    return response
