"""What a picture says it was made from: prompts, models, titles. For screening and staff alone.

Generators write the prompt into the picture: one text in PNG (`parameters`, as the web UI of Stable
Diffusion does, with a negative prompt and settings behind it), a graph of nodes in JSON (`prompt`,
as ComfyUI does), other JSON, or EXIF's UserComment in JPEG and WebP. Titles and comments stand in
EXIF (CIPA DC-008), PNG text chunks (W3C PNG third edition, 11.3.3), XMP, IPTC and C2PA. Whatever
stands there is a stranger's text: it is capped, never run, and a note that cannot be read is no
fault of the picture.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from PIL import Image

from assent.core.files.c2pa_notes import c2pa_clues
from assent.core.files.config_clues import Clue, config_clues, graph_clues
from assent.core.files.formats import Format
from assent.core.files.text_notes import iptc_clues, xmp_clues
from assent.core.files.training_subject import Subject, parsed, strongest

_PROMPT, _MODEL, _TITLE, _COMMENT = 0.8, 0.9, 0.6, 0.4
_TEXTS = {
    "Title": _TITLE,
    "Description": _TITLE,
    "Comment": _COMMENT,
    "comment": _COMMENT,  # of a JPEG
    "Subject": _TITLE,
    "Dream": _PROMPT,
    "Keywords": _TITLE,
}
_PROMPTS = ("parameters", "UserComment", "generation_data", "sui_image_params")
_GRAPHS = ("prompt", "workflow", "invokeai_metadata", "invokeai_graph", "sd-metadata")
_EXIF = {
    0x010E: "ImageDescription",
    0x010F: "Make",
    0x0110: "Model",
    0x9C9B: "XPTitle",
    0x9C9C: "XPComment",
    0x9C9E: "XPKeywords",
    0x9C9F: "XPSubject",
}
_CAMERA = ("Make", "Model")  # ComfyUI writes its graphs there in WebP; cameras their names
_EXIF_IFD, _USER_COMMENT = 0x8769, 0x9286
_CODES = {b"ASCII\0\0\0": "latin-1", b"UNICODE\0": "utf-16"}
_NEGATIVE = re.compile(r"\bnegative prompt:", re.IGNORECASE)
_SETTINGS = re.compile(r"(?:^|\n)steps: ?\d", re.IGNORECASE)
_LORA = re.compile(r"<(?:lora|lyco|hypernet):([^:<>]{1,200})(?::[^<>]{0,40})?>", re.IGNORECASE)
_HASHES = re.compile(r"(?:lora|ti) hashes: ?\"([^\"]{1,2000})\"", re.IGNORECASE)
_GRAPH_IN_EXIF = re.compile(r"(?:prompt|workflow):\s*(?=\{)", re.IGNORECASE)


def picture_notes(fileobj: BinaryIO, kind: Format) -> tuple[tuple[Subject, ...], bool]:
    """Return the clues in a PNG, JPEG or WebP that passed its check, strongest first and each once,
    and whether some had to be left out. Raises only what `fileobj` raises."""
    fileobj.seek(0)
    content = io.BytesIO(fileobj.read())
    clues = [*_read(content, kind), *c2pa_clues(content, kind)]
    return strongest(clues)


def _read(content: io.BytesIO, kind: Format) -> list[Clue]:
    """The texts in a picture, by where they stand."""
    found: list[Clue] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken EXIF: it is a stranger's
            with Image.open(content, formats=[kind.name]) as picture:
                picture.load()  # PNG may keep its texts behind the pixels
                for key, value in picture.info.items():
                    found += _info(f"{kind.value}.{key}", str(key), value)
                found += _clues(_exif(picture.getexif()))
                if kind is Format.JPEG:
                    found += iptc_clues(picture)
    except Exception:  # decoders raise many kinds; what was read until then is kept
        return found
    return found


def _info(origin: str, key: str, value: object) -> Iterator[Clue]:
    if isinstance(value, bytes) and key == "xmp":
        yield from xmp_clues(value)
    elif isinstance(value, str) and key == "XML:com.adobe.xmp":
        yield from xmp_clues(value.encode("utf-8", "replace"))
    elif isinstance(value, bytes) and key == "comment":
        yield from _clues({origin: value.decode("utf-8", "replace")})
    elif isinstance(value, str):
        yield from _clues({origin: value})


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


def _clues(texts: Mapping[str, str]) -> Iterator[Clue]:
    for origin, text in texts.items():
        key = origin.rpartition(".")[2]
        if graph := _GRAPH_IN_EXIF.match(text):
            yield from _graph(text[graph.end() :], origin)
        elif key in _GRAPHS:
            yield from _graph(text, origin)
        elif text.lstrip()[:1] == "{" and isinstance(found := parsed(text), dict):
            yield from config_clues(found, origin)
        elif key in _PROMPTS:
            yield from _parameters(text, origin)
        elif origin.startswith("exif."):
            yield text, origin, _COMMENT if key in _CAMERA else _TITLE
        elif key in _TEXTS:
            yield text, origin, _TEXTS[key]


def _parameters(text: str, origin: str) -> Iterator[Clue]:
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


def _graph(text: str, origin: str) -> Iterator[Clue]:
    graph = parsed(text)
    if graph is None:
        yield text, origin, _COMMENT
    else:
        yield from graph_clues(graph, origin)
