"""`assent inspect`: what a model or image file is, without ever running or unpickling it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from assent.core.files.beside import MOST_BYTES, beside, beside_clues
from assent.core.files.config_clues import Clue
from assent.core.fingerprints.look import look_at

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
    for number, path in enumerate(files, start=1):
        record, fault = _look_at(path, f"{number:,} of {len(files):,} ")
        unread = unread or fault is not None
        unsafe = unsafe or not record["safe"]
        if fault is not None:
            click.echo(f"assent inspect: {_visible(str(path))}: {fault}", err=True)
        if as_json:
            click.echo(json.dumps(record, ensure_ascii=False))
        elif fault is None:
            click.echo(_as_text(record))
    sys.exit(2 if unread else int(unsafe))


def _look_at(path: Path, place: str) -> tuple[dict[str, Any], str | None]:
    """The record of a file, and why it could not be read, if it could not."""
    try:
        if not path.is_file():
            fault = "not a file" if path.exists() else "no such file"
            return _unread(path, fault), fault
        return _examined(path, place), None
    except EOFError:
        return _unread(path, _CHANGED), _CHANGED
    except OSError as error:
        fault = error.strerror or "cannot be read"
        return _unread(path, fault), fault


def _examined(path: Path, place: str) -> dict[str, Any]:
    name, size = click.format_filename(path), path.stat().st_size
    with path.open("rb") as fileobj:
        if not sys.stderr.isatty():
            return look_at(fileobj, name, size, beside=_beside(path)).as_record()
        with click.progressbar(
            length=size, label=place + _visible(path.name), file=sys.stderr
        ) as bar:
            advance: Callable[[int], object] = bar.update
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
