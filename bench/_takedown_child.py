"""Measures the takedown path inside one marketplace of a given size and prints {what: milliseconds
by the clock}."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from tests.ops.big_market import item_id, seed  # noqa: E402

from assent.casework import queries as cases  # noqa: E402
from assent.casework.models import Case, CaseItem  # noqa: E402
from assent.catalogue import context  # noqa: E402
from assent.catalogue.models import StoredFile  # noqa: E402
from assent.core.access import Person  # noqa: E402
from assent.core.notices import NoticeForm  # noqa: E402
from assent.core.terms import Role  # noqa: E402
from assent.flows.file_notice import Receipt, file_notice  # noqa: E402
from assent.gateways.keys import new_case_number, new_key  # noqa: E402

RUNS, WARM = 30, 3
COPIES = 10
# An old case for every so many items, each with ten of them.
ITEMS_A_CASE = 50
LONG_AGO = datetime(2026, 1, 2, tzinfo=UTC)
NAMES = ("takedown", "takedown_most", "status")
UNLIMITED = dict.fromkeys(NAMES, "100000 per hour")


def timed(act: Callable[[], object]) -> float:
    """Return the median time of one call in milliseconds by the clock: what somebody waits."""
    took = []
    for n in range(RUNS + WARM):
        began = time.perf_counter()
        act()
        if n >= WARM:
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def groups(size: int) -> None:
    """Give every so many neighbours the same bytes, and every file a tensor hash of its own."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_storedfile SET tensor_hash = 't1:' || sha256")
    wanted = (RUNS + WARM) * 2
    for group in range(min(wanted, size // (COPIES + 1))):
        ids = [item_id(group * (COPIES + 1) + k) for k in range(COPIES + 1)]
        StoredFile.objects.filter(item_id__in=ids).update(sha256=f"{10**12 + group:064x}")


def old_cases(size: int) -> None:
    """Cases of long ago, of which a marketplace of this size has so many."""
    spare = range(size // 2, size)
    for number in range(size // ITEMS_A_CASE):
        key = new_key()
        Case.objects.create(
            id=key, number=new_case_number(), state="decided", received_at=LONG_AGO,
            deadline=LONG_AGO + timedelta(hours=48), decided_at=LONG_AGO,
            outcome="removed_likeness",
        )  # fmt: skip
        items = [spare[(number * 10 + k) % len(spare)] for k in range(10)]
        CaseItem.objects.bulk_create(
            [CaseItem(case_id=key, item_id=item_id(n), how="named", at=LONG_AGO) for n in items]
        )


def sent(*where: str) -> Receipt:
    """A request for these."""
    return file_notice(NoticeForm(where, "me", good_faith=True, signature="x"))


def main(size: int) -> None:
    """Seed, measure, print."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    seed(size)
    groups(size)
    old_cases(size)
    page = Client()
    group, single = count(), count(size // 2)
    firsts = (item_id(g * (COPIES + 1)) for g in group)

    def singles(many: int) -> Iterator[str]:
        return (item_id(next(single)) for _ in range(many))

    def form() -> None:
        got = page.post("/takedown", {"where": next(firsts), "signature": "x", "good_faith": "on"})
        assert got.status_code == 200, got.status_code

    def by_hash() -> None:
        number = next(group)
        found = sent(f"{10**12 + number:064x}")
        assert found.hidden == 0

    receipt = sent("I need you to search")
    staff = Person(1, Role.MODERATOR)
    big = sent("I need you to search").number
    key = Case.objects.get(number=big).id
    CaseItem.objects.bulk_create(
        [CaseItem(case_id=key, item_id=item_id(n), how="search", at=LONG_AGO) for n in range(500)]
    )
    limits = {"TAKEDOWN_HIDES_PER_HOUR": 10**9, "RATE_LIMITS": UNLIMITED, "ALLOWED_HOSTS": ["*"]}
    with override_settings(**limits):
        found = {
            "form sent: 1 link, 10 copies hidden": timed(form),
            "by a hash: 11 items hidden": timed(by_hash),
            "10 links hidden": timed(lambda: sent(*singles(10))),
            "words alone": timed(lambda: sent("I need you to search")),
            "finding copies, nothing hidden": timed(
                lambda: context.holding([f"{10**12:064x}"], [f"t1:{5:064x}"])
            ),
            "the staff's list of open cases": timed(lambda: cases.open_cases(staff)),
            "a case of 500 items": timed(lambda: cases.case_file(staff, big)),
            "status page": timed(
                lambda: page.post("/case", {"number": receipt.number, "pin": receipt.pin})
            ),
        }
    sys.stdout.write(json.dumps(found) + "\n")


main(int(sys.argv[1]))
