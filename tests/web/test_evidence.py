"""The sealed file for the police or a lawyer."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import datetime

from assent.casework.models import Case
from assent.flows.publish_root import publish_root
from assent.gateways import clock
from assent.gateways.signing import EVIDENCE, verified
from assent.journal.chain import Link, link_hash
from assent.journal.merkle import holds
from tests.cast import Visitor
from tests.flows.market import notice, offered
from tests.web.test_case_actions import CANARY, acted, opened


def test_req_td_25_a_signed_file_says_what_the_record_knows_and_no_name(
    stranger: Visitor, cora: Visitor
) -> None:
    listing = offered(cora.member)
    receipt = notice(listing, CANARY, contact={"kind": "email", "value": f"{CANARY}@example.org"})
    publish_root()
    assert acted(stranger, opened(stranger, receipt), "evidence").status == 403
    Case.objects.update(confirmed_at=clock.now())
    page = acted(stranger, opened(stranger, receipt), "evidence")
    assert page.headers["Content-Type"] == "application/zip"
    assert "file.zip" in page.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(page.raw)) as box:
        files = {name: box.read(name) for name in box.namelist()}
    claims = verified(files["seal.jws"].decode(), EVIDENCE, json.loads(files["keys.json"]))
    for name, digest in claims["sha256"].items():
        assert hashlib.sha256(files[name]).hexdigest() == digest
    assert set(files) - set(claims["sha256"]) == {"seal.jws", "keys.json"}
    facts = json.loads(files["facts.json"])
    (item,) = [one for one in facts["items"] if one["id"] == listing]
    assert item["put_here_by"] == cora.member.key
    assert len(item["files"][0]["sha256"]) == 64
    for proof in json.loads(files["journal.json"]):
        assert proof["proofs"]
        for one in proof["proofs"]:
            row = one["row"] | {"at": datetime.fromisoformat(one["row"]["at"])}
            assert holds(
                link_hash(Link(**row)), row["seq"], proof["rows"], one["path"], proof["root"]
            )
    whole = b"".join(files.values()).decode()
    for secret in (CANARY, "cora", receipt.pin, "A watercolour"):
        assert secret not in whole
