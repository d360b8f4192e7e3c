"""Leases: what a dead worker was doing goes back into the queue, what a live one does stays."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from assent.gateways import clock
from assent.ops import leases, worker
from assent.ops.leases import TRIES_MAX, Heartbeat, end, reap, renew
from assent.ops.models import WorkerLease
from assent.ops.tasks import scan_file
from assent.ops.worker import Clock

pytestmark = pytest.mark.django_db


Row = DBTaskResult[Any, Any]


def task(status: str, *workers: str) -> Row:
    """A task in this status, which these workers have tried, the last one latest."""
    result = scan_file.enqueue("000000000000")
    row = DBTaskResult.objects.get(id=result.id)
    row.status, row.worker_ids, row.started_at = status, list(workers), clock.now()
    row.save()
    return row


def status_of(row: Row) -> str:
    row.refresh_from_db()
    return str(row.status)


def after_a_lease() -> datetime:
    return clock.now() + timedelta(seconds=settings.WORKER_LEASE_SECONDS + 1)


def test_the_work_of_a_dead_worker_goes_back_at_once() -> None:
    renew("dead")
    row = task(TaskResultStatus.RUNNING, "dead")
    assert reap() == 0
    with clock.at(after_a_lease()):
        assert reap() == 1
        assert reap() == 0
    assert status_of(row) == TaskResultStatus.READY
    assert row.run_after <= after_a_lease()


def test_the_work_of_a_live_worker_stays() -> None:
    renew("dead")
    with clock.at(after_a_lease()):
        renew("alive")
        row = task(TaskResultStatus.RUNNING, "dead", "alive")
        assert reap() == 0
    assert status_of(row) == TaskResultStatus.RUNNING


def test_the_work_of_a_worker_without_a_lease_goes_back() -> None:
    renew("gone")
    end("gone")
    rows = [task(TaskResultStatus.RUNNING, "gone"), task(TaskResultStatus.RUNNING)]
    assert reap() == 2
    assert {status_of(row) for row in rows} == {TaskResultStatus.READY}


@pytest.mark.parametrize("status", [TaskResultStatus.SUCCESSFUL, TaskResultStatus.READY])
def test_what_is_done_or_waits_is_left_alone(status: str) -> None:
    row = task(status, "dead")
    assert reap() == 0
    assert status_of(row) == status


@pytest.mark.parametrize("tries", range(1, TRIES_MAX + 2))
def test_what_failed_is_tried_five_times_each_after_a_longer_wait(tries: int) -> None:
    row = task(TaskResultStatus.FAILED, *(f"w{n}" for n in range(tries)))
    now = clock.now()
    with clock.at(now):
        assert reap() == (1 if tries < 5 else 0)
    if tries < 5:
        assert status_of(row) == TaskResultStatus.READY
        assert row.run_after == now + timedelta(seconds=2**tries)
    else:
        assert status_of(row) == TaskResultStatus.FAILED


def test_a_task_that_ended_while_the_reaper_looked_is_not_put_back() -> None:
    row = task(TaskResultStatus.RUNNING, "dead")
    stale = DBTaskResult.objects.get(id=row.id)
    DBTaskResult.objects.filter(id=row.id).update(status=TaskResultStatus.SUCCESSFUL)
    assert leases._requeue(stale, clock.now()) == 0
    assert status_of(row) == TaskResultStatus.SUCCESSFUL


def test_leases_long_over_are_forgotten() -> None:
    renew("old")
    with clock.at(clock.now() + timedelta(days=2)):
        renew("new")
        reap()
    assert list(WorkerLease.objects.values_list("worker_id", flat=True)) == ["new"]


def test_a_heartbeat_goes_on_when_the_database_does_not_answer_for_a_moment(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    beats: list[str] = []

    def moody(worker_id: str) -> None:
        beats.append(worker_id)
        if len(beats) == 1:
            raise OperationalError

    monkeypatch.setattr(leases, "renew", moody)
    monkeypatch.setattr(leases, "close_old_connections", lambda: None)
    monkeypatch.setattr(settings, "WORKER_LEASE_SECONDS", 0.03)
    heart = Heartbeat("me")
    heart.start()
    until = time.monotonic() + 5
    while len(beats) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    heart.stop()
    heart.join(5)
    assert len(beats) >= 3
    assert not heart.is_alive()
    assert "could not be renewed" in caplog.text


# The clock --------------------------------------------------------------------------------------


def test_each_chore_runs_when_its_time_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def quick() -> int:
        ran.append("quick")
        return 0

    def slow() -> int:
        ran.append("slow")
        return 0

    monkeypatch.setattr(worker, "CHORES", ((quick, 2), (slow, 30)))
    ticking = Clock()
    for second in (0, 1, 2, 3, 4, 29, 30):
        ticking.tick(float(second))
    assert ran == ["quick", "slow", "quick", "quick", "quick", "slow"]


def test_a_chore_that_breaks_stops_no_other_and_comes_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []

    def broken() -> int:
        ran.append("broken")
        raise ZeroDivisionError

    def fine() -> int:
        ran.append("fine")
        return 1

    monkeypatch.setattr(worker, "CHORES", ((broken, 1), (fine, 1)))
    ticking = Clock()
    ticking.tick(0.0)
    ticking.tick(1.0)
    assert ran == ["broken", "fine", "broken", "fine"]
    assert "The chore broken failed" in caplog.text
