"""Lets a served model file say which consent it rests on: two lines in its own metadata.

The stored file stays as it was uploaded. Only the table of contents at its front is written anew;
the tensors behind it are the same bytes, so every hash that ignores metadata stays the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

LENGTH_BYTES = 8
_ALIGN = 8
CONSENT_ID = "assent.consent_id"
STATUS_URL = "assent.status_url"


def stamped(header: bytes, lines: Mapping[str, str]) -> bytes:
    """Return a safetensors table of contents with these metadata lines added, its length in front.

    `header` is the JSON alone, as it stands in a file that passed its scan. Lines of the same name
    that the uploader wrote are replaced: a file cannot claim another record.
    """
    contents = json.loads(header)
    metadata = dict(contents.pop("__metadata__", None) or {})
    merged = {"__metadata__": metadata | dict(lines), **contents}
    text = json.dumps(merged, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGN)
    return len(text).to_bytes(LENGTH_BYTES, "little") + text


def header_length(first: bytes) -> int:
    """Return how many bytes the table of contents has, from a file's first eight."""
    return int.from_bytes(first[:LENGTH_BYTES], "little")
