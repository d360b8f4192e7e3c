"""A worker killed in the middle of its work, for real; the next one finishes it, exactly once."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ops.apart import READY, environment, run

pytestmark = pytest.mark.server

SECONDS_MAX = 60

MARKET = f"""{READY}
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.flows.market import join, lora_file, picture_file, posted
from assent.flows.hand_in_entry import hand_in_entry
bounty = posted(join("rita", 1000))
print(hand_in_entry(join("cora"), bounty, "", [lora_file()], [picture_file()]))
"""
# Where a worker is killed: it touches a mark there, and hangs until the signal comes.
HANG = """
import os, pathlib, time
import assent.flows.scan_file as scanning
from assent.ops import tasks
def hang(*args, **more):
    pathlib.Path(os.environ["MARK"]).touch()
    time.sleep(600)
"""
PLACES = {
    "while it reads the file": "scanning._examined = hang",
    "between the file and its item": "scanning._place = hang",
    "before it has said that it is done": """
really = scanning.scan_file
tasks.scanning.scan_file = lambda file_id: (really(file_id), hang())
""",
}
WORK = "from assent.ops.worker import run_worker; run_worker(0.05)"
REPORT = f"""{READY}
import json, sys
from collections import Counter
from django_tasks_db.models import DBTaskResult
from assent.catalogue.models import Item, Screening, StoredFile
from assent.journal.models import Message
from assent.ops.models import WorkerLease
from assent.ops.proofs import journal_proof, ledger_proof
print(json.dumps({{
    "tasks": Counter(DBTaskResult.objects.values_list("status", flat=True)),
    "tries": sorted(len(t.worker_ids) for t in DBTaskResult.objects.all()),
    "entry": Item.objects.get(kind="entry").state,
    "files": Counter(StoredFile.objects.values_list("state", flat=True)),
    "screenings": Screening.objects.filter(item__kind="entry").count(),
    "told": Counter(Message.objects.values_list("template", flat=True)),
    "leases": WorkerLease.objects.count(),
    "faults": [*ledger_proof().faults, *journal_proof().faults],
}}))
"""

Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A marketplace in which an entry waits for a worker."""
    data = tmp_path_factory.mktemp("market")
    run(MARKET, environment(data))
    return data


@pytest.fixture
def data(market: Path, tmp_path: Path) -> Path:
    """A copy of it for each test."""
    return Path(shutil.copytree(market, tmp_path / "data"))


@pytest.fixture
def start(data: Path) -> Iterator[Start]:
    """Start a worker; whatever happens, it does not outlive the test."""
    begun: list[subprocess.Popen[str]] = []

    def starting(code: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", READY + code]
        begun.append(
            subprocess.Popen(
                command, env=environment(data), stderr=subprocess.PIPE, text=True, cwd=data
            )
        )
        return begun[-1]

    yield starting
    for process in begun:
        process.kill()
        process.communicate()


def wait_for(what: Callable[[], Any]) -> None:
    """Wait until it is so."""
    until = time.monotonic() + SECONDS_MAX
    while not what():
        assert time.monotonic() < until, "this took too long"
        time.sleep(0.1)


def report(data: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(REPORT, environment(data)))
    return found


DONE = {
    "tasks": {"SUCCESSFUL": 2},
    "entry": "published",
    "files": {"clean": 2},
    "screenings": 1,
    "told": {"entry_waits": 1, "published": 1},
    "leases": 0,
    "faults": [],
}


def finished(data: Path, start: Start) -> dict[str, Any]:
    """Let an honest worker do what is left, end it politely, and say what there is then."""
    worker = start(WORK)
    wait_for(lambda: set(report(data)["tasks"]) <= {"SUCCESSFUL", "FAILED"})
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(SECONDS_MAX) == 0
    return report(data)


@pytest.mark.parametrize("place", PLACES)
def test_what_a_killed_worker_did_is_finished_by_the_next_exactly_once(
    place: str, data: Path, start: Start
) -> None:
    victim = start(HANG + PLACES[place] + "\n" + WORK)
    wait_for((data / "mark").exists)
    victim.send_signal(signal.SIGKILL)
    victim.wait(SECONDS_MAX)
    left = report(data)
    assert left["tasks"]["RUNNING"] == 1
    assert left["faults"] == []
    found = finished(data, start)
    assert max(found.pop("tries")) == 2
    assert found == DONE | {"leases": 1}, "the dead worker's lease is forgotten after a day"


def test_two_workers_share_the_work_and_double_nothing(data: Path, start: Start) -> None:
    start(WORK)
    found = finished(data, start)
    assert found.pop("tries") == [1, 1]
    assert found.pop("leases") == 1, "of the other worker, which is still at it"
    assert found == {name: value for name, value in DONE.items() if name != "leases"}
