"""A sealed file about a case for the police or a lawyer: what the record knows, signed, without a
picture, a name or a word of anybody's.

Whoever put an item here stands in it under the random key that the journal knows them by; the
marketplace opens it for the police alone. The file is made when it is asked for and not kept here.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from assent.casework.queries import evidence_of
from assent.casework.status import CaseStatus
from assent.catalogue.queries import files_of
from assent.gateways import clock, signing
from assent.journal.queries import inclusion

READ_ME = """What this is

A marketplace for generative-AI work was asked to take something down, because it shows a real
person. This file says what its record knows about that. No picture and no name is in it.

facts.json    the request (received, hidden, decided) and each item: its SHA-256, when it came, how
              it was found, and the code under which we know who put it here. Send the code to us
              with a request of the police or a court to learn who that is.
journal.json  the rows of our append-only journal about the request and each item, and what proves
              that they are in the journal whose root we published that day.
seal.jws      our signature (JWS, ES256) over the SHA-256 of the other files and the time.
keys.json     the public key for it; the same is at /.well-known/assent-consent-keys.json.

All times are UTC. To check all of it: assent verify-evidence FILE --keys KEYS --roots ROOTS, with
the keys and the roots from the addresses above and /transparency/roots.json.
"""


def seal_evidence(case: CaseStatus) -> bytes:
    """Return the sealed file of a case as ZIP; whoever asks has shown that they are reached."""
    at = clock.now()
    facts = _facts(case)
    files = {
        "read-me.txt": READ_ME.encode(),
        "facts.json": _json({"made_at": at.isoformat(), **facts}),
        "journal.json": _json([inclusion(key) for key in (case.key, *_ids(facts))]),
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    claims = {"case": case.key, "made_at": at.isoformat(), "sha256": sums}
    files["seal.jws"] = signing.sign(claims, signing.EVIDENCE).encode()
    files["keys.json"] = _json(signing.published_keys())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in files.items():
            box.writestr(name, content)
    return out.getvalue()


def _facts(case: CaseStatus) -> dict[str, Any]:
    items = evidence_of(case.key)
    files = files_of(one["id"] for one in items)
    return {
        "number": case.number,
        "case": case.key,
        "received_at": case.received_at.isoformat(),
        "deadline": case.deadline.isoformat(),
        "decided_at": case.decided_at.isoformat() if case.decided_at else None,
        "state": case.state,
        "outcome": case.outcome,
        "stopped_since": case.blocked,
        "items": [
            one
            | {
                "files": [
                    {"sha256": f.sha256, "tensors": f.tensor_hash, "bytes": f.size}
                    for f in files
                    if f.item == one["id"] and f.sha256
                ]
            }
            for one in items
        ],
    }


def _ids(facts: Mapping[str, Any]) -> list[str]:
    return [one["id"] for one in facts["items"]]


def _json(content: object) -> bytes:
    return json.dumps(content, indent=1, ensure_ascii=False).encode()
