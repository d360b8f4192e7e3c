"""The documentation is true: nothing undocumented, nothing invented, no broken link.

Each check is a function from text to a list of faults, so that it can be shown to fail.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click
import pytest
from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern
from tools import docs

from assent.core.terms import RefusalKind as K
from assent.journal.chain import Link, link_hash
from assent.ops.demo import CAST
from tests.test_tidy import ROOT, SOURCE, tracked

REFERENCE = ROOT / "docs" / "reference"
SHELVES = ("start", "guides", "reference", "concepts", "decisions")


def pages() -> dict[Path, str]:
    """Return every page that we wrote."""
    return {p: p.read_text() for p in tracked() if p.suffix == ".md" and "vendor" not in p.parts}


def reference(name: str = "") -> str:
    """Return one page of the reference, or all of them."""
    found = [REFERENCE / name] if name else sorted(REFERENCE.glob("*.md"))
    return "\n".join(path.read_text() for path in found)


def trees(folder: Path = SOURCE) -> Iterator[ast.Module]:
    """Yield the syntax tree of every source file."""
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            yield ast.parse(path.read_text())


def missing(names: Iterable[str], text: str) -> list[str]:
    """Return the names that the text does not show as code."""
    shown = set(re.findall(r"`([^`\n]+)`", text))
    return sorted(set(names) - shown)


def section(page: str, title: str) -> str:
    """Return the part of a page of the reference under this heading."""
    return reference(page).split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def invented(names: Iterable[str], text: str) -> list[str]:
    """Return what the first column of the tables has as code and what is not among the names."""
    cells = re.findall(r"^\| ([^|]*)\|", text, re.MULTILINE)
    return sorted({word for cell in cells for word in re.findall(r"`([^`]+)`", cell)} - set(names))


def test_an_invented_name_is_seen() -> None:
    assert invented(["real"], "| `real`, `unreal` | `other` |") == ["unreal"]


def test_a_missing_name_is_seen() -> None:
    assert missing(["kept", "lost"], "Only `kept` is here; lost is not code.") == ["lost"]


# Settings ----------------------------------------------------------------------------------------

VARIABLE = re.compile(r"ASSENT_[A-Z0-9_]+")


def variables(tree: ast.AST) -> set[str]:
    """Return every environment variable of ours that the code names."""
    words = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
    return {word for word in words if isinstance(word, str) and VARIABLE.fullmatch(word)}


def defaults(tree: ast.AST) -> dict[str, str]:
    """Return the default of every variable that `env.text`, `number`, `words` or `flag` reads."""
    found = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name, reader = node.args[0], ast.unparse(node.func).rsplit(".", 1)[-1]
        if isinstance(name, ast.Constant) and VARIABLE.fullmatch(str(name.value)):
            found[str(name.value)] = _default(reader, node.args[1:])
    return found


def _default(reader: str, rest: list[ast.expr]) -> str:
    if reader == "flag":
        return "off"
    if reader == "secret":
        return "made on first use"
    value = eval(ast.unparse(rest[0])) if rest else ""
    return str(value) or "empty"


def wrong_defaults(found: dict[str, str], text: str) -> list[str]:
    """Return the variables whose row does not show their default."""
    rows = dict(re.findall(r"^\| `(ASSENT_\w+)` \| `?([^`|]*?)`? \|", text, re.MULTILINE))
    return [f"{name}: {default}" for name, default in found.items() if rows.get(name) != default]


def config_defaults() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("environment.py", "settings.py"):
        found |= defaults(ast.parse((SOURCE / "config" / name).read_text()))
    return found


def test_every_setting_is_documented() -> None:
    named = set().union(*(variables(tree) for tree in trees()))
    assert missing(named, reference("settings.md")) == []


def test_every_default_is_documented() -> None:
    found = config_defaults()
    assert len(found) > 20
    assert wrong_defaults(found, reference("settings.md")) == []


def test_no_page_names_a_setting_that_is_not_there() -> None:
    real = set().union(*(variables(tree) for tree in trees()))
    real |= set().union(*(variables(tree) for tree in trees(ROOT / "tests")))
    told = {word for text in pages().values() for word in VARIABLE.findall(text)}
    assert told - real == set()


def test_a_missing_or_wrong_setting_is_seen() -> None:
    tree = ast.parse('A = env.number("ASSENT_A", 2 * 3); B = env.flag("ASSENT_B")')
    assert variables(tree) == {"ASSENT_A", "ASSENT_B"}
    assert defaults(tree) == {"ASSENT_A": "6", "ASSENT_B": "off"}
    assert wrong_defaults(defaults(tree), "| `ASSENT_A` | `6` | six |") == ["ASSENT_B: off"]
    assert wrong_defaults({"ASSENT_A": "6"}, "| `ASSENT_A` | `7` | six |") == ["ASSENT_A: 6"]


# Commands ----------------------------------------------------------------------------------------

# A command as somebody would type it, with or without its folder.
TYPED = re.compile(r"(?:^|[`$(|]|&& )\s*(?:\w+=\S+ )*(?:\.venv/bin/)?assent ([a-z][a-z-]*)(.*)")
MADE = re.compile(r"(?:^|[`$(]|&& )\s*make ((?:-k |[A-Z]+=\S+ )*)([a-z][a-z-]*)")


def code_lines(text: str) -> Iterator[str]:
    """Yield the code of a page, a line each: fenced blocks, and words between backticks."""
    for number, part in enumerate(re.split(r"^\s*```.*$", text, flags=re.MULTILINE)):
        if number % 2:
            yield from part.replace("\\\n", " ").splitlines()
        else:
            yield from (f"`{code}`" for code in re.findall(r"`([^`\n]+)`", part))


def unknown_commands(text: str, real: dict[str, click.Command], targets: set[str]) -> list[str]:
    """Return the commands, options and make targets in a page which do not exist."""
    wrong = []
    for line in code_lines(text):
        for name, rest in TYPED.findall(line):
            two = " ".join([name, *rest.split()[:1]])  # a command may have two words
            command = real.get(two) or real.get(name)
            if command is None:
                wrong.append(f"assent {name}")
                continue
            options = {o for p in command.params for o in p.opts} | {"--help"}
            given = re.findall(r"(?<!\S)\[?(--[a-z-]+)", rest.split(" | ")[0])
            wrong += [f"assent {name} {option}" for option in given if option not in options]
        wrong += [f"make {name}" for _, name in MADE.findall(line) if name not in targets]
    return wrong


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_every_command_and_option_is_documented() -> None:
    text = reference("cli.md")
    for name, command in docs.commands().items():
        part = text.split(f"### `assent {name}", 1)
        assert len(part) == 2, f"assent {name}"
        options = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        shown = set(re.findall(r"--?[a-z][a-z-]*", part[1].split("\n### ", 1)[0]))
        assert options - shown == set(), f"assent {name}"


def test_no_page_names_a_command_that_is_not_there() -> None:
    real, targets = docs.commands(), make_targets()
    wrong = {p: unknown_commands(text, real, targets) for p, text in pages().items()}
    assert {str(p.relative_to(ROOT)): found for p, found in wrong.items() if found} == {}


def test_the_two_commands_of_the_readme_exist() -> None:
    text = (ROOT / "README.md").read_text()
    assert missing(["make run", "make test"], text) == []
    assert {"run", "test"} <= make_targets()


def test_an_unknown_command_is_seen() -> None:
    real = {"up": click.Command("up", params=[click.Option(["--demo"])])}
    page = (
        "Assent is here.\n```\nassent up --demo --fast\nassent down\nmake -k chek\n```\n`make run`"
    )
    expected = ["assent up --fast", "assent down", "make chek"]
    assert unknown_commands(page, real, {"run"}) == expected


# Pages and calls ---------------------------------------------------------------------------------


def addresses(patterns: Iterable[object], before: str = "/") -> Iterator[tuple[str, str]]:
    """Yield (name, address) of every named page, placeholders as `{name}`."""
    for pattern in patterns:
        assert isinstance(pattern, URLPattern | URLResolver)
        own = str(pattern.pattern)
        if isinstance(pattern.pattern, RegexPattern):
            own = simplify_regex(own).lstrip("/")
        address = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", own)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        elif pattern.name:
            yield pattern.name, address


def undocumented_pages(found: Iterable[tuple[str, str]], text: str) -> list[str]:
    """Return the pages without a row that has both their address and their name."""
    rows = [set(re.findall(r"`([^`]+)`", line)) for line in text.splitlines() if line[:1] == "|"]
    return [f"{name} {at}" for name, at in found if not any({name, at} <= row for row in rows)]


def our_pages(urls: str = "assent.config.urls") -> list[tuple[str, str]]:
    """Return every page but the calls of the API, which api.md has."""
    every = addresses(get_resolver(urls).url_patterns)
    return [(n, a) for n, a in every if not a.startswith(docs.API_PREFIX) or n == "api_docs"]


@pytest.mark.parametrize("urls", ["assent.config.urls", "assent.config.urls_takedown"])
def test_every_page_is_documented(urls: str) -> None:
    found = our_pages(urls)
    assert ("takedown", "/takedown") in found
    assert undocumented_pages(found, reference("pages.md")) == []


def test_no_page_is_invented() -> None:
    assert invented({address for _, address in our_pages()}, reference("pages.md")) == []


def test_every_call_is_documented() -> None:
    names = [f"{method} {path}" for method, path, _ in docs.calls()]
    assert len(names) > 8
    assert missing(names, reference("api.md")) == []


def test_a_missing_page_is_seen() -> None:
    text = "| `/a/{b}` | `ab` | anyone |\n| `/c` | | anyone |"
    assert undocumented_pages([("ab", "/a/{b}"), ("c", "/c")], text) == ["c /c"]


# Codes, verbs, states ----------------------------------------------------------------------------


def literals(tree: ast.AST, callee: str, place: int, keyword: str = "") -> Iterator[str]:
    """Yield the text given to each call of `callee` at this place; what is not a text is yielded
    as it is written, between angle brackets."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func).split(".")[-1] != callee:
            continue
        named = [k.value for k in node.keywords if k.arg == keyword]
        given = named or ([] if place < 0 else node.args[place : place + 1])
        for value in given:
            text = value.value if isinstance(value, ast.Constant) else None
            yield text if isinstance(text, str) else f"<{ast.unparse(value)}>"


