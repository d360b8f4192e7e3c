"""Reads pages of an API as they were saved: one JSON document a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from assent.audit.sources.batch import ROW, Batch, Reading, SourceFile
from assent.audit.sources.compress import opened
from assent.audit.sources.jsonlines import frame
from assent.audit.sources.nested import flat
from assent.audit.terms import Fault, SourceError

MAX_PAGE = 256 << 20  # bytes: a page is held whole
_LISTS = ("items", "data", "results", "bounties", "models", "images")


def read(source: SourceFile, reading: Reading) -> Iterator[Batch]:
    """Yield the records of a page: a list, or an object with the list under `items`."""
    with opened(source, reading) as stream:
        text = stream.read(MAX_PAGE + 1)
    if len(text) > MAX_PAGE:
        raise SourceError(f"{source.name} is one JSON document of more than {MAX_PAGE >> 20} MB")
    try:
        document = json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SourceError(f"{source.name} is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{source.name} is not JSON: {error}") from error
    records, faults = [], []
    for row, item in enumerate(_items(document, source.name), 1):
        if isinstance(item, dict):
            records.append({**flat(item), ROW: row})
        else:
            faults.append(Fault(source.name, row, "the record is not a JSON object"))
    yield Batch(source.name, frame(records), tuple(faults))


def _items(document: object, name: str) -> list[Any]:
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        for key in _LISTS:
            if isinstance(document.get(key), list):
                found: list[Any] = document[key]
                return found
        if "id" in document:
            return [document]
    raise SourceError(f'{name} has no list of records: neither a JSON list nor "items"')
