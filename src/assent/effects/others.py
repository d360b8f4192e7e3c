"""What goes to other marketplaces once something is removed, and what comes of their notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings

from assent.casework import save_others
from assent.casework.others import unopened
from assent.catalogue.queries import files_of
from assent.core.notices import NoticeForm
from assent.core.removals import in_parts
from assent.effects.hiding import telling
from assent.effects.opening import Identity, Opened, open_case
from assent.gateways.keys import new_case_number, new_key


def tell_others(
    case_key: str, item_ids: Iterable[str], details: Mapping[str, object], at: datetime
) -> int:
    """Queue a notice with the hashes of removed files for each listed recipient, where the person
    said that other sites may be told; return how many notices. Never about an apparent minor:
    what must be told of those goes another way."""
    if not details.get("tell_others") or details.get("under_18"):
        return 0
    files = telling(files_of(item_ids))
    hashes = [h for f in files for h in (f.sha256, f.tensor_hash) if h]
    removals = [
        (new_key(), recipient, list(part))
        for recipient in settings.REMOVAL_RECIPIENTS
        for part in in_parts(hashes)
    ]
    save_others.queue(removals, case_key, at)
    return len(removals)


def open_for_others(case_keys: Iterable[str], at: datetime) -> None:
    """Open the cases of other sites' notices that something here matches now for the first time."""
    for key, sender in unopened(case_keys):
        open_of(key, sender, (), at)


def open_of(case_key: str, sender: str, hashes: tuple[str, ...], at: datetime) -> Opened:
    """Open the case of another site's notice: what matches is hidden, and a person decides. Nobody
    has a PIN to it."""
    signed = f"{sender}, by a removal notice of another site"
    form = NoticeForm(hashes, "agent", good_faith=True, signature=signed[:200])
    who = Identity(case_key, new_case_number(), "", "", at)
    return open_case(form, who, at, source="host")
