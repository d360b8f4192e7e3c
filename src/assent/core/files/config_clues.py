"""What the settings of a training say about its subject: JSON of PEFT, diffusers and others.

A setting counts by its name. `instance_prompt` names the subject, a folder of pictures nearly
always does, the base model hardly ever. Settings of unknown names are left alone: they are
numbers, optimisers and paths of programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Clue = tuple[str, str, float]  # the text, where it stands, its weight in [0, 1]

_NAMES: Mapping[float, str] = {
    0.9: "instance_prompt trigger trigger_word trigger_words trigger_phrase activation_text"
    " trained_words placeholder_token placeholder_tokens concept concept_name output_name"
    " output_model_destination instance_prompts",
    0.8: "caption caption_prefix caption_column_value default_caption prompt prompts title positive"
    " positive_prompt validation_prompt validation_prompts sample_prompt sample_prompts lora_name"
    " embedding_name widget",
    0.7: "name model_name adapter_name lora_model_name hub_model_id repo_id run_name prompt_path"
    " dataset_name dataset_id subject character",
    0.6: "description tags notes comment comments usage_hint caption_suffix keywords",
    0.5: "primary_model_name secondary_model_name tertiary_model_name custom_name merged_from",
    0.3: "base_model_name_or_path pretrained_model_name_or_path base_model_name initializer_token"
    " class_prompt class_tokens negative_class",
}
_FOLDERS: Mapping[float, str] = {
    0.9: "instance_data_dir instance_data_root train_data_dir image_dir folder_path dataset_path"
    " images_dir path data_dir",
    0.5: "output_dir save_root workspace_dir output_folder logging_dir",
    0.2: "class_data_dir reg_data_dir class_data_root",
}


def _plain(name: str) -> str:
    """A setting's name without the ways that programs write it: `trainedWords`, `trained_words`."""
    return re.sub(r"[^a-z0-9]", "", name.rpartition(".")[2].lower())


_BY_NAME = {_plain(one): weight for weight, names in _NAMES.items() for one in names.split()}
_BY_FOLDER = {_plain(one): weight for weight, names in _FOLDERS.items() for one in names.split()}
_REPEATS = re.compile(r"^\d+_")


def config_clues(settings: object, origin: str) -> Iterator[Clue]:
    """Yield the clues in settings that were parsed from JSON. `settings` must be of bounded size:
    the work grows with it."""
    waiting: list[tuple[str, object]] = [("", settings)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend((str(key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend((name, inner) for inner in value)
        elif isinstance(value, str):
            yield from setting_clues(name, value, origin)


def setting_clues(name: str, value: str, origin: str) -> Iterator[Clue]:
    """Yield what one setting says of the subject: nothing, as a rule."""
    plain, place = _plain(name), f"{origin}.{name.rpartition('.')[2][:80]}"
    if plain in _BY_FOLDER:
        yield folder_words(value), place, _BY_FOLDER[plain]
    elif plain in _BY_NAME:
        yield _bare(value), place, _BY_NAME[plain]


def folder_words(path: str) -> str:
    """The last two parts of a path without repeat counts: names stand there, homes do not."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return " ".join(_REPEATS.sub("", part) for part in parts[-2:])


def _bare(value: str) -> str:
    """A file's name without its folder and format, where the value is a file; else as it is."""
    if value.lower().endswith((".safetensors", ".ckpt", ".pt", ".bin")):
        return value.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    return value


# Graphs of nodes, as ComfyUI writes them into pictures and into models that it saves --------------

_TYPED = frozenset(
    ("text", "prompt", "positive_prompt", "text_g", "text_l", "title", "string", "value",
     "clip_l", "t5xxl", "wildcard_text", "populated_text", "positive", "caption")
)  # fmt: skip
_MODEL, _TITLE, _COMMENT = 0.9, 0.6, 0.4


def graph_clues(graph: object, origin: str) -> Iterator[Clue]:
    """Yield what is typed into a graph, and which models it loads. Which of two texts is the
    negative prompt the graph does not say plainly, so both count, and less."""
    waiting: list[Any] = [graph]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            for key, value in node.items():
                if not isinstance(value, str):
                    waiting.append(value if not _is_widgets(key, value) else [])
                    if _is_widgets(key, value):
                        yield from ((v, origin, _COMMENT) for v in value if _is_words(v))
                elif "lora" in key or key == "ckpt_name":
                    yield model_name(value), origin, _MODEL if "lora" in key else _COMMENT
                elif key in _TYPED:
                    yield value, origin, _TITLE


def _is_widgets(key: str, value: object) -> bool:
    """A drawn graph (`workflow`) keeps what was typed in a list without names."""
    return key == "widgets_values" and isinstance(value, list)


def _is_words(value: object) -> bool:
    return isinstance(value, str) and (" " in value or value.endswith(".safetensors"))


def model_name(path: str) -> str:
    """The name of a model in a path, without folder and format."""
    last = path.replace("\\", "/").rpartition("/")[2]
    return last.removesuffix(".safetensors")
