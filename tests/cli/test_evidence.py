"""A lawyer checks a sealed file offline, and is told what does not hold."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from assent.casework.queries import key_of
from assent.casework.status import status_by_key
from assent.cli.evidence import verify_evidence
from assent.flows.publish_root import publish_root
from assent.flows.seal_evidence import seal_evidence
from assent.gateways.signing import published_keys
from assent.journal.queries import published_roots
from tests.flows.market import join, notice, posted

pytestmark = pytest.mark.django_db


def changed(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The same file with one word of one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as box, zipfile.ZipFile(out, "w") as other:
        for part in box.namelist():
            read = box.read(part)
            assert part != name or old in read
            other.writestr(part, read.replace(old, new) if part == name else read)
    return out.getvalue()


def test_req_td_25_a_changed_word_is_found(tmp_path: Path) -> None:
    key = key_of(notice(posted(join("rita", 1000))).number)
    assert key is not None
    publish_root()
    sealed = seal_evidence(status_by_key(key))
    file, keys, roots = tmp_path / "file.zip", tmp_path / "keys.json", tmp_path / "roots.json"
    keys.write_text(json.dumps(published_keys()))
    listed = [{"rows": r.rows, "root": r.root} for _, r in published_roots()]
    roots.write_text(json.dumps({"roots": listed}))

    def checked(content: bytes, *options: str) -> tuple[int, str]:
        file.write_bytes(content)
        done = CliRunner().invoke(verify_evidence, [str(file), *options])
        return done.exit_code, done.output

    whole = ("--keys", str(keys), "--roots", str(roots))
    code, text = checked(sealed, *whole)
    assert (code, "Held against" in text) == (0, False)
    assert "Held against what it says itself" in checked(sealed)[1]
    for name, old, new in (
        ("facts.json", b'"hidden"', b'"nobody"'),
        ("read-me.txt", b"What this is", b"What it was"),
        ("journal.json", b"case.received", b"case.decided"),
    ):
        code, text = checked(changed(sealed, name, old, new), *whole)
        assert code == 1
        assert f"{name} was changed" in text
    code, text = checked(changed(sealed, "seal.jws", b".", b".A"), *whole)
    assert (code, "not the site's" in text) == (1, True)
    roots.write_text(json.dumps({"roots": [{"rows": 1, "root": "0" * 64}]}))
    assert "not among the published" in checked(sealed, *whole)[1]
    for nonsense in (b"", b"PK", b"x" * 99):
        assert checked(nonsense)[0] == 2
