"""The API's addresses."""

from __future__ import annotations

from django.urls import path

from assent.api.app import api
from assent.api.docs import api_docs

urlpatterns = [
    path("docs", api_docs, name="api_docs"),
    path("", api.urls),
]
