"""What a C2PA manifest of ours says: that AI made it, and the consent record on which it rests.

The actions are C2PA's (2.1, 18.14); the record stands under a label of our own, since no standard
has a word for the consent of the person depicted. It names the record and where to ask whether
it is in force, and nobody.
"""

from __future__ import annotations

from typing import Any

from assent.core.files.ai_mark import AI_MADE, RestsOn

DEPICTED = "org.assent.depicted"
FILE = "org.assent.file"


def assertions(
    record: RestsOn | None,
    *,
    is_made_by_ai: bool,
    sha256: str = "",
    tensor_hash: str = "",
) -> list[dict[str, Any]]:
    """Return the assertions of a manifest. Hashes are those of the file of work that a manifest
    stands beside; a picture carries its own."""
    said: list[dict[str, Any]] = []
    if is_made_by_ai:
        made = {"action": "c2pa.created", "digitalSourceType": AI_MADE}
        said.append({"label": "c2pa.actions.v2", "data": {"actions": [made]}})
    if record is not None:
        data = {"record": record.reference, "status_url": record.status_url}
        said.append({"label": DEPICTED, "data": data})
    if sha256:
        hashes = {"sha256": sha256} | ({"tensors": tensor_hash} if tensor_hash else {})
        said.append({"label": FILE, "data": hashes})
    return said
