"""Reads what was sent, without the one character that PostgreSQL cannot keep."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser


class StorableParser(Parser):
    """Drops NUL from every text: nobody means it, and a takedown must not fail because of it."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Read a JSON body."""
        body: dict[str, Any] = _storable(super().parse_body(request))
        return body

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Read a query or a form."""
        read: dict[str, Any] = _storable(super().parse_querydict(data, list_fields, request))
        return read


def _storable(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    return value
