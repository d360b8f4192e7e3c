"""The takedown path alone, for a process of its own that stays up when the rest does not."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, register_converter

from assent.web.converters import Code
from assent.web.views import takedown

register_converter(Code, "code")

urlpatterns: list[URLPattern | URLResolver] = [
    path("takedown", takedown.takedown, name="takedown"),
    path("case", takedown.case, name="case_find"),
    path("case/act", takedown.case_act, name="case_act"),
    path("case/<code:number>", takedown.case, name="case"),
]

handler400 = "assent.web.errors.bad_request"
handler403 = "assent.web.errors.forbidden"
handler404 = "assent.web.errors.not_found"
handler500 = "assent.web.errors.server_error"
