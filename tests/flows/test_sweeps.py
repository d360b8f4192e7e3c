"""Sweeps: every item gets exactly one outcome, however often the sweep is interrupted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from assent.catalogue import queries as catalogue
from assent.catalogue.lists import Filter, cards
from assent.catalogue.metadata import page
from assent.catalogue.models import Item, Screening
from assent.core.access import Actor
from assent.core.ledger import Balance
from assent.core.screening.policies import default_policy
from assent.core.screening.policy import Policy
from assent.core.screening.screen import screen
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Verdict
from assent.core.terms import ItemState, Outcome, Refused, SweepOutcome, SweepState
from assent.effects import rescreened
from assent.flows import run_sweep as sweeping
from assent.flows.award_entry import award_entry
from assent.flows.decide_held import decide_held
from assent.flows.pay_due import pay_due
from assent.flows.run_sweep import run_sweep
from assent.flows.settle_sweep import settle_sweep
from assent.flows.start_sweep import start_sweep
from assent.gateways import storage
from assent.journal.queries import events_of
from assent.people.queries import Member
from assent.sweeps import queries
from assent.sweeps.models import PolicyVersion, SweepResult
from tests.flows.market import (
    FOX,
    SINGER,
    UNSURE,
    chest,
    drafted,
    handed_in,
    in_days,
    notice,
    offered,
    posted,
    state,
    wallet,
)

OTTO = Actor("otto")


def started(*, dry_run: bool = False) -> str:
    """A sweep under the policy in force, previewed where that is asked for first."""
    policy = default_policy().id
    if not dry_run and not queries.is_previewed(policy):
        run_sweep(start_sweep(policy, dry_run=True, by=OTTO))
    return start_sweep(policy, dry_run=dry_run, by=OTTO)


def carried_out() -> str:
    """A sweep that is done, and its removals final."""
    sweep = started()
    run_sweep(sweep)
    settle_sweep(sweep, by=OTTO)
    return sweep


@contextmanager
def from_now_on(outcome: Outcome, word: str) -> Iterator[None]:
    """A policy under which everything that holds this word gets this outcome."""

    def all_stricter(batch: Sequence[Submission], policy: Policy, **more: Any) -> list[Verdict]:
        return [stricter(one, screen(one, policy, **more)) for one in batch]

    def stricter(submission: Submission, verdict: Verdict) -> Verdict:
        hit = any(word in text for _, text in submission.fields())
        return replace(verdict, outcome=outcome, code="now_forbidden") if hit else verdict

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rescreened, "screen_many", all_stricter)
        yield


def outcomes(sweep: str) -> dict[str, str]:
    return dict(SweepResult.objects.filter(sweep_id=sweep).values_list("item", "outcome"))


def test_every_item_gets_an_outcome_under_its_own_rule(rita: Member, cora: Member) -> None:
    fine, refused, held = posted(rita), posted(rita, SINGER), posted(rita, UNSURE)
    draft, listing = drafted(rita, SINGER), offered(cora)
    sweep = started()
    run_sweep(sweep)
    assert outcomes(sweep) == {
        fine: SweepOutcome.KEPT,
        refused: SweepOutcome.KEPT,
        held: SweepOutcome.NEEDS_REVIEW,
        draft: SweepOutcome.KEPT,
        listing: SweepOutcome.KEPT,
    }
    seen = queries.sweep(sweep)
    assert seen is not None
    assert (seen.state, seen.done, seen.finished_at is not None) == (SweepState.DONE, 5, True)
    assert [e.verb for e in events_of(sweep)] == ["sweep.started", "sweep.done"]


def test_an_interrupted_sweep_goes_on_where_it_stopped(
    rita: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    bounties = [drafted(rita) for _ in range(9)]
    sweep = started()

    def stop_at(limit: int) -> None:
        def progress(done: int) -> None:
            if done == limit:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run_sweep(sweep, progress)

    stop_at(2)
    stop_at(6)
    assert started() == sweep, "it is gone on with, not begun again"
    visited: list[int] = []
    run_sweep(sweep, visited.append)
    assert visited == [8, 9]
    done = SweepResult.objects.filter(sweep_id=sweep).values_list("item", flat=True)
    assert Counter(done) == Counter(bounties)


def test_a_sweep_interrupted_within_an_item_has_done_nothing_to_it(
    rita: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounty = posted(rita)
    sweep = started()
    with monkeypatch.context() as patch, from_now_on(Outcome.REFUSE, FOX):
        patch.setattr(sweeping, "apply", lambda *args, **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_sweep(sweep)
    assert (outcomes(sweep), state(bounty)) == ({}, ItemState.OPEN)
    with from_now_on(Outcome.REFUSE, FOX):
        run_sweep(sweep)
    assert outcomes(sweep) == {bounty: SweepOutcome.REMOVED}


def test_a_finished_sweep_may_be_run_again_and_does_nothing(rita: Member) -> None:
    posted(rita)
    sweep = started()
    run_sweep(sweep)
    posted(rita)
    run_sweep(sweep)
    assert len(outcomes(sweep)) == 1
    assert started() != sweep


def test_what_is_forbidden_now_is_removed_and_refunded(rita: Member) -> None:
    bad, good = posted(rita, "A red fox", 300), posted(rita, "A blue hare", 200)
    with from_now_on(Outcome.REFUSE, "red"):
        carried_out()
    assert (state(bad), state(good)) == (ItemState.REMOVED, ItemState.OPEN)
    assert wallet(rita) == Balance(posted=800)
    assert chest(bad) == Balance()


def test_what_is_unsure_now_goes_out_of_sight_and_into_the_queue(rita: Member, mo: Member) -> None:
    bounty = posted(rita, "A red fox", 300)
    with from_now_on(Outcome.REVIEW, "red"):
        run_sweep(started())
    assert state(bounty) is ItemState.HELD
    assert chest(bounty) == Balance(posted=300)
    decide_held(mo, bounty, approve=False, reason="It is not allowed any more.")
    assert wallet(rita) == Balance(posted=1000)


def test_while_a_bounty_is_looked_at_its_entries_are_not_seen_either(
    rita: Member, sam: Member, cora: Member, mo: Member
) -> None:
    bounty = posted(rita, "A red fox")
    entry = handed_in(cora, bounty)
    with from_now_on(Outcome.REVIEW, "red"):
        run_sweep(started())
    assert (state(bounty), state(entry)) == (ItemState.HELD, ItemState.PUBLISHED)
    assert cards(sam.person, Filter()).cards == ()
    assert page("") == ([], None)
    with pytest.raises(Refused, match="nothing here"):
        catalogue.entry(sam.person, entry)
    decide_held(mo, bounty, approve=True, reason="")
    assert {card.item.id for card in cards(sam.person, Filter()).cards} == {bounty, entry}


@pytest.mark.parametrize("what", ["entry", "bounty"])
def test_a_removed_award_is_not_paid_but_refunded(rita: Member, cora: Member, what: str) -> None:
    bounty = posted(rita, "A red fox" if what == "bounty" else FOX, 300)
    entry = handed_in(cora, bounty, note="In red, too." if what == "entry" else "")
    award_entry(rita, entry)
    with from_now_on(Outcome.REFUSE, "red"):
        carried_out()
    assert wallet(rita) == Balance(posted=1000)
    assert wallet(cora) == chest(bounty) == Balance()
    with in_days(4):
        assert pay_due() == 0


def test_what_was_paid_stays_paid(rita: Member, cora: Member) -> None:
    bounty = posted(rita, "A red fox", 300)
    award_entry(rita, handed_in(cora, bounty))
    with in_days(4):
        pay_due()
        with from_now_on(Outcome.REFUSE, "red"):
            carried_out()
    assert (wallet(rita), wallet(cora)) == (Balance(posted=700), Balance(posted=300))


def test_what_a_sweep_removed_does_not_come_back_under_another_title(
    cora: Member, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    listing = offered(cora, 5, "Red hills")
    files = [file.id for file in catalogue.files_of([listing])]
    with from_now_on(Outcome.REFUSE, "Red"), django_capture_on_commit_callbacks(execute=True):
        carried_out()
    assert state(listing) is ItemState.REMOVED
    assert not any(storage.path_of(file_id).exists() for file_id in files)
    assert state(offered(cora, 5, "Blue hills")) is ItemState.REFUSED
    # Another model beside a sample picture that looks the same: a person looks at that.
    assert state(offered(cora, 6, "Blue hills")) is ItemState.HELD


def test_a_dry_run_counts_and_touches_nothing(rita: Member) -> None:
    bounty = posted(rita)
    before = Screening.objects.count()
    sweep = started(dry_run=True)
    with from_now_on(Outcome.REFUSE, FOX):
        run_sweep(sweep)
    assert outcomes(sweep) == {bounty: SweepOutcome.REMOVED}
    assert state(bounty) is ItemState.OPEN
    assert Screening.objects.count() == before
    assert started() != sweep


def test_what_a_notice_has_hidden_stays_hidden(rita: Member) -> None:
    bounty = posted(rita)
    notice(bounty)
    run_sweep(started())
    assert state(bounty) is ItemState.HIDDEN


def test_a_sweep_visits_more_items_than_fit_in_one_batch(
    rita: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    for _ in range(7):
        drafted(rita)
    sweep = started()
    run_sweep(sweep)
    assert len(outcomes(sweep)) == Item.objects.count() == 7


def test_an_unknown_policy_starts_nothing(rita: Member) -> None:
    with pytest.raises(Refused, match="no policy version 1999"):
        start_sweep("1999", dry_run=False, by=OTTO)
    assert not PolicyVersion.objects.exists()


def test_a_policy_is_announced_once_with_its_rules(rita: Member) -> None:
    run_sweep(started())
    run_sweep(started())
    (version,) = PolicyVersion.objects.all()
    assert [rule["id"] for rule in version.rules["rules"]] == [
        rule.id for rule in default_policy().rules
    ]
