"""Open a stored file for somebody who may: an image to look at, or work to download."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BufferedReader, BytesIO
from typing import BinaryIO, cast

from django.conf import settings

from assent.catalogue import bulk, context, queries, save
from assent.catalogue.values import FileView
from assent.consent.queries import grant_terms
from assent.core.access import Person, Verb
from assent.core.consent.cover import GrantTerms, in_force
from assent.core.consent.manifest import assertions
from assent.core.consent.statement import TYPE, statement
from assent.core.files.ai_mark import RestsOn, carries_provenance, marked
from assent.core.files.sniff import sniff
from assent.core.files.stamp import (
    CONSENT_ID,
    LENGTH_BYTES,
    STATUS_URL,
    header_length,
    stamped,
)
from assent.core.sweep import may_serve
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.gateways import clock, provenance, storage
from assent.gateways.signing import sign
from assent.ledger import save_sales
from assent.sweeps.queries import waiting_for

_NOT_COVERED = Refusal(
    "consent_not_in_force",
    "The consent record that this rests on is not in force.",
    RefusalKind.GONE,
)

_NO_MANIFESTS = Refusal(
    "no_manifests",
    "Provenance manifests are not written here. The signed statement says the same.",
    RefusalKind.NOT_FOUND,
)

_SWEPT_SOON = Refusal(
    "awaits_new_rules",
    "The rules have changed, and this waits for its turn to be looked at under the new ones. It is "
    "not served before that.",
    RefusalKind.UNAVAILABLE,
    retry=True,
)


def open_file(
    viewer: Person, file_id: str, *, thumbnail: bool = False
) -> tuple[FileView, BinaryIO]:
    """Return the file and its open bytes, or refuse; a download of a listing is counted.

    A sample picture that came out of a model says so in itself.

    What rests on a consent record is served only while the record is in force on this very day,
    whether or not anything has been hidden yet; a model then says on which record it rests. From
    the minute of an announcement on, what its sweep has not reached is served to nobody, its owner
    included, unless the facts at rest rule a likeness out.
    """
    at = clock.now()
    found = queries.file(viewer, file_id, Verb.SEE)
    if thumbnail and found.role != "image":
        raise Refused(queries.NOTHING_HERE)
    terms = _terms(found, viewer)
    _not_before_its_outcome(found, viewer)
    key = f"{file_id}.webp" if thumbnail else file_id
    try:
        stream = storage.read(key)
    except FileNotFoundError as error:
        raise Refused(queries.NOTHING_HERE) from error
    if found.role == "work":
        _not_given_back_meanwhile(found, viewer, at)
        save.count_download(found.item, viewer.id, at)
        if terms is not None and found.facts.get("format") == "safetensors":
            return _stamped(found, stream, terms)
        return found, stream
    return _marked(found, stream, terms, whole=not thumbnail)


def _not_given_back_meanwhile(found: FileView, viewer: Person, at: datetime) -> None:
    """What was bought and is opened cannot be given back any more; what was given back before this
    was written down is not opened."""
    if viewer.id is not None:
        save_sales.note_opened(found.item, viewer.id, at)
        queries.file(viewer, found.id, Verb.SEE)


def signed_statement(viewer: Person, file_id: str) -> tuple[FileView, str]:
    """Return a file of work with a signed statement about it, to whoever may download the file."""
    found, terms = _work(viewer, file_id)
    return found, _stated(found, terms)


def signed_provenance(viewer: Person, file_id: str) -> tuple[FileView, bytes]:
    """Return a file of work with a ZIP to keep beside it, to whoever may download the file: the
    signed statement, and a C2PA manifest that names the file by its hashes. Refused where the
    library that writes manifests is not installed."""
    if not provenance.is_installed():
        raise Refused(_NO_MANIFESTS)
    found, terms = _work(viewer, file_id)
    said = assertions(
        _record(terms),
        is_made_by_ai=_is_made_by_ai(found),
        sha256=found.sha256,
        tensor_hash=found.tensor_hash,
    )
    files = {f"{found.id}.assent.jws": _stated(found, terms).encode()}
    return found, provenance.signed_archive(files, f"{found.id}.provenance.zip", said)


def _work(viewer: Person, file_id: str) -> tuple[FileView, GrantTerms | None]:
    found = queries.file(viewer, file_id, Verb.SEE)
    if found.role != "work":
        raise Refused(queries.NOTHING_HERE)
    terms = _terms(found, viewer)
    _not_before_its_outcome(found, viewer)
    return found, terms


def _stated(found: FileView, terms: GrantTerms | None) -> str:
    claims = statement(
        settings.SITE_URL,
        clock.now(),
        sha256=found.sha256,
        tensor_hash=found.tensor_hash,
        is_made_by_ai=_is_made_by_ai(found),
        record=_record(terms),
    )
    return sign(claims, TYPE)


def _is_made_by_ai(found: FileView) -> bool:
    work_type = context.kind_of_work(found.item)
    return work_type is None or work_type.is_made_by_ai


def _terms(found: FileView, viewer: Person) -> GrantTerms | None:
    grant_id = context.grant_behind(found.item)
    if grant_id is None:
        return None
    terms = grant_terms(grant_id)
    moderates = viewer.id is not None and viewer.role.is_staff
    if not moderates and not in_force(terms, clock.now().date()):
        raise Refused(_NOT_COVERED)
    return terms


def _not_before_its_outcome(found: FileView, viewer: Person) -> None:
    going = waiting_for(bulk.with_bounty(found.item))
    if going is None or (viewer.id is not None and viewer.role.is_staff):
        return
    records = bulk.last_records(going.items)
    for item_id in going.items:
        screened_at, record = records.get(item_id, (None, None))
        if not may_serve(
            record,
            screened_at,
            grant=context.grant_behind(item_id),
            announced_at=going.started_at,
            policy=going.policy,
        ):
            raise Refused(_SWEPT_SOON)


def _stamped(found: FileView, stream: BinaryIO, terms: GrantTerms) -> tuple[FileView, BinaryIO]:
    length = header_length(stream.read(LENGTH_BYTES))
    lines = {CONSENT_ID: terms.reference, STATUS_URL: _status_url(terms)}
    front = stamped(stream.read(length), lines)
    skip = LENGTH_BYTES + length
    served = BufferedReader(storage.Fronted(front, stream, skip))
    return replace(found, size=found.size - skip + len(front)), cast(BinaryIO, served)


def _marked(
    found: FileView, stream: BinaryIO, terms: GrantTerms | None, *, whole: bool
) -> tuple[FileView, BinaryIO]:
    """A sample picture says in itself how it was made; the whole one with a manifest, where those
    can be written and it has none of its own."""
    if not _is_made_by_ai(found):
        return found, stream
    with stream:
        picture = stream.read()
    kind = sniff(BytesIO(picture), len(picture))
    shown = marked(picture, kind, _record(terms))
    if whole and provenance.is_installed() and not carries_provenance(picture, kind):
        said = assertions(_record(terms), is_made_by_ai=True)
        shown = provenance.signed_picture(shown, f"image/{kind.value}", said)
    return replace(found, size=len(shown)), BytesIO(shown)


def _record(terms: GrantTerms | None) -> RestsOn | None:
    return RestsOn(terms.reference, _status_url(terms)) if terms else None


def _status_url(terms: GrantTerms) -> str:
    return f"{settings.SITE_URL}/consent/{terms.reference}"
