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


def crowd(env: dict[str, str], size: int = CROWD, act: str = EVERYONE) -> list[list[int]]:
    """Let everyone begin at the same moment, and return what each of them achieved."""
    people = [
        subprocess.Popen(
            [sys.executable, "-c", act],
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


CONSENTED = f"""{READY}
from django.core.management import call_command
call_command("migrate", verbosity=0)
import pytest
from django.core import mail
from django.test.utils import override_settings
from assent.core.terms import Role
from assent.flows.decide_held import decide_held
from tests.flows.consents import VERA, given, know_vera
from tests.flows.market import handed_in, join, posted
rita, cora = join("rita", 300), join("cora")
mo, mia = join("mo", role=Role.MODERATOR), join("mia", role=Role.MODERATOR)
patch = pytest.MonkeyPatch()
know_vera(patch)
mail.outbox = []
with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
    _, grant = given(rita, (mo, mia), patch)
for _ in range(3):
    bounty = posted(rita, f"LoRA of {{VERA}}", grant=grant.reference)
    decide_held(mo, bounty, approve=True, reason="")
    decide_held(mo, handed_in(cora, bounty), approve=True, reason="")
"""
SOME_WITHDRAW = f"""{READY}
import json, os, sys
from assent.catalogue.models import Item
from assent.consent.models import Grant
from assent.consent.queries import grant_of_invitation
from assent.core.terms import Refused
from assent.flows.award_entry import award_entry
from assent.flows.pay_due import pay_due
from assent.flows.withdraw_consent import withdraw_consent
from assent.people.queries import by_name
rita = by_name("rita")
entries = list(Item.objects.filter(kind="entry").values_list("id", flat=True))
grant = grant_of_invitation(Grant.objects.get().invitation_id)
print("ready", flush=True)
sys.stdin.readline()
awarded = 0
for place, entry in enumerate(entries):
    if place == 1 and os.getpid() % 2:
        withdraw_consent(grant)
    try:
        award_entry(rita, entry)
        awarded += 1
    except Refused:
        pass
    pay_due()
withdraw_consent(grant)
print(json.dumps([awarded, pay_due()]))
"""
ENDED = f"""{READY}
import json
from datetime import timedelta
from assent.catalogue.models import Item
from assent.flows.pay_due import pay_due
from assent.gateways import clock
from assent.ledger.models import Payout
from assent.ops.proofs import journal_proof, ledger_proof
from assent.people.queries import by_name
from tests.flows.market import wallet
with clock.at(clock.now() + timedelta(days=30)):
    paid = pay_due()
print(json.dumps({{
    "faults": [*ledger_proof().faults, *journal_proof().faults],
    "rita": wallet(by_name("rita")).posted,
    "cora": wallet(by_name("cora")).posted,
    "paid": paid,
    "payouts": list(Payout.objects.values_list("state", flat=True)),
    "items": sorted(set(Item.objects.values_list("state", flat=True))),
}}))
"""


def test_req_con_06_a_withdrawal_while_awards_are_posted_stops_them_all(
    env: dict[str, str],
) -> None:
    waits = env | {"ASSENT_PAYOUT_COOLING_OFF_SECONDS": str(3 * 24 * 3600)}
    run(CONSENTED, waits)
    awarded, paid = (sum(each) for each in zip(*crowd(waits, act=SOME_WITHDRAW), strict=True))
    after = json.loads(run(ENDED, waits))
    assert after["faults"] == []
    assert (paid, after["paid"]) == (0, 0)
    assert after["items"] == ["hidden"]
    assert (after["rita"], after["cora"]) == (300, 0), "each pledge is back where it came from"
    assert after["payouts"] == ["voided"] * awarded
