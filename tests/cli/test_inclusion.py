"""A case's own person proves, with the published roots alone, that it is in the journal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assent.casework.queries import key_of
from assent.cli.inclusion import verify_proof
from assent.flows.publish_root import publish_root
from assent.journal.queries import inclusion, published_roots
from tests.flows.market import join, notice, posted

pytestmark = pytest.mark.django_db


def test_a_proof_holds_and_one_changed_word_breaks_it(tmp_path: Path) -> None:
    number = notice(posted(join("rita", 1000))).number
    key = key_of(number)
    assert key is not None
    assert inclusion(key) == {"proofs": []}
    publish_root()
    proof, roots = tmp_path / "proof.json", tmp_path / "roots.json"
    roots.write_text(
        json.dumps({"roots": [{"rows": r.rows, "root": r.root} for _, r in published_roots()]})
    )

    def checked(found: object) -> tuple[int, str]:
        proof.write_text(json.dumps(found))
        done = CliRunner().invoke(verify_proof, [str(proof), "--roots", str(roots)])
        return done.exit_code, done.output

    found = inclusion(key)
    assert number not in json.dumps(found)
    assert checked(found)[0] == 0
    assert checked({**found, "root": "0" * 64})[0] == 1
    assert checked({**found, "proofs": []})[0] == 1
    assert checked([])[0] == 2
    found["proofs"][0]["row"]["verb"] = "case.decided"
    assert "is not in the journal" in checked(found)[1]
    assert key_of("nothing") is None
