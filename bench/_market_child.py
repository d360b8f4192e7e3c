"""Measures inside one marketplace and prints {what: [milliseconds, baseline milliseconds]}."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import path  # noqa: E402

from assent.core.ledger import Cause, Payment, member  # noqa: E402
from assent.gateways import clock  # noqa: E402
from assent.gateways.keys import new_item_id  # noqa: E402
from assent.ledger import post  # noqa: E402

RUNS, WARM = 60, 5


def bare(request: HttpRequest) -> HttpResponse:
    """The page that everything is held against."""
    return HttpResponse("a bare page")


urlpatterns = [path("bare", bare)]


def timed(act: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of one call in milliseconds of CPU."""
    took = []
    for n in range(runs + WARM):
        began = time.process_time()
        act()
        if n >= WARM:
            took.append((time.process_time() - began) * 1000)
    return statistics.median(took)


def walled(act: Callable[[], object], runs: int = RUNS * 3) -> float:
    """Return the median time of one call in milliseconds by the clock: waiting for the disk or a
    server is what a transfer mostly does."""
    took = []
    for n in range(runs + WARM):
        began = time.perf_counter()
        act()
        if n >= WARM:
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def main() -> None:
    """Build a small marketplace, measure, print."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    settings.ALLOWED_HOSTS = ["*"]
    from tests.flows.market import handed_in, join, posted

    rita, cora = join("rita", 1_000_000), join("cora")
    bounties = [posted(rita, f"A watercolour fox {n}", 10) for n in range(40)]
    handed_in(cora, bounties[0])
    (Path(settings.DATA_DIR) / "bench-bounty").write_text(bounties[0])
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        plain = Client()
        base = timed(lambda: plain.get("/bare"), 300)
    page = Client()
    found = {
        "home page": [timed(lambda: page.get("/")), base],
        "bounty page": [timed(lambda: page.get(f"/bounties/{bounties[0]}")), base],
        "posting a bounty": [timed(lambda: posted(rita, "A charcoal fox", 10)), base],
        "a transfer (wall)": [walled(transfer(rita.key, cora.key)), walled(two_inserts())],
    }
    sys.stdout.write(json.dumps(found) + "\n")


def transfer(giver: str, taker: str) -> Callable[[], None]:
    """Return a function that moves one credit."""

    def act() -> None:
        payment = Payment(f"b:{new_item_id()}", member(giver), member(taker), 1, Cause.GRANT, "")
        with transaction.atomic():
            post.pay([payment], clock.now())

    return act


def two_inserts() -> Callable[[], None]:
    """Return a function that writes two bare rows in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bare (account bigint, amount bigint)")

    def act() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_bare VALUES (1, -1)")
            cursor.execute("INSERT INTO bench_bare VALUES (2, 1)")

    return act


main()
