"""A readable page of the API, made from the same OpenAPI document that machines read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from assent.api.app import api


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a call takes: where it goes, what it is, whether it is needed."""

    name: str
    place: str
    kind: str
    needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that a call may answer: what it means, and what it holds."""

    status: str
    words: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the page shows it."""

    anchor: str
    method: str
    path: str
    summary: str
    text: str
    token: bool
    takes: tuple[Field, ...]
    answers: tuple[Answer, ...]
    example: str


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show every call with an example, what it takes and what it answers."""
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    calls = [
        _call(schema, path, method, found)
        for path, methods in schema["paths"].items()
        for method, found in methods.items()
    ]
    context = {"calls": calls, "schema": schema, "rates": settings.RATE_LIMITS}
    return render(request, "api/docs.html", context)


def _call(schema: dict[str, Any], path: str, method: str, found: dict[str, Any]) -> Call:
    samples = found.get("x-codeSamples", [])
    return Call(
        slugify(f"{method}-{path.removeprefix('/api/v1').replace('/', ' ')}"),
        method.upper(),
        path,
        found.get("summary", ""),
        found.get("description", ""),
        bool(found.get("security")),
        (*_parameters(found), *_body(schema, found)),
        tuple(_answers(schema, found)),
        samples[0]["source"] if samples else "",
    )


def _parameters(found: dict[str, Any]) -> list[Field]:
    places = {"path": "address", "query": "address, after ?", "header": "header"}
    return [
        Field(
            p["name"],
            places[p["in"]],
            _kind(p.get("schema", {})),
            bool(p.get("required")),
            p.get("description", ""),
        )
        for p in found.get("parameters", [])
    ]


def _body(schema: dict[str, Any], found: dict[str, Any]) -> list[Field]:
    content: dict[str, Any] = found.get("requestBody", {}).get("content", {})
    takes = []
    for kind, about in content.items():
        body = _resolved(schema, about.get("schema", {}))
        place = "form" if "form" in kind else "JSON body"
        needed = body.get("required", [])
        takes += [
            Field(name, place, _kind(about), name in needed, about.get("description", ""))
            for name, about in body.get("properties", {}).items()
        ]
    return takes


def _answers(schema: dict[str, Any], found: dict[str, Any]) -> list[Answer]:
    answers = []
    for status, about in found["responses"].items():
        contents: list[dict[str, Any]] = list(about.get("content", {}).values())
        shape = contents[0].get("schema", {}) if contents else {}
        fields = tuple(_resolved(schema, shape).get("properties", {}))
        answers.append(
            Answer(str(status), about.get("description", ""), () if int(status) >= 400 else fields)
        )
    return answers


def _resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in shape:
        return shape
    found: dict[str, Any] = schema["components"]["schemas"][shape["$ref"].rsplit("/", 1)[-1]]
    return found


def _kind(about: dict[str, Any]) -> str:
    """Return what a value is, in a word or two."""
    either = [_kind(a) for a in about.get("anyOf", ()) if a.get("type") != "null"]
    if either:
        return " or ".join(either)
    if "enum" in about:
        return ", ".join(str(one) for one in about["enum"])
    if "$ref" in about:
        return str(about["$ref"]).rsplit("/", 1)[-1]
    if about.get("type") == "array":
        return f"list of {_kind(about.get('items', {}))}"
    words = {"integer": "whole number", "string": "text", "boolean": "true or false"}
    kind = str(about.get("format") or about.get("type", ""))
    return {"binary": "file"}.get(kind, words.get(kind, kind))
