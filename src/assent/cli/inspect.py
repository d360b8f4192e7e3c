"""`assent inspect`: what a model or image file is, without ever running or unpickling it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assent.core.files.beside import MOST_BYTES, beside, beside_clues
from assent.core.files.config_clues import Clue
from assent.core.fingerprints.look import look_at

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

_HASHES = (
    *("sha256", "blake3", "crc32", "autov1", "autov2", "autov3", "tensor_hash"),
    *("sshs_model_hash", "sshs_legacy_hash"),
)
_CLAIMS = {True: "this is what the file claims:", False: "EDITED after it was saved, says"}
_CHANGED = "it became shorter while it was looked at"
_UNREAD = ("format", "bytes", *_HASHES, "base_model", "adapter", "image", "fingerprint")


@click.command("inspect")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, in the order given.")
def inspect(files: tuple[Path, ...], as_json: bool) -> None:
    """Say what each FILE is: format, hashes, problems, and what a model was trained on, also by
    files of settings that lie beside it.

    Exit code: 0 nothing wrong, 1 a problem found, 2 a file that could not be read.
    """
    unread = unsafe = False
    with _Progress(files) as progress:
        for path in files:
            record, fault = _look_at(path, progress)
            unread = unread or fault is not None
            unsafe = unsafe or not record["safe"]
            if fault is not None:
                progress.aside(f"assent inspect: {_visible(str(path))}: {fault}")
            if as_json:
                click.echo(json.dumps(record, ensure_ascii=False))
            elif fault is None:
                click.echo(_as_text(record))
    sys.exit(2 if unread else int(unsafe))


class _Progress:
    """One bar over all bytes, on a terminal alone; it stands still for what cannot be read. Where
    the results are on a terminal as well, each file has a bar of its own, so that lines stay
    whole."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        self._files, self._number = files, 0
        self._shown = sys.stderr.isatty()
        self._shared = self._shown and not sys.stdout.isatty()
        self._bar: ProgressBar[int] | None = None

    def __enter__(self) -> _Progress:
        if self._shared:
            self._bar = self._bar_of(sum(_size(path) for path in self._files), "")
            self._bar.__enter__()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)

    def _bar_of(self, length: int, label: str) -> ProgressBar[int]:
        return click.progressbar(length=length, label=label, file=sys.stderr)

    @contextmanager
    def of(self, path: Path, size: int) -> Iterator[Callable[[int], object] | None]:
        """Yield what is told the bytes that were read of a file."""
        self._number += 1
        label = f"{self._number:,} of {len(self._files):,} {_visible(path.name)}"
        if self._bar is not None:
            self._bar.label = f"{label[:40]:40}"
            yield self._bar.update
        elif self._shown:
            with self._bar_of(size, label) as bar:
                yield bar.update
        else:
            yield None

    def aside(self, line: str) -> None:
        """Say something without breaking the bar."""
        click.echo(f"\r\033[K{line}" if self._bar is not None else line, err=True)


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size if path.is_file() else 0
    return 0


def _look_at(path: Path, progress: _Progress) -> tuple[dict[str, Any], str | None]:
    """The record of a file, and why it could not be read, if it could not."""
    try:
        if not path.is_file():
            fault = "not a file" if path.exists() else "no such file"
            return _unread(path, fault), fault
        return _examined(path, progress), None
    except EOFError:
        return _unread(path, _CHANGED), _CHANGED
    except OSError as error:
        fault = error.strerror or "cannot be read"
        return _unread(path, fault), fault
    except Exception as error:  # a bug of ours must not keep the other files from being looked at
        fault = f"a fault of Assent's ({type(error).__name__}), please report it"
        return _unread(path, fault), fault


def _examined(path: Path, progress: _Progress) -> dict[str, Any]:
    name, size = click.format_filename(path), path.stat().st_size
    with path.open("rb") as fileobj, progress.of(path, size) as advance:
        found = look_at(fileobj, name, size, progress=advance, beside=_beside(path))
        return found.as_record()


def _beside(path: Path) -> list[Clue]:
    """What files beside a model say of it; one that cannot be read says nothing."""
    if path.suffix.lower() != ".safetensors":
        return []
    clues: list[Clue] = []
    for name in beside(path.name):
        with suppress(OSError):
            other = path.parent / name
            if other.is_file():
                with other.open("rb") as fileobj:
                    clues += beside_clues(name, fileobj.read(MOST_BYTES))
    return clues


def _unread(path: Path, fault: str) -> dict[str, Any]:
    """A line for a file that could not be read: nothing known, and so never safe."""
    problem = {"code": "cannot_read", "sentence": f"This file could not be read: {fault}."}
    return {
        "path": click.format_filename(path),
        **dict.fromkeys(_UNREAD),
        "safe": False,
        "problems": [problem],
        "metadata": {},
        "claimed_hashes": {},
        "training_subject": [],
        "training_subject_cut": False,
    }


def _as_text(record: dict[str, Any]) -> str:
    """A block of lines for a person: problems first after the title."""
    lines = [f"{_visible(record['path'])}: {record['format']}, {record['bytes']:,} bytes"]
    lines += [f"  problem      {one['sentence']}" for one in record["problems"]]
    if image := record["image"]:
        lines.append(f"  size         {image['width']:,} x {image['height']:,} pixels")
    if adapter := record["adapter"]:
        rank, modules = adapter["rank"] or "unknown", adapter["modules"] or "unknown"
        lines.append(f"  adapter      {adapter['kind']}, rank {rank}, modules {modules}")
    if record["base_model"]:
        lines.append(f"  base model   {record['base_model']}")
    lines += [f"  {key:<12} {value}" for key, value in record["metadata"].items()]
    lines += [f"  {key:<12} {record[key]}" for key in _HASHES if record[key]]
    lines += [f"  note         {_CLAIMS[h]} {note}" for note, h in record["claimed_hashes"].items()]
    if printed := record["fingerprint"]:
        start = printed["bits"][:16]
        what = f"{printed['modules']} modules" if printed["modules"] else "picture"
        lines.append(f"  fingerprint  {printed['version']} {start}..., {what}")
    lines += _subject_lines(
        record["training_subject"], "made from" if record["image"] else "trained on"
    )
    return "\n".join(lines)


def _subject_lines(subjects: list[dict[str, Any]], label: str) -> list[str]:
    """The ten strongest clues."""
    shown = [f"  {label:<12} {_visible(one['text'])}  ({one['from']})" for one in subjects[:10]]
    more = len(subjects) - len(shown)
    return [*shown, f"  {label:<12} and {more:,} more (see --json)"] if more else shown


def _visible(text: str) -> str:
    """An uploader's text must not reach the terminal's control codes."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
