"""Several processes do the same thing at the same moment: it happens once, and the books hold."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.ops.apart import READY, environment, run

pytestmark = pytest.mark.server

CROWD, TRIES, PLEDGE, PURSE = 4, 5, 150, 1000
SECONDS_MAX = 600

MARKET = f"""{READY}
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.flows.market import handed_in, join, offered, posted
rita, sam, cora = join("rita", 100), join("sam", {PURSE}), join("cora")
bounty = posted(rita)
handed_in(cora, bounty)
"""
EVERYONE = f"""{READY}
import json, os, pathlib, sys, time
from assent.catalogue.models import Item
from assent.core.terms import Refused
from assent.flows.award_entry import award_entry
from assent.flows.pay_due import pay_due
from assent.flows.close_due import close_due
from assent.flows.pledge_credits import pledge_credits
from assent.flows.take_back_pledge import take_back_pledge
from assent.people.queries import by_name
from tests.flows.market import notice
rita, sam = by_name("rita"), by_name("sam")
bounty, entry = Item.objects.get(kind="bounty").id, Item.objects.get(kind="entry").id
def done(act):
    try:
        act()
    except Refused:
        return 0
    return 1
print("ready", flush=True)
sys.stdin.readline()
pledged = sum(done(lambda: pledge_credits(sam, bounty, {PLEDGE})) for _ in range({TRIES}))
done(lambda: take_back_pledge(sam, bounty))  # work is in: never
close_due()
awarded = done(lambda: award_entry(rita, entry))
paid = pay_due() + pay_due()
named = [bounty, entry] if os.getpid() % 2 else [entry, bounty]
noticed = done(lambda: notice(*named))
print(json.dumps([pledged, awarded, paid, noticed]))
"""
AFTER = f"""{READY}
import json
from assent.ledger.models import Payout
from assent.ops.proofs import journal_proof, ledger_proof
from assent.people.queries import by_name
from tests.flows.market import wallet
print(json.dumps({{
    "faults": [*ledger_proof().faults, *journal_proof().faults],
    "sam": wallet(by_name("sam")).posted,
    "cora": wallet(by_name("cora")).posted,
    "payouts": list(Payout.objects.values_list("state", flat=True)),
}}))
"""


@pytest.fixture(params=["sqlite", "postgres"])
def env(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A marketplace on either database, which pays at once."""
    at_once = environment(tmp_path) | {"ASSENT_PAYOUT_COOLING_OFF_SECONDS": "0"}
    if request.param == "sqlite":
        yield at_once
        return
    server = postgres.start()
    with psycopg.connect(host=str(server.folder), user="postgres", autocommit=True) as session:
        session.execute("CREATE DATABASE assent")
    yield at_once | {"ASSENT_DATABASE_URL": server.url}
    server.stop()


def crowd(env: dict[str, str], size: int = CROWD) -> list[list[int]]:
    """Let everyone begin at the same moment, and return what each of them achieved."""
    people = [
        subprocess.Popen(
            [sys.executable, "-c", EVERYONE],
            env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(size)
    ]  # fmt: skip
    for process in people:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in people:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    found = []
    for process in people:
        out, err = process.communicate(timeout=SECONDS_MAX)
        assert process.returncode == 0, err
        found.append(json.loads(out))
    return found


def test_what_many_do_at_once_happens_once(env: dict[str, str]) -> None:
    happens_once(env, CROWD)


@pytest.mark.prove
def test_what_a_great_many_do_at_once_happens_once(env: dict[str, str]) -> None:
    happens_once(env, 64 if "ASSENT_DATABASE_URL" in env else 8)


def happens_once(env: dict[str, str], size: int) -> None:
    """Let so many act at once, and prove that each thing happened once."""
    run(MARKET, env)
    pledged, awarded, paid, noticed = (sum(each) for each in zip(*crowd(env, size), strict=True))
    after = json.loads(run(AFTER, env))
    assert after["faults"] == []
    assert awarded == 1
    assert 0 < pledged <= PURSE // PLEDGE
    assert after["sam"] == PURSE - pledged * PLEDGE
    assert len(after["payouts"]) == pledged + 1
    assert after["payouts"].count("posted") == paid
    assert after["cora"] in (paid * PLEDGE, 100 + max(0, paid - 1) * PLEDGE)
    assert noticed == size, "a notice is never refused because of what others do"
