"""Mistakes planted in the rules of credits, one at a time: the tests must notice each of them.

`pytest -m prove tests/flows/test_mutants.py` takes some minutes. A mistake that no test notices
is a rule that nothing holds up.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.prove, pytest.mark.server]

ROOT = Path(__file__).resolve().parents[2]
TESTS = (
    "tests/core/test_ledger.py",
    "tests/core/test_settlement.py",
    "tests/flows/test_awards.py",
    "tests/flows/test_bounty_life.py",
    "tests/flows/test_books.py",
    "tests/flows/test_story.py",
    "tests/flows/test_takedowns.py",
    "tests/flows/test_lives.py",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """In this file, `was` (which stands there once) becomes `becomes`."""

    mistake: str
    file: str
    was: str
    becomes: str


SETTLEMENT, LEDGER, POST = "core/settlement.py", "core/ledger.py", "ledger/post.py"
AWARD, CREDITS = "flows/award_entry.py", "flows/decide_credits.py"
PLANTED = (
    Mutant("a payout key without its pledge", SETTLEMENT,
           'f"payout:{self.bounty}:{self.pledge}:{self.entry}"',
           'f"payout:{self.bounty}:{self.entry}"'),
    Mutant("a held bounty's pledge moves at once", SETTLEMENT,
           "pending=waiting,", "pending=False,"),
    Mutant("awarded pledges are not refunded", SETTLEMENT,
           "if p.state in (PledgeState.HELD, PledgeState.AWARDED)]",
           "if p.state is PledgeState.HELD]"),
    Mutant("reserved pledges are paid, not freed", SETTLEMENT,
           "Resolution(pledge_key(p.id), TransferKind.VOID)",
           "Resolution(pledge_key(p.id), TransferKind.POST)"),
    Mutant("a refund keeps one credit", SETTLEMENT,
           "member(pledge.supporter.key),\n        pledge.amount,\n        Cause.REFUND",
           "member(pledge.supporter.key),\n        pledge.amount - 1 or 1,\n        Cause.REFUND"),
    Mutant("a payout does not wait", SETTLEMENT, "pending=True,", "pending=False,"),
    Mutant("what was paid is refunded as well", SETTLEMENT,
           "refunding(p for p in pledges if p.id not in paid)", "refunding(pledges)"),
    Mutant("a stopped payout is posted", SETTLEMENT,
           "Resolution(p.key, TransferKind.VOID) for p in waiting),\n        payout_moves",
           "Resolution(p.key, TransferKind.POST) for p in waiting),\n        payout_moves"),
    Mutant("a stopped payout does not go back", SETTLEMENT,
           "return voided + refunding(p for p in pledges if p.id not in paid)", "return voided"),
    Mutant("approval leaves pledges reserved", SETTLEMENT,
           "in pledges if p.state is PledgeState.PENDING]\n    return Effects(\n",
           "in pledges if p.state is PledgeState.HELD]\n    return Effects(\n"),
    Mutant("an award leaves its pledge held", SETTLEMENT,
           "(p.pledge, PledgeState.HELD, PledgeState.AWARDED) for p in due",
           "(p.pledge, PledgeState.HELD, PledgeState.HELD) for p in due"),
    Mutant("reserved credits may be spent", LEDGER,
           "return self.posted - self.reserved", "return self.posted"),
    Mutant("one credit may be missing", LEDGER,
           "if balance.available >= needed:", "if balance.available + 1 >= needed:"),
    Mutant("a negative balance is no fault", LEDGER,
           "if balance.available < 0 and not", "if balance.available < -50 and not"),
    Mutant("a second settlement is no fault", LEDGER,
           "seen.add(row.resolves)", "seen.discard(row.resolves)"),
    Mutant("nobody asks whether it is covered", POST,
           "if payment.debit.kind is not AccountKind.ISSUE:",
           "if payment.debit.kind is AccountKind.ISSUE:"),
    Mutant("everybody's pledge is awarded by each", AWARD,
           "return [p for p in held if p.supporter == awarder.id]", "return held"),
    Mutant("the bounty is settled by the first award", AWARD,
           "if len(chosen) < len(held):", "if not chosen:"),
    Mutant("no cooling-off", AWARD,
           "at + timedelta(seconds=settings.PAYOUT_COOLING_OFF_SECONDS)\n    paid_by",
           "at\n    paid_by"),
    Mutant("no doubt is kept", AWARD, 'sign or "",', '"",'),
    Mutant("no grace", CREDITS,
           "timedelta(days=GRACE_DAYS) < at.date()", "timedelta(0) <= at.date()"),
    Mutant("a moderator decides on their own credits", CREDITS,
           "if moderator.id in stakes | {bounty.item.owner}:", "if moderator.id in set():"),
    Mutant("somebody else's pledges come back too", "flows/take_back_pledge.py",
           "if p.supporter.id == supporter.id and p.state is PledgeState.HELD",
           "if p.state is PledgeState.HELD"),
    Mutant("what is hidden is paid", "flows/pay_due.py",
           "if states != {payout.entry: ItemState.AWARDED, payout.bounty: ItemState.SETTLED}:",
           "if not states:"),
    Mutant("a cancelled bounty keeps its credits", "flows/cancel_bounty.py",
           " + refunding(bounty.pledge_facts)", ""),
    Mutant("an expired bounty keeps its credits", "flows/close_due.py",
           " + refunding(queries.pledges_of(bounty_id))", ""),
    Mutant("work that waits does not stop a cancellation", "flows/cancel_bounty.py",
           "if queries.entries_alive(bounty_id):", "if False:"),
    Mutant("ones own mailbox is nobody's", "core/collusion.py",
           "and normalised_address(own) in boxes", "and own in boxes"),
    Mutant("credits that come straight back are welcome", "core/collusion.py",
           "if others & facts.paid_by_creator:", "if False:"),
)  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project once more, to be spoiled."""
    root = tmp_path_factory.mktemp("mutants")
    for folder in ("src", "tests"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def outcome(root: Path) -> tuple[int, str]:
    """Run the tests of credits in a copy: exit code, and the first test that noticed something."""
    command = [
        sys.executable,
        *["-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m"],
        "not prove",
        *TESTS,
    ]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    env = kept | {"PYTHONPATH": f"{root / 'src'}:{root}", "ASSENT_DATA": str(root / "data")}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    first = failed[0].split(" - ")[0].rpartition("::")[2] if failed else done.stdout[-2000:]
    return done.returncode, first


def test_without_a_mistake_everything_passes(copy: Path) -> None:
    assert outcome(copy)[0] == 0


@pytest.mark.parametrize("mutant", PLANTED, ids=lambda m: m.mistake.replace(" ", "-"))
def test_a_planted_mistake_is_noticed(mutant: Mutant, copy: Path) -> None:
    file = copy / "src" / "assent" / mutant.file
    honest = file.read_text()
    assert honest.count(mutant.was) == 1, "the rule reads differently now: plant it anew"
    file.write_text(honest.replace(mutant.was, mutant.becomes))
    try:
        code, noticed = outcome(copy)
    finally:
        file.write_text(honest)
    assert code == 1, f"no test noticed: {mutant.mistake}"
    print(f"{mutant.mistake:<50}{noticed}")  # noqa: T201 - the list of what was killed, and by what
