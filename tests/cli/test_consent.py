"""`assent verify-receipt`, `verify-consent` and `rotate-consent-key`, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assent.catalogue.models import Item
from assent.cli.books import verify_consent
from assent.cli.consent import rotate_consent_key, verify_receipt, verify_statement
from assent.core.consent.disclosure import combined, split
from assent.effects.ended import ENDED
from assent.gateways import signing
from assent.gateways.secrets import unseal
from assent.ops.proofs import consent_proof
from tests.core.consent.made import SIGNED
from tests.flows.market import join

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(tmp_path: Path) -> tuple[Path, Path]:
    """A receipt and the published keys, as files."""
    from assent.consent.models import Grant
    from assent.flows.record_consent import record_consent
    from assent.gateways.verifier import Vouched

    record_consent(Vouched("notary", SIGNED.names), join("rita"), SIGNED)
    kept = unseal("receipt", Grant.objects.get().sealed)["receipt"]
    file, keys = tmp_path / "vera.sd-jwt", tmp_path / "keys.json"
    file.write_text(kept + "\n")
    keys.write_text(json.dumps(signing.published_keys()))
    return file, keys


def test_a_receipt_verifies_offline(receipt: tuple[Path, Path]) -> None:
    file, keys = receipt
    done = CliRunner().invoke(verify_receipt, [str(file), "--keys", str(keys)])
    assert done.exit_code == 0, done.output
    assert "The signature holds" in done.output
    assert "Vera Lindqvist-Oyelaran" in done.output
    as_json = CliRunner().invoke(verify_receipt, [str(file), "--keys", str(keys), "--json"])
    assert json.loads(as_json.output)["valid"] is True


def test_without_disclosures_it_says_nothing_of_whose_it_is(receipt: tuple[Path, Path]) -> None:
    file, keys = receipt
    file.write_text(combined(split(file.read_text())[0], []))
    done = CliRunner().invoke(verify_receipt, [str(file), "--keys", str(keys)])
    assert done.exit_code == 0
    assert "not disclosed" in done.output
    assert "Lindqvist" not in done.output


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-9], lambda t: "x" + t, lambda t: "", lambda t: t * 2]
)
def test_a_spoiled_receipt_is_found(receipt: tuple[Path, Path], spoil: object) -> None:
    file, keys = receipt
    file.write_text(spoil(file.read_text().strip()))  # type: ignore[operator]
    done = CliRunner().invoke(verify_receipt, [str(file), "--keys", str(keys)])
    assert done.exit_code == 1
    assert done.output.startswith("No: ")


def test_the_market_is_proved_and_a_fault_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from datetime import date

    from tests.flows.market import posted, state

    assert consent_proof(date(2030, 1, 1)).faults == ()
    rita = join("rita", 1000)
    bounty = posted(rita, "LoRA of Taylor Swift")
    assert consent_proof(date(2030, 1, 1)).depicting == 0  # refused is not public
    # Somebody with write access to the database opens it by hand.
    Item.objects.filter(id=bounty).update(state="open")
    assert state(bounty) == "open"
    found = consent_proof(date(2030, 1, 1))
    assert found.depicting == 1
    assert bounty in found.faults[0]
    monkeypatch.setattr("assent.cli.books.require_market", lambda data: None)
    done = CliRunner().invoke(verify_consent, ["--json"])
    assert done.exit_code == 1
    assert json.loads(done.output)["depicting"] == 1
    assert ENDED.code == "consent_not_in_force"


def test_a_new_key_signs_from_now_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assent.cli.consent.require_market", lambda data: None)
    before = len(signing.published_keys()["keys"])
    done = CliRunner().invoke(rotate_consent_key, [])
    assert done.exit_code == 0
    assert len(signing.published_keys()["keys"]) == before + 1


def test_a_statement_beside_a_file_verifies_offline(tmp_path: Path) -> None:
    from hashlib import sha256

    from assent.core.consent.statement import TYPE, statement
    from assent.core.files.ai_mark import RestsOn
    from assent.gateways import clock
    from tests.flows.market import lora_file

    content = lora_file().read()
    record = RestsOn("C-7K3M9QX2", "https://market.example.org/consent/C-7K3M9QX2")
    claims = statement(
        "https://market.example.org",
        clock.now(),
        sha256=sha256(content).hexdigest(),
        tensor_hash="",
        is_made_by_ai=True,
        record=record,
    )
    model, other, said, keys = (tmp_path / n for n in ("a.safetensors", "b.png", "a.jws", "k.json"))
    model.write_bytes(content)
    other.write_bytes(b"something else")
    said.write_text(signing.sign(claims, TYPE) + "\n")
    keys.write_text(json.dumps(signing.published_keys()))

    def verify(file: Path, *more: str) -> tuple[int, str]:
        words = [str(file), str(said), "--keys", str(keys), *more]
        found = CliRunner().invoke(verify_statement, words)
        return found.exit_code, found.output

    code, shown = verify(model)
    assert code == 0
    assert "this is the file" in shown
    assert "C-7K3M9QX2" in shown
    code, shown = verify(other, "--json")
    assert code == 1
    assert json.loads(shown)["file"] == "another_file"
    said.write_text(signing.sign(claims, "another+jwt"))
    assert verify(model)[0] == 1
