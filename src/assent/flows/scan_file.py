"""Scan a stored file in the worker; when it is an item's last, screen the item and place it.

Safe to run again: a file is settled once, in one transaction with what follows from it, and a
killed run has settled nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from assent.casework import answers
from assent.casework import queries as cases
from assent.casework import save as casework
from assent.catalogue import context, save
from assent.catalogue.context import ScanContext
from assent.catalogue.submissions import submission_of
from assent.catalogue.values import FileView
from assent.consent.queries import staydown_cases
from assent.core.access import WORKER
from assent.core.casework import HELD_SENTENCE, Placement, Ruling, rule_on, rule_on_files
from assent.core.files.images import thumbnail
from assent.core.files.problems import Problem
from assent.core.fingerprints.look import Look, look_at
from assent.core.screening.verdict import Verdict
from assent.core.settlement import Effects, Tell, placing
from assent.core.terms import FileState, ItemState
from assent.effects.apply import apply, ruled
from assent.effects.others import open_for_others
from assent.effects.screened import cover_for, keep_verdict, to_be_looked_at, uses_of, verdict_on
from assent.gateways import clock, storage
from assent.gateways.fingerprint_key import fingerprint_key
from assent.gateways.keyring import file_lookups
from assent.registry import save as registry
from assent.registry.queries import items_like, near_files

THUMBNAIL_EDGE_PX = 640


def scan_file(file_id: str) -> None:
    """Find out what a file is and settle it; nothing happens if it was settled before."""
    # load
    at = clock.now()
    file = context.waiting_file(file_id)
    if file is None:
        return
    # think
    look = _examined(file)
    facts = look.facts
    near = near_files(look, file.item)
    problem = facts.problems[0].sentence if facts.problems else ""
    state = FileState.CLEAN if facts.safe else FileState.REFUSED
    # save
    with transaction.atomic():
        save.lock_any(file.item)
        if not save.settle_file(file_id, state, facts.as_record(), problem):
            return
        registry.remember(file_id, file.item, look, at)
        registry.note_matches(file_id, file.item, near, at)
        found = context.scan_context(file.item)
        if not found.still_waiting and found.item.state is ItemState.HELD:
            _place(found, at)
    # tell: what was refused is not kept
    if state is FileState.REFUSED:
        storage.drop(file_id)


def _examined(file: FileView) -> Look:
    with storage.read(file.id) as stream:
        look = look_at(stream, file.name, file.size, fingerprint_key())
        if not look.facts.safe or look.facts.image is None:
            return look
        small = thumbnail(stream, THUMBNAIL_EDGE_PX)
    if isinstance(small, Problem):
        return Look(replace(look.facts, problems=(small,)))
    storage.put(f"{file.id}.webp", small)
    return look


def _place(found: ScanContext, at: datetime) -> None:
    submission = submission_of(found.item, found.work_type, found.files)
    verdict = verdict_on(submission, at)
    ruling = _ruling(found, verdict, at)
    effects = placing(found.item.id, ItemState.HELD, ruling.placement, ItemState.PUBLISHED)
    told = Effects(messages=(_message(found, ruling),))
    keep_verdict(submission, verdict, ruling, effects.moves, at)
    event = ruled(found.item.id, ruling)
    seen = to_be_looked_at(verdict, found.item.id, ruling.placement)
    apply(effects + told + seen, by=WORKER, rule=ruling.rule, at=at, events=(event,))


def _ruling(found: ScanContext, verdict: Verdict, at: datetime) -> Ruling:
    refused = next((f for f in found.files if f.state is FileState.REFUSED), None)
    hits = _stay_down(found, at)
    of_files = rule_on_files(refused.sentence if refused else None, hits, verdict.policy)
    if of_files is not None:
        return of_files
    cover = cover_for(
        verdict,
        found.grant,
        found.requester_key,
        found.work_type,
        at,
        uses_of(found.item.kind),
    )
    ruling = rule_on(verdict, cover, depicts=found.grant is not None)
    return _held_if_near(found, ruling)


def _held_if_near(found: ScanContext, ruling: Ruling) -> Ruling:
    """A changed copy of something hidden or removed is not published by a machine."""
    others = items_like(found.item.id)
    if ruling.placement is not Placement.PUBLISH or not context.any_gone(others):
        return ruling
    return Ruling(Placement.HOLD, "staydown.near", "needs_review", ruling.policy, HELD_SENTENCE)


def _stay_down(found: ScanContext, at: datetime) -> list[bool]:
    """Return whether the case of each match is decided. A copy of something under an open case
    joins that case by itself, so that one decision takes it along."""
    hits = staydown_cases(d for f in found.files for d in file_lookups(f.sha256, f.tensor_hash))
    open_for_others({key for key, _ in hits}, at)
    for key in cases.open_among({key for key, _ in hits}):
        casework.add_case_items(key, [found.item.id], "later", at)
    answers.count_blocked({key for key, _ in hits})
    return [decided for _, decided in hits]


def _message(found: ScanContext, ruling: Ruling) -> Tell:
    template = {
        Placement.PUBLISH: "published",
        Placement.HOLD: "held",
        Placement.REFUSE: "refused",
    }[ruling.placement]
    return Tell(found.item.owner, template, {"item": found.item.id, "kind": found.item.kind})
