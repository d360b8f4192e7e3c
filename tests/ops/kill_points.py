"""Run in a process of its own: `python -m tests.ops.kill_points ACT`. Does one act while being
killed (SIGKILL, no clean-up of any kind) at every point where it waits for the database or the
disk: before each statement, around each commit and each file that is put in place.

Prints one JSON object: the points where the act was killed, what was wrong after, and what was left
on the disk.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from assent.catalogue.models import StoredFile  # noqa: E402
from assent.core.terms import ItemState, Refused  # noqa: E402
from assent.effects import uploads  # noqa: E402
from assent.flows.award_entry import award_entry  # noqa: E402
from assent.flows.cancel_bounty import cancel_bounty  # noqa: E402
from assent.flows.clear_orphans import clear_orphans  # noqa: E402
from assent.flows.close_due import close_due  # noqa: E402
from assent.flows.hand_in_entry import hand_in_entry  # noqa: E402
from assent.flows.pay_due import pay_due  # noqa: E402
from assent.flows.pledge_credits import pledge_credits  # noqa: E402
from assent.gateways import storage  # noqa: E402
from assent.ops.proofs import journal_proof, ledger_proof  # noqa: E402
from assent.ops.worker import run_worker  # noqa: E402, F401 - its tasks are registered by it
from tests.flows.market import (  # noqa: E402
    chest,
    handed_in,
    in_days,
    join,
    lora_file,
    picture_file,
    posted,
    state,
    wallet,
)

Things = dict[str, Any]
_TABLE = re.compile(r'(?:FROM|INTO|UPDATE) "(\w+)"')


@dataclass(frozen=True, slots=True)
class Act:
    """What is done: `make` what it needs, `do` it, and say whether it was `done` whole."""

    make: Callable[[], Things]
    do: Callable[[Things], object]
    done: Callable[[Things], bool]


@dataclass(slots=True)
class Killer:
    """Counts the points that are passed, and ends the process at the one that was chosen."""

    at: int
    log: int
    passed: int = 0

    def point(self, name: str) -> None:
        if self.passed == self.at:
            os.write(self.log, name.encode())
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed += 1

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        table = _TABLE.search(sql)
        self.point(" ".join([sql.split()[0], *(table.groups() if table else ())]))
        return execute(sql, params, many, context)

    def around(self, name: str, really: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **more: Any) -> Any:
            self.point(f"before {name}")
            found = really(*args, **more)
            self.point(f"after {name}")
            return found

        return called


@dataclass(slots=True)
class Story:
    """What one act lived through."""

    points: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def killed_at(number: int, act: Act, things: Things) -> str | None:
    """Do it in a child that dies at this point; return the point, None if it lived to the end."""
    connection.close()
    reader, log = os.pipe()
    child = os.fork()
    if child == 0:
        killer = Killer(number, log)
        connection.commit = killer.around("COMMIT", connection.commit)  # type: ignore[method-assign]
        uploads.storage.keep = killer.around("a file is in place", storage.keep)
        with connection.execute_wrapper(killer.statement):
            act.do(things)
        os._exit(0)
    os.close(log)
    _, how = os.waitpid(child, 0)
    with os.fdopen(reader) as said:
        point = said.read()
    if os.WIFSIGNALED(how):
        return point or "?"
    assert os.WEXITSTATUS(how) == 0, "the act failed by itself"
    return None


def everything() -> str:
    """All rows of all tables, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append((table, sorted(map(repr, cursor.fetchall()))))
    return repr(found)


def lived(act: Act) -> Story:
    """Kill it at the first point, the second, and so on, until there is no further point."""
    story = Story()
    things = act.make()
    for number in count():
        before = everything()
        point = killed_at(number, act, things)
        story.points.append(point or "the end")
        story.wrong += [f"{point}: {fault}" for fault in faults(act, things, before, point)]
        if point is None:
            return story
        if everything() != before:
            things = act.make()
    raise AssertionError


