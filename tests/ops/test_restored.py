"""A backup is restored, for real: nothing that was taken down since is served."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assent.core.standing import Line, Said, line_of, standing
from assent.core.terms import Digest
from tests.ops.apart import READY, environment, run

MARKET = f"""{READY}
import json
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.flows.market import join, offered
cora = join("cora")
print(json.dumps([offered(cora, seed) for seed in (1, 2, 3)]))
"""
TAKEN_DOWN = f"""{READY}
import sys
from assent.core.notices import Ground
from assent.core.terms import Role
from assent.flows.decide_case import remove_in_case
from assent.flows.give_back import agree_to_refusal, propose_refusal
from tests.flows.market import join, notice
removed, hidden, back = {{items}}
mo, mia = join("mo", role=Role.MODERATOR), join("mia", role=Role.MODERATOR)
remove_in_case(mo, notice(removed).number)
notice(hidden)
wrong = notice(back).number
propose_refusal(mo, wrong, Ground.NO_LIKENESS)
agree_to_refusal(mia, wrong)
"""
RESTORED = f"""{READY}
import json
from assent.flows.reapply_takedowns import reapply_takedowns
from assent.ops.proofs import journal_proof, ledger_proof
from assent.people.queries import by_name
from tests.flows.market import offered, state
before = [state(i) for i in {{items}}]
hidden = reapply_takedowns()
again = reapply_takedowns()
upload = offered(by_name("cora"), 1)
print(json.dumps({{{{
    "before": before, "hidden": hidden, "again": again, "after": [state(i) for i in {{items}}],
    "upload": state(upload), "faults": [*journal_proof().faults, *ledger_proof().faults],
}}}}))
"""


@pytest.mark.server
def test_req_td_08_a_restored_backup_serves_nothing_that_was_taken_down(tmp_path: Path) -> None:
    data, env = tmp_path, environment(tmp_path)
    items = json.loads(run(MARKET, env))
    shutil.copy(data / "assent.sqlite3", data / "backup")
    run(TAKEN_DOWN.format(items=items), env)
    for left in data.glob("assent.sqlite3*"):
        left.unlink()
    shutil.copy(data / "backup", data / "assent.sqlite3")
    found = json.loads(run(RESTORED.format(items=items), env))
    assert found["before"] == ["published"] * 3, "the backup knows of nothing"
    assert (found["hidden"], found["again"]) == (2, 0)
    assert found["after"] == ["hidden", "hidden", "published"]
    assert found["upload"] == "refused", "the removed file does not come back either"
    assert found["faults"] == []


ONE, TWO = Digest("a" * 64, "sha256", "k1"), Digest("b" * 64, "tensors", "k1")


def test_lines_add_up_in_their_order() -> None:
    log = [
        Line(Said.HIDDEN, "c1", ("x", "y"), (ONE,)),
        Line(Said.HIDDEN, "c2", ("y", "z"), (TWO,)),
        Line(Said.BACK, "c1", ("x", "y")),
        Line(Said.REMOVED, "c2", ("y", "z")),
        Line(Said.HIDDEN, "c3", ("w",), (ONE,)),
        Line(Said.FORGET, "c3"),
    ]
    found = standing(log)
    assert found.gone == {"y", "z", "w"}, "what two cases hold comes back with the second"
    assert found.digests == {"c2": {TWO}}
    assert found.decided == {"c2"}
    assert [line_of(json.loads(json.dumps(one.as_record()))) for one in log] == log
    assert standing([]).gone == set()