# Not written out where they are made: each stands for codes that are collected elsewhere.
ELSEWHERE = {
    "<answer.kind.value>",  # a RefusalKind
    "<self.code>",  # a problem of a file
    "<code>",  # a problem of a file
    "<f'kind_{kind.value}'>",  # documented as `kind_…`
    "<verdict.code>",  # from the policy
    "<ruling.code>",  # from the policy
}


def every(callee: str, place: int, keyword: str = "") -> set[str]:
    """Return what `literals` finds in all of the source, what is known elsewhere left out."""
    found = (literals(tree, callee, place, keyword) for tree in trees())
    return set().union(*found) - ELSEWHERE


def policy_codes() -> set[str]:
    folder = SOURCE / "core" / "screening" / "data" / "policies"
    rules = (tomllib.loads(p.read_text())["rules"] for p in sorted(folder.glob("*.toml")))
    return {rule["code"] for listed in rules for rule in listed}


DENIALS = (K.NOT_ALLOWED, K.NOT_FOUND, K.GONE, K.SIGN_IN)


def refusal_codes() -> set[str]:
    words = importlib.import_module("assent.api.shape")._WORDS
    spoken = {code for code, _ in words.values()} | {"refused"}  # the API's own, for what is left
    said = {code for code in every("error", 1) if code[0] != "<"}
    return every("Refusal", 0) | said | spoken | {kind.value for kind in DENIALS}


