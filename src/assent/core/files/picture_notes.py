"""What a picture says it was made from: prompts, models, titles. For screening and staff alone.

Generators write the prompt into the picture: one text in PNG (`parameters`, as the web UI of Stable
Diffusion does, with a negative prompt and settings behind it), a graph of nodes in JSON (`prompt`,
as ComfyUI does), or EXIF's UserComment in JPEG and WebP. Titles and comments stand in EXIF (CIPA
DC-008), PNG text chunks (W3C PNG third edition, 11.3.3) and XMP (ISO 16684-1). Whatever stands
there is a stranger's text: it is capped, never run, and a note that cannot be read is no fault of
the picture.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from PIL import Image

from assent.core.files.formats import Format
from assent.core.files.training_subject import Subject, parsed, strongest

_PROMPT, _MODEL, _TITLE, _COMMENT = 0.8, 0.9, 0.6, 0.4
_TEXTS = {
    "Title": _TITLE,
    "Description": _TITLE,
    "Comment": _COMMENT,
    "Subject": _TITLE,
    "Dream": _PROMPT,
}
_EXIF = {0x010E: "ImageDescription", 0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9E: "XPKeywords"}
_EXIF_IFD, _USER_COMMENT = 0x8769, 0x9286
_CODES = {b"ASCII\0\0\0": "latin-1", b"UNICODE\0": "utf-16"}
_NEGATIVE = re.compile(r"\bnegative prompt:", re.IGNORECASE)
_SETTINGS = re.compile(r"(?:^|\n)steps: ?\d", re.IGNORECASE)
_LORA = re.compile(r"<(?:lora|lyco|hypernet):([^:<>]{1,200})(?::[^<>]{0,40})?>", re.IGNORECASE)
_HASHES = re.compile(r"(?:lora|ti) hashes: ?\"([^\"]{1,2000})\"", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def picture_notes(fileobj: BinaryIO, kind: Format) -> tuple[tuple[Subject, ...], bool]:
    """Return the clues in a PNG, JPEG or WebP that passed its check, strongest first and each once,
    and whether some had to be left out. Raises only what `fileobj` raises."""
    return strongest(_clues(_read(fileobj, kind)))


def _read(fileobj: BinaryIO, kind: Format) -> dict[str, str]:
    """The texts in a picture by where they stand."""
    fileobj.seek(0)
    content = io.BytesIO(fileobj.read())
    found: dict[str, str] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken EXIF: it is a stranger's
            with Image.open(content, formats=[kind.name]) as picture:
                picture.load()  # PNG may keep its texts behind the pixels
                for key, value in picture.info.items():
                    if key == "xmp" and isinstance(value, bytes):
                        found["xmp"] = _TAG.sub(" ", value.decode("utf-8", "replace"))
                    elif isinstance(value, str):
                        found[f"{kind.value}.{key}"] = value
                found |= _exif(picture.getexif())
    except Exception:  # decoders raise many kinds; what was read until then is kept
        return found
    return found


def _exif(exif: Image.Exif) -> dict[str, str]:
    found = {}
    for tag, name in _EXIF.items():
        value = exif.get(tag)
        if isinstance(value, bytes):
            value = value.decode("utf-16-le", "replace")
        if isinstance(value, str):
            found[f"exif.{name}"] = value
    comment = exif.get_ifd(_EXIF_IFD).get(_USER_COMMENT)
    if isinstance(comment, bytes):
        comment = _user_comment(comment)
    if isinstance(comment, str):
        found["exif.UserComment"] = comment
    return found


def _user_comment(raw: bytes) -> str:
    """EXIF's UserComment: eight bytes say how the rest is written; the order of bytes is guessed
    from where the zeroes of plain letters stand."""
    code, text = _CODES.get(raw[:8], "utf-8"), raw[8:]
    if code == "utf-16":
        code = "utf-16-be" if text[:1] == b"\0" else "utf-16-le"
    if raw[:8] not in _CODES:
        text = raw
    return text.decode(code, "replace")


def _clues(texts: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    for origin, text in texts.items():
        key = origin.rpartition(".")[2]
        if key in ("parameters", "UserComment"):
            yield from _parameters(text, origin)
        elif key in ("prompt", "workflow", "invokeai_metadata", "sd-metadata"):
            yield from _graph(text, origin)
        elif origin == "xmp" or origin.startswith("exif."):
            yield text, origin, _TITLE
        elif key in _TEXTS:
            yield text, origin, _TEXTS[key]


def _parameters(text: str, origin: str) -> Iterator[tuple[str, str, float]]:
    """A prompt, a negative prompt (whom it must not show: no clue), and settings."""
    end = min(
        (m.start() for m in (_NEGATIVE.search(text), _SETTINGS.search(text)) if m),
        default=len(text),
    )
    prompt = text[:end]
    for name in _LORA.findall(prompt):
        yield name, origin, _MODEL
    yield _LORA.sub(" ", prompt), origin, _PROMPT
    for listed in _HASHES.findall(text):
        for pair in listed.split(","):
            yield pair.partition(":")[0], origin, _MODEL


def _graph(text: str, origin: str) -> Iterator[tuple[str, str, float]]:
    """A graph of nodes: what is typed in, and which models it loads. Which of two texts is the
    negative prompt the graph does not say plainly, so both count, and less."""
    graph = parsed(text)
    if graph is None:
        yield text, origin, _COMMENT
        return
    waiting: list[Any] = [graph]
    while waiting:  # ends: `parsed` takes no graph above a size, and the rest is capped later
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            for key, value in node.items():
                if not isinstance(value, str):
                    waiting.append(value)
                elif "lora" in key or key == "ckpt_name":
                    yield _model_name(value), origin, _MODEL if "lora" in key else _COMMENT
                elif key in ("text", "prompt", "positive_prompt", "text_g", "text_l", "title"):
                    yield value, origin, _TITLE


def _model_name(path: str) -> str:
    last = path.replace("\\", "/").rpartition("/")[2]
    return last.removesuffix(".safetensors")