def faults(act: Act, things: Things, before: str, point: str | None) -> list[str]:
    """What is half done, if anything."""
    found = [*ledger_proof().faults, *journal_proof().faults]
    changed = everything() != before
    if changed != act.done(things):
        found.append("half done")
    if point is None and not changed:
        found.append("nothing was done")
    if changed:  # what is done stays done once, however often somebody tries again
        after = everything()
        with suppress(Refused):
            act.do(things)
        if act.done(things) is False or wallets(after) != wallets(everything()):
            found.append("done twice")
    return found


def wallets(rows: str) -> list[str]:
    """What moves credits, of all rows."""
    return [part for part in rows.split("('") if part.startswith(("ledger_", "catalogue_pledge"))]


# The acts ----------------------------------------------------------------------------------------


def _funded() -> Things:
    number = next(_numbers)
    rita, sam = join(f"rita{number}", 1000), join(f"sam{number}", 500)
    cora = join(f"cora{number}")
    bounty = posted(rita, days=2)
    pledge_credits(sam, bounty, 50)
    return {"rita": rita, "sam": sam, "cora": cora, "bounty": bounty}


def _entered() -> Things:
    things = _funded()
    return things | {"entry": handed_in(things["cora"], things["bounty"], next(_numbers))}


def _awarded() -> Things:
    # One supporter: each payout is a transaction of its own.
    number = next(_numbers)
    rita, cora = join(f"rita{number}", 1000), join(f"cora{number}")
    entry = handed_in(cora, posted(rita), number)
    award_entry(rita, entry)
    return {"cora": cora}


def _all_back(things: Things) -> bool:
    return (wallet(things["rita"]).posted, wallet(things["sam"]).posted) == (1000, 500)


def _close(things: Things) -> None:
    with in_days(4):
        close_due()


def _pay(things: Things) -> None:
    with in_days(30):
        pay_due()


def _upload(things: Things) -> None:
    if not StoredFile.objects.filter(item__owner=things["cora"].id).exists():
        hand_in_entry(things["cora"], things["bounty"], "", [lora_file()], [picture_file()])


def _uploaded(things: Things) -> bool:
    return StoredFile.objects.filter(item__owner=things["cora"].id).count() == 2


_numbers = count(1)
ACTS = {
    "pledge": Act(
        _funded,
        lambda t: pledge_credits(t["rita"], t["bounty"], 20) if chest(t["bounty"]).posted == 150
        else None,
        lambda t: chest(t["bounty"]).posted == 170,
    ),
    "award": Act(
        _entered,
        lambda t: award_entry(t["rita"], t["entry"]),
        lambda t: state(t["entry"]) is ItemState.AWARDED and chest(t["bounty"]).reserved == 150,
    ),
    "payout": Act(_awarded, _pay, lambda t: wallet(t["cora"]).posted == 100),
    "refund by cancelling": Act(
        _funded,
        lambda t: cancel_bounty(t["rita"], t["bounty"]),
        lambda t: state(t["bounty"]) is ItemState.CANCELLED and _all_back(t),
    ),
    "refund at the deadline": Act(
        _funded, _close, lambda t: state(t["bounty"]) is ItemState.SETTLED and _all_back(t)
    ),
    "upload": Act(_funded, _upload, _uploaded),
}  # fmt: skip


def orphans() -> list[str]:
    """Bytes without a row, after the next clearing; there must be none."""
    for path in Path(storage.settings.FILES_DIR).glob("??/*"):
        os.utime(path, (0, 0))
    clear_orphans()
    known = set(StoredFile.objects.values_list("id", flat=True))
    return [kept for kept, _ in storage.stored_ids() if kept not in known]


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    story = lived(ACTS[sys.argv[1]])
    sys.stdout.write(
        json.dumps({"points": story.points, "wrong": story.wrong, "orphans": orphans()})
    )