def test_every_refusal_code_is_documented() -> None:
    found = refusal_codes()
    assert {"not_enough_credits", "notice_incomplete", "sign_in", "gone"} <= found
    text = section("errors.md", "Refusals")
    assert (missing(found, text), invented(found, text)) == ([], [])


def test_every_code_of_a_ruling_is_documented() -> None:
    found = {code for code in every("Ruling", 2) if code[0] != "<"} | policy_codes()
    assert {"likeness_without_consent", "file_not_taken"} <= found
    text = section("errors.md", "Rulings")
    assert (missing(found, text), invented(found, text)) == ([], [])


def test_every_problem_of_a_file_is_documented() -> None:
    found = {code for code in every("Problem", 0) | every("Unsound", 0) if code[0] != "<"}
    assert "damaged_header" in found
    assert missing(found, reference("files.md")) == []


EITHER_VERB = "<'credits.pending' if p.pending else 'credits.moved'>"


def test_every_journal_verb_is_documented() -> None:
    found = every("Event", 0) - {EITHER_VERB} | {"credits.pending", "credits.moved"}
    assert "item.moved" in found
    text = section("journal.md", "Verbs")
    assert (missing(found, text), invented(found, text)) == ([], [])


def test_every_rule_in_the_journal_is_documented() -> None:
    found = {r for r in every("apply", -1, "rule") | every("Ruling", 1) if r[0] != "<"}
    text = section("journal.md", "Rules")
    assert (missing(found, text), invented(found, text)) == ([], [])


