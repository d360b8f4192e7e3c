"""Files that lie beside a model and say what it was trained on, as trainers and sites leave them.

PEFT writes `adapter_config.json`, diffusers' training scripts a README with the prompt, web UIs and
downloaders a JSON of the model's own name. They are claims, as notes inside a model are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from assent.core.files.config_clues import Clue, config_clues, setting_clues

MOST_BYTES = 2_000_000
_FIXED = (
    "adapter_config.json",
    "training_config.json",
    "training_params.json",
    "model_index.json",
    "config.json",
    "config.yaml",
    "config.toml",
    "README.md",
)
_ENDINGS = (".json", ".civitai.info", ".metadata.json", ".txt", ".yaml", ".toml")
_LINE = re.compile(
    r"^[\s>*-]{0,20}[\"'`]?([\w.-]{1,60})[\"'`]?\s{0,4}[:=]\s{0,4}(.{1,2000})$", re.M
)
_MOST_BRACKETS = 100_000
_WHOLE = 0.4


def beside(name: str) -> tuple[str, ...]:
    """Return the names of files that may lie beside a model of this name."""
    stem = name.rpartition(".")[0] or name
    own = tuple(stem + ending for ending in _ENDINGS)
    return tuple(one for one in (*_FIXED, *own) if one != name)


def beside_clues(name: str, raw: bytes) -> Iterator[Clue]:
    """Yield the clues in one such file. Whatever it holds, it is read or left; never raises."""
    text = raw[:MOST_BYTES].decode("utf-8", "replace")
    if name.endswith((".json", ".info")):
        yield from config_clues(_parsed(text), name)
        return
    for key, value in _LINE.findall(text):
        yield from setting_clues(key, value.strip().strip("\"'`,"), name)
    if name.endswith((".md", ".txt")):
        yield text, name, _WHOLE


def _parsed(text: str) -> object:
    if text.count("[") + text.count("{") > _MOST_BRACKETS:
        return None
    try:
        found: object = json.loads(text, parse_int=float, parse_float=float)
    except (ValueError, RecursionError):
        return None
    return found
