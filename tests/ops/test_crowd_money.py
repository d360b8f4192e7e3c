"""Many people with money at the same moment, and a provider that drops, delays, doubles and
reorders what it says: no credit appears or vanishes, and nobody is paid twice."""

from __future__ import annotations

import json

import pytest

from tests.ops.apart import READY, run
from tests.ops.test_crowd import crowd, env

__all__ = ["env"]

pytestmark = pytest.mark.server

PEOPLE = 8

MARKET = f"""{READY}
from django.core.management import call_command
call_command("migrate", verbosity=0)
from assent.core.terms import Role
from tests.flows.cashing import bought, confirmed
from tests.flows.market import handed_in, join, offered, posted
join("mo", role=Role.MODERATOR)
BANKS = ("pay", "fail", "twice", "silent")
people = [join(f"person{{n}}") for n in range({PEOPLE})]
for n, who in enumerate(people):
    bought(who, 2500)
    confirmed(who, f"INVENTED {{n}}", BANKS[n % 4])
for n, who in enumerate(people):
    offered(who, 100 + n, price=100 * (1 + n))
    handed_in(people[n - 1], posted(who, credits_=1000), 200 + n)
"""
# What the provider says goes into a folder, from which anybody takes any message at any time: one
# that nobody takes was dropped, one that is taken late was delayed, two takers doubled it.
ACTOR = f"""{READY}
import json, os, random, sys
from pathlib import Path
from assent.catalogue.models import Item
from assent.core.cashouts import BankEvent, BankKind
from assent.core.purchases import EventKind, ProviderEvent
from assent.core.terms import Refused
from assent.flows.ask_cashout import ask_cashout, take_back_cashout
from assent.flows.award_entry import award_entry
from assent.flows.begin_purchase import begin_purchase
from assent.flows.buy_listing import buy_listing
from assent.flows.decide_case import remove_in_case
from assent.flows.decide_cashout import decide_cashout
from assent.flows.decide_sale import decide_sale
from assent.flows.give_back_sale import give_back_sale
from assent.flows.pay_due import pay_due
from assent.flows.pledge_credits import pledge_credits
from assent.flows.set_price import set_price
from assent.flows.settle_sales import settle_sales
from assent.flows.take_bank_event import take_bank_event
from assent.flows.take_payment import take_payment
from assent.gateways import payments, sandbox
from assent.ledger.models import Cashout, Sale
from assent.ledger.purchases import purchases_of
from assent.ops.cashouts import pay_out
from assent.people.queries import by_name
from tests.flows.market import notice, opened

dice = random.Random(os.getpid())
spool = Path(os.environ["ASSENT_DATA"]) / "said"
spool.mkdir(exist_ok=True)
people = [by_name(f"person{{n}}") for n in range({PEOPLE})]
mo = by_name("mo")
listings = list(Item.objects.filter(kind="listing").values_list("id", flat=True))
bounties = list(Item.objects.filter(kind="bounty").values_list("id", flat=True))
requester = "entry__bounty__item__owner__username"
entries = list(Item.objects.filter(kind="entry").values_list("id", requester))


def says(kind, about, cents):
    name = f"{{kind}}_{{about}}"
    path = spool / name
    part = spool / f".{{name}}.{{os.getpid()}}"
    part.write_text(json.dumps([name, kind, about, cents]))
    part.rename(path)


def hears():
    found = [p for p in spool.iterdir() if not p.name.startswith(".")]
    if found:
        name, kind, about, cents = json.loads(dice.choice(found).read_text())
        take_payment(ProviderEvent(name, EventKind(kind), about, cents))


def buys_credits(who):
    begin_purchase(who, dice.choice((500, 1000)))
    begun = purchases_of(who.id)[0]
    if dice.random() < 0.8:
        sandbox.write("paid", begun.id, begun.cents)
        if dice.random() < 0.8:
            says("paid", begun.id, begun.cents)
        if dice.random() < 0.3:
            sandbox.write("disputed", begun.id, begun.cents)
            if dice.random() < 0.5:
                says("disputed", begun.id, begun.cents)
    else:
        says("declined", begun.id, begun.cents)


def buys(who):
    listing = Item.objects.select_related("listing").get(id=dice.choice(listings))
    buy_listing(who, listing.id, listing.listing.price)


def one_of(rows):
    found = list(rows.values_list("id", flat=True))
    return dice.choice(found) if found else None


def gives_back(who):
    sale = one_of(Sale.objects.filter(buyer_id=who.id))
    if sale:
        give_back_sale(who, sale)


def opens(who):
    item = Item.objects.get(id=dice.choice(listings))
    opened(who, item.files.get(role="work").id)


def decides(who):
    cashout = one_of(Cashout.objects.filter(state="asked"))
    if cashout:
        decide_cashout(mo, cashout, approve=dice.random() < 0.8, reason="Seen.")
    sale = one_of(Sale.objects.filter(state="waiting").exclude(doubt=""))
    if sale:
        decide_sale(mo, sale, pay=dice.random() < 0.5)


def takes_back(who):
    cashout = one_of(Cashout.objects.filter(owner_id=who.id))
    if cashout:
        take_back_cashout(who, cashout)


def awards(who):
    entry, requester = dice.choice(entries)
    award_entry(by_name(requester), entry)


def complains(who):
    if dice.random() < 0.1:
        receipt = notice(dice.choice(listings))
        if dice.random() < 0.5:
            remove_in_case(mo, receipt.number)


ACTS = [
    buys_credits, buys_credits, buys, buys, buys, gives_back, opens, decides, takes_back, awards,
    complains, lambda who: hears(), lambda who: hears(), lambda who: hears(),
    lambda who: pledge_credits(who, dice.choice(bounties), dice.choice((10, 60))),
    lambda who: ask_cashout(who, 1000), lambda who: ask_cashout(who, 1000),
    lambda who: pay_out(), lambda who: pay_due(), lambda who: settle_sales(),
    lambda who: set_price(who, dice.choice(listings), dice.choice((50, 150))),
]
print("ready", flush=True)
sys.stdin.readline()
counted = [0, 0]
for _ in range(int(os.environ["STEPS"])):
    try:
        dice.choice(ACTS)(dice.choice(people))
        counted[0] += 1
    except (Refused, payments.UnsignedError):
        counted[1] += 1
print(json.dumps(counted))
"""
AFTER = f"""{READY}
import json
from collections import Counter
from assent.core.ledger import Cause
from assent.gateways import sandbox
from assent.ledger.models import Cashout, Purchase, Sale, Transfer
from assent.ops.cashouts import pay_out, reconcile
from assent.ops.proofs import journal_proof
from assent.flows.settle_sales import settle_sales
from assent.flows.pay_due import pay_due
from assent.ledger.queries import balance_of
from assent.core.ledger import member
from assent.people.queries import by_name
first = reconcile()
pay_out(), settle_sales(), pay_due()
last = reconcile()
lines = list(sandbox.lines())
issued = {{t.subject: t.amount for t in Transfer.objects.filter(cause=Cause.PURCHASE)}}
names = [f"person{{n}}" for n in range({PEOPLE})]
print(json.dumps({{
    "faults": [*last.faults, *journal_proof().faults],
    "differences": list(last.differences),
    "caught_up": first.caught_up,
    "issued": sum(issued.values()),
    "purchases": len(issued),
    "receipts": sum(line.cents for line in lines if line.kind == "paid"),
    "paid_out": sum(line.cents for line in lines if line.kind == "payout"),
    "cashed": sum(Cashout.objects.filter(state="paid").values_list("cents", flat=True)),
    "failed": Cashout.objects.filter(state="failed").count(),
    "twice": [k for k, n in Counter((line.kind, line.about) for line in lines).items() if n > 1],
    "sales": Counter(Sale.objects.values_list("state", flat=True)),
    "least": min(balance_of(member(by_name(name).key)).available for name in names),
}}))
"""


def test_a_crowd_with_money_keeps_the_books(env: dict[str, str]) -> None:
    keeps_the_books(env, 4, 40)


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_sixty_four_with_money_keep_the_books(env: dict[str, str]) -> None:
    keeps_the_books(env, *((64, 15) if "ASSENT_DATABASE_URL" in env else (8, 60)))


def keeps_the_books(env: dict[str, str], size: int, steps: int) -> None:
    """Let so many do so much each at once, and hold the books against its own."""
    bad = env | {"ASSENT_PAYMENTS": "sandbox", "STEPS": str(steps)}
    run(MARKET, bad)
    acted, refused = (sum(each) for each in zip(*crowd(bad, size, ACTOR), strict=True))
    after = json.loads(run(AFTER, bad))
    print(f"{size} people: {acted} acts, {refused} refused, {after}")  # noqa: T201 - the evidence
    assert (after["faults"], after["differences"], after["twice"]) == ([], [], [])
    assert after["issued"] == after["receipts"], "what was issued is what the provider took"
    assert after["cashed"] == after["paid_out"], "and what left is what it paid"
    assert after["least"] >= 0
    assert acted > size * steps // 4, "most of what they tried came to something"
    assert sum(after["sales"].values()) > 0