def test_every_state_is_documented() -> None:
    found = {state.value for enum in docs.ENUMS.values() for state in enum}
    assert missing(found, reference("states.md")) == []


def test_no_state_is_left_out_of_the_reference() -> None:
    from assent.core import ledger, terms

    ends = ("State", "Status", "Outcome")
    enums = {e for module in (ledger, terms) for n, e in vars(module).items() if n.endswith(ends)}
    assert enums <= set(docs.ENUMS.values())


def test_a_missing_code_is_seen() -> None:
    tree = ast.parse("Refusal('lost', 'No.')\nx.Refusal(code, 'No.')\napply(rule='a.b')")
    assert list(literals(tree, "Refusal", 0)) == ["lost", "<code>"]
    assert list(literals(tree, "apply", -1, "rule")) == ["a.b"]
    assert missing(["lost"], reference("errors.md")) == ["lost"]


# What the code writes ----------------------------------------------------------------------------


def test_what_the_code_writes_is_fresh() -> None:
    stale = [str(path.relative_to(ROOT)) for path in docs.stale()]
    assert stale == [], "run: .venv/bin/python -m tools.docs"


def test_a_stale_page_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "REFERENCE", tmp_path)
    monkeypatch.setattr(docs, "PARTS", {"moves": ("states.md", docs.moves)})
    page = tmp_path / "states.md"
    page.write_text("Before.\n<!-- begin: moves -->\nold\n<!-- end: moves -->\nAfter.\n")
    (fresh,) = docs.stale().values()
    assert fresh.startswith("Before.\n")
    assert fresh.endswith("After.\n")
    page.write_text(fresh)
    assert docs.stale() == {}


def test_the_example_of_the_journal_is_true() -> None:
    row, digest = re.findall(
        r"```json\n(.+)\n```\n\nhas the hash `(\w+)`", reference("journal.md")
    )[0]
    seq, at, *rest = json.loads(row)
    assert link_hash(Link(seq, datetime.fromisoformat(at), *rest)) == digest
    assert hashlib.sha256(row.encode()).hexdigest() == digest


def test_the_people_of_the_demo_are_introduced() -> None:
    assert missing(CAST, (ROOT / "README.md").read_text()) == []


# Links and shelves -------------------------------------------------------------------------------

LINK = re.compile(r"\]\(([^()\s]+)\)")


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken_links(path: Path, text: str) -> list[str]:
    """Return the relative links of a page that lead nowhere."""
    wrong = []
    for link in LINK.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file) if file else path
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            wrong.append(link)
    return wrong


def test_no_link_is_broken() -> None:
    wrong = {str(p.relative_to(ROOT)): broken_links(p, text) for p, text in pages().items()}
    assert {page: links for page, links in wrong.items() if links} == {}


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Two words\n[a](page.md#two-words) [b](page.md#no) [c](gone.md) [d](#two-words)"
    )
    assert broken_links(page, page.read_text()) == ["page.md#no", "gone.md"]


FILE = re.compile(r"(?:[\w-]+/)+[\w.-]+\.(?:py|toml|txt)")


def unknown_files(text: str) -> list[str]:
    """Return the files that a page names, from the root or from src/assent, and that are not."""
    named = (code for line in code_lines(text) for code in FILE.findall(line))
    return [n for n in named if not ((ROOT / n).exists() or (SOURCE / n).exists())]


def test_no_page_names_a_file_that_is_not_there() -> None:
    ours = {p: text for p, text in pages().items() if p.is_relative_to(ROOT / "docs")}
    wrong = {str(p.relative_to(ROOT)): unknown_files(text) for p, text in ours.items()}
    assert {page: files for page, files in wrong.items() if files} == {}


def test_an_unknown_file_is_seen() -> None:
    assert unknown_files("`core/terms.py` and `core/turns.py`") == ["core/turns.py"]


def test_every_page_of_a_shelf_is_reached_from_the_readme() -> None:
    seen, wanted = set(), {ROOT / "README.md"}
    while wanted:
        page = wanted.pop()
        seen.add(page)
        links = (page.parent / link.partition("#")[0] for link in LINK.findall(page.read_text()))
        wanted |= {p.resolve() for p in links if p.suffix == ".md" and p.exists()} - seen
    shelved = {p for shelf in SHELVES for p in (ROOT / "docs" / shelf).rglob("*.md")}
    assert sorted(str(p.relative_to(ROOT)) for p in shelved - seen) == []
