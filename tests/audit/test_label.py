"""Coding by hand: the sample, the store, the page, and what comes of it."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from assent.audit.adjudicate import Opinion
from assent.audit.label.draw import Draw, draw
from assent.audit.label.serve import CodingServer
from assent.audit.label.store import Coding, Store, agreed
from assent.audit.mapping import Wishes
from assent.audit.terms import SourceError
from assent.cli.main import run
from tests.audit.sources_made import AT, audited, jsonl

RECORDS = [
    {"id": f"secret-{n}", "type": ("LoRA", "Image", "Video")[min(n % 10, 2)], "poi": "yes",
     "requester": "secret-user", "title": f"lamp {n}", "description": "<b>brass</b> &amp; glass",
     "screened": "yes" if n % 4 == 0 else "no", "best_fit_theme": "secret_theme"}
    for n in range(80)
]  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "market.jsonl", RECORDS)


def drawn(source: Path, path: Path, **more: object) -> Store:
    wanted = {"size": 20, "by": None, "seed": 1, **more}
    return draw(Draw(source, AT, Wishes(), **wanted), path)  # type: ignore[arg-type]


def test_the_sample_is_even_over_strata_and_repeats(source: Path, tmp_path: Path) -> None:
    first, again = drawn(source, tmp_path / "a"), drawn(source, tmp_path / "b")
    assert first.about["by"] == "predicted_deepfake"
    assert first.strata() == {"false": 60, "true": 20}
    strata = [stratum for stratum, _, _ in first.hidden().values()]
    assert (len(strata), strata.count("true")) == (20, 10)
    assert [first.words(p) for p in range(1, 21)] == [again.words(p) for p in range(1, 21)]
    other = drawn(source, tmp_path / "c", seed=2)
    assert [first.words(p) for p in range(1, 21)] != [other.words(p) for p in range(1, 21)]


def test_a_small_stratum_is_taken_whole_and_others_make_up_for_it(
    source: Path, tmp_path: Path
) -> None:
    store = drawn(source, tmp_path / "a", by="type", size=30)
    strata = [stratum for stratum, _, _ in store.hidden().values()]
    assert {name: strata.count(name) for name in set(strata)} == {
        "LoRA": 8,
        "Image": 8,
        "Video": 14,
    }
    with pytest.raises(SourceError, match='"gender"'):
        drawn(source, tmp_path / "b", by="gender")


def test_a_classifier_may_be_asked_when_the_sample_is_drawn(source: Path, tmp_path: Path) -> None:
    class Odd:
        name = "odd"

        def judge(self, records: list[dict[str, str]]) -> list[Opinion]:
            return [Opinion(int(r["title"].split()[1]) % 2 == 1) for r in records]

    for record in RECORDS:
        record.pop("screened", None)
    plain = jsonl(source, ({k: v for k, v in r.items() if k != "screened"} for r in RECORDS))
    store = drawn(plain, tmp_path / "a", judge=Odd())
    assert (store.strata(), store.about["classifier"]) == ({"false": 40, "true": 40}, "odd")


def test_coding_goes_on_where_it_stopped(source: Path, tmp_path: Path) -> None:
    store = drawn(source, tmp_path / "a")
    store.save(Coding(1, "ada", "yes", "human_deepfake", "female"), "2026-01-01T10:00:00")
    again = Store(tmp_path / "a")
    assert (again.next("ada"), again.next("bo"), again.done("ada")) == (2, 1, 1)
    assert again.before("ada") == 1
    again.save(Coding(1, "ada", "no", "open_request", None), "2026-01-01T10:01:00")
    assert again.coding(1, "ada") == Coding(1, "ada", "no", "open_request", None)
    assert again.done("ada") == 1


def test_most_coders_decide() -> None:
    def said(*words: str | None) -> str | None:
        return agreed(
            [Coding(1, str(n), word, None, None) for n, word in enumerate(words)], "deepfake"
        )

    assert said("yes", "yes", "no") == "yes"
    assert said("yes", "no") is None
    assert said("yes", "unsure", None) == "yes"
    assert said() is None


# The page ----------------------------------------------------------------------------------------


@pytest.fixture
def server(source: Path, tmp_path: Path) -> Iterator[CodingServer]:
    times = iter(range(10_000))
    made = CodingServer(drawn(source, tmp_path / "s"), lambda: f"{next(times):06}")
    thread = threading.Thread(target=lambda: made.serve_forever(poll_interval=0.01))
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def ask(
    server: CodingServer, path: str, form: dict[str, str] | None = None, **headers: str
) -> tuple[int, str, str]:
    """Return status, page and where it leads."""
    link = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    body = None if form is None else urlencode(form)
    link.request("GET" if form is None else "POST", path, body, headers)
    answer = link.getresponse()
    text = answer.read().decode()
    link.close()
    return answer.status, text, answer.getheader("Location", "")


ANSWER = {"deepfake": "yes", "theme": "human_deepfake", "gender": "female"}


def test_a_coder_codes(server: CodingServer) -> None:
    root = urlsplit(server.url).path
    assert "Who is coding?" in ask(server, root)[1]
    status, _, own = ask(server, root, {"coder": "ada l"})
    assert (status, own) == (303, root + "ada%20l")
    for place in range(1, 21):
        page = ask(server, own)[1]
        assert f'name="place" value="{place}"' in page
        assert "brass &amp; glass" in page
        assert ask(server, own, {"place": str(place), **ANSWER})[0] == 303
    assert "All 20 are coded" in ask(server, own)[1]
    back = ask(server, own + "?back=1")[1]
    assert 'name="place" value="20"' in back
    assert 'value="human_deepfake" data-key="2" required checked' in back
    assert server.store.done("ada l") == 20


def test_coders_see_no_verdict_mark_person_or_id(server: CodingServer) -> None:
    own = urlsplit(server.url).path + "ada"
    page = ask(server, own)[1]
    assert "lamp" in page
    assert "secret" not in page


def test_nobody_else_gets_in(server: CodingServer) -> None:
    own = urlsplit(server.url).path + "ada"
    form = {"place": "1", **ANSWER}
    assert ask(server, "/")[0] == 404
    assert ask(server, "/wrong/ada", form)[0] == 404
    assert ask(server, own, Host="evil.example")[0] == 403
    assert ask(server, own, form, Origin="http://evil.example")[0] == 403
    assert ask(server, own, form, Origin="null")[0] == 403
    assert ask(server, urlsplit(server.url).path + "a%2F..%2Fb")[0] == 404
    assert server.store.done("ada") == 0


@pytest.mark.parametrize(
    "form",
    [{}, {"place": "1"}, {**ANSWER, "place": "x"}, {**ANSWER, "place": "99"},
     {**ANSWER, "place": "1", "theme": "mine"}, {**ANSWER, "place": "1", "x": "y" * 9000}],
)  # fmt: skip
def test_a_wrong_form_is_refused_and_nothing_is_kept(
    server: CodingServer, form: dict[str, str]
) -> None:
    own = urlsplit(server.url).path + "ada"
    assert ask(server, own, form)[0] in (400, 404)
    assert server.store.done("ada") == 0


# What comes of it --------------------------------------------------------------------------------


def test_agreement_error_and_corrected_prevalence(source: Path, tmp_path: Path) -> None:
    jsonl(source, ({**r, "screened": "yes" if n % 4 == 0 else "no"} for n, r in enumerate(RECORDS)))
    store = drawn(source, tmp_path / "a", size=40)
    for place, (_, guess, _) in store.hidden().items():
        truth = guess if place % 10 else not guess  # the classifier errs on every tenth
        word, theme = ("yes", "human_deepfake") if truth else ("no", "open_request")
        store.save(Coding(place, "ada", word, theme, None), "1")
        other = word if place % 8 else "no"
        store.save(Coding(place, "bo", other, theme, None), "2")
    found = audited(source, coding=store.path).as_record()["measures"]
    assert found["coding.items"]["count"] == found["coding.items"]["base"] == 40
    assert found["coding.theme.alpha"]["value"] == 1.0
    alpha = found["coding.deepfake.alpha"]
    assert 0.5 < alpha["low"] < alpha["value"] < 1
    assert found["coding.deepfake.kappa.1_2"]["value"] < 1
    assert 0.7 < found["coding.deepfake.macro_f1"]["value"] < 1
    share = found["prevalence.deepfake"]
    assert share["low"] < share["value"] < share["high"]
    labels = tmp_path / "labels.csv"
    assert store.export(labels) == 40
    joined = audited(source, labels=[labels]).as_record()["measures"]
    assert joined["agreement.accuracy"]["of"] == "theme"


def test_the_command(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                     capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("assent.cli.audit_label._run", lambda server: server.server_close())
    arguments = ["audit", "label", str(source), "--size", "6", "--screen"]
    assert run(arguments) == 0
    assert "http://127.0.0.1:" in capsys.readouterr().out
    store = Store(tmp_path / "market.jsonl.coding.sqlite3")
    assert store.size() == 6
    assert run([*arguments, "--export", "labels.csv"]) == 0
    other = jsonl(tmp_path / "other.jsonl", RECORDS)
    assert run(["audit", "label", str(other), "--coding", str(store.path)]) == 2
    assert "not of other.jsonl" in capsys.readouterr().err
    (tmp_path / "x").write_text("no database at all, only words")
    assert run(["audit", "label", str(source), "--coding", "x"]) == 2
    assert json.loads(json.dumps(store.about))["source"] == "market.jsonl"
