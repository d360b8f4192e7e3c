"""A readable page of the API, made from the same OpenAPI document that machines read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assent.api.app import api


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the page shows it."""

    method: str
    path: str
    summary: str
    text: str
    token: bool
    answers: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str, bool], ...]
    query: tuple[str, ...]


def api_docs(request: HttpRequest) -> HttpResponse:
    """Show every call with its fields and answers."""
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    calls = [
        _call(schema, path, method, found)
        for path, methods in schema["paths"].items()
        for method, found in methods.items()
    ]
    return render(request, "api/docs.html", {"calls": calls, "schema": schema})


def _call(schema: dict[str, Any], path: str, method: str, found: dict[str, Any]) -> Call:
    answers = tuple((str(code), a.get("description", "")) for code, a in found["responses"].items())
    query = tuple(p["name"] for p in found.get("parameters", []) if p["in"] == "query")
    return Call(
        method.upper(),
        path,
        found.get("summary", ""),
        found.get("description", ""),
        bool(found.get("security")),
        answers,
        tuple(_fields(schema, found)),
        query,
    )


def _fields(schema: dict[str, Any], found: dict[str, Any]) -> list[tuple[str, str, bool]]:
    content: dict[str, Any] = found.get("requestBody", {}).get("content", {})
    first: dict[str, Any] = next(iter(content.values()), {})
    body: dict[str, Any] = first.get("schema", {})
    if "$ref" in body:
        body = schema["components"]["schemas"][body["$ref"].rsplit("/", 1)[-1]]
    needed = body.get("required", [])
    return [
        (name, str(about.get("type", about.get("title", ""))), name in needed)
        for name, about in body.get("properties", {}).items()
    ]
