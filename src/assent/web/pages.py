"""Small things that views share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assent.web.forms.base import HouseForm


def form_page(
    request: HttpRequest, template: str, form: HouseForm, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Show a form; with faults in it, under the status that its refusal stands for."""
    status = form.status if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **(context or {})}, status=status)
