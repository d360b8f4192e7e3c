"""The takedown path alone, for a process of its own that stays up when the rest does not."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, register_converter

from assent.web.converters import Code
from assent.web.views import my_case, takedown

register_converter(Code, "code")

urlpatterns: list[URLPattern | URLResolver] = [
    path("takedown", takedown.takedown, name="takedown"),
    path("takedown/fingerprint", takedown.fingerprint, name="takedown_hash"),
    path("case", my_case.case, name="case_find"),
    path("case/act", my_case.case_act, name="case_act"),
    path("case/<code:number>", my_case.case, name="case"),
]

handler400 = "assent.web.errors.bad_request"
handler403 = "assent.web.errors.forbidden"
handler404 = "assent.web.errors.not_found"
handler500 = "assent.web.errors.server_error"
