"""The house numbers: how long a file and a function may be, and what must not be in the tree."""

from __future__ import annotations

import ast
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "assent"
NOT_OURS = {".git", ".venv", ".tools", "node_modules", "var", "dist", "__pycache__"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def code(folder: Path) -> dict[Path, str]:
    """Return the Python written here: no generated migrations, and no empty files to help us."""
    files = {path: path.read_text() for path in sorted(folder.rglob("*.py"))}
    return {
        path: text
        for path, text in files.items()
        if text.strip() and "migrations" not in path.parts
    }


@cache
def functions() -> dict[str, Function]:
    """Return every function and method by a name that an editor can open."""
    return {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": node
        for path, text in code(SOURCE).items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, Function)
    }


def lines_in(node: Function) -> int:
    """Count from `def` to the last line, the docstring included."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files which are, or would be, in the repository."""
    # Another user's clone is fine to read, so git is told not to mind whose it is.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:  # an unpacked archive
        paths = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def places(pattern: str) -> Iterator[str]:
    """Yield file:line of every match in the text files of the repository."""
    wanted = re.compile(pattern)
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue  # not text
        for number, line in enumerate(text.splitlines(), start=1):
            if wanted.search(line):
                yield f"{path.relative_to(ROOT)}:{number}"


def test_files_are_short() -> None:
    lengths = {path: len(text.splitlines()) for path, text in code(SOURCE).items()}
    assert {str(path): count for path, count in lengths.items() if count > 400} == {}
    assert statistics.median(lengths.values()) <= 90


def test_functions_are_short() -> None:
    lengths = {name: lines_in(node) for name, node in functions().items()}
    assert {name: count for name, count in lengths.items() if count > 60} == {}
    assert statistics.median(lengths.values()) <= 9
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= 30


def test_functions_say_their_types() -> None:
    untyped = [name for name, node in functions().items() if not is_typed(node)]
    assert untyped == []


def is_typed(node: Function) -> bool:
    """Return whether every argument but self and cls, and the result, has a type."""
    spec = node.args
    named = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
    starred = [arg for arg in (spec.vararg, spec.kwarg) if arg]
    plain = [arg.arg for arg in (*named, *starred) if arg.annotation is None]
    return node.returns is not None and set(plain) <= {"self", "cls"}


def test_how_much_test_there_is_for_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    product, tests = (
        sum(len(text.splitlines()) for text in code(folder).values())
        for folder in (SOURCE, ROOT / "tests")
    )
    with capsys.disabled():  # a number to watch, not one to pass
        sys.stdout.write(f"\ntest lines per code line: {tests}/{product} = {tests / product:.2f}\n")


def test_locks_leave_keys_alone() -> None:
    """Whoever writes a row that names a locked one asks for its key when the transaction ends. A
    lock that has it too, and waits for the journal, would never be let go."""
    calls = re.compile(r"select_for_update\((?!no_key=True)")
    assert [str(path) for path, text in code(SOURCE).items() if calls.search(text)] == []


def test_pinned_packages_name_no_host() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text(), path
    for path in tracked():
        if path.name == "package-lock.json":
            packages = json.loads(path.read_text())["packages"]
            assert [name for name, entry in packages.items() if "resolved" in entry] == [], path


def test_nothing_names_a_folder_of_someones_machine() -> None:
    assert list(places(r"(?<![\w.:/-])/(?:work|root|home|Users)/")) == []


def test_nothing_is_left_to_do() -> None:
    assert list(places(r"\b(?:TO" "DO|FIX" "ME|XX" r"X)\b")) == []
