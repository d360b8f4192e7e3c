"""Every parser of files: what is fed to it, and what must be true of whatever it answers.

A target makes an input from a dice and looks at it. It raises for what must not be; what a parser
is allowed to say (a problem, None, a result) it takes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin
from safetensors import SafetensorError, deserialize

from assent.core.files.ai_mark import RestsOn, marked
from assent.core.files.beside import beside_clues
from assent.core.files.config_clues import config_clues, graph_clues
from assent.core.files.formats import Format
from assent.core.files.hashes import hash_file
from assent.core.files.images import ImageFacts, check_image, thumbnail
from assent.core.files.inspect import Accept, check_quickly, examine
from assent.core.files.picture_notes import picture_notes
from assent.core.files.safetensors_header import Header, read_header
from assent.core.files.sniff import sniff
from assent.core.files.stamp import stamped
from assent.core.files.text_notes import xmp_clues
from assent.core.files.training_subject import parsed, training_subject
from assent.core.fingerprints.look import look_at
from assent.core.fingerprints.names import part_of
from assent.core.fingerprints.weights import print_weights, unpack
from tests.core.files import files_made as made
from tests.core.files.test_c2pa_notes import ACTIONS, XMP, box, cbor, png_with_store
from tests.core.files.test_config_clues import DREAMBOOTH, ONETRAINER, PEFT
from tests.core.files.test_picture_notes import GRAPH, WEB_UI
from tests.core.fingerprints.prints import kinds, many, saved, sure
from tests.core.fingerprints.test_pictures import WAYS
from tests.fuzzing import mutate
from tests.fuzzing.mutate import Dice, pick


@dataclass(frozen=True, slots=True)
class Target:
    """How inputs are made, how one is looked at, and how much it may take of a processor and of
    memory (seconds, MB above what the process had)."""

    make: Callable[[Dice], bytes]
    look: Callable[[bytes], None]
    seconds: float = 2.0
    megabytes: int = 150


# Inputs -----------------------------------------------------------------------------------------


@cache
def models() -> list[bytes]:
    """Adapters of every kind, with the notes of several trainers."""
    found = [saved(tensors) for tensors in kinds().values()]
    found += [saved(tensors, np.float16) for tensors in kinds().values()]
    notes = {"ot_config": json.dumps(ONETRAINER), "lora_adapter_metadata": json.dumps(PEFT)}
    notes |= {"prompt": json.dumps(GRAPH), "remark": "velka"}
    return [*found, made.lora(), made.lora(notes=notes), made.lora_hiding_zip()]


@cache
def pictures() -> dict[str, list[bytes]]:
    """Pictures in every mode that we take, with every kind of note in them."""
    found: dict[str, list[bytes]] = {"PNG": [], "JPEG": [], "WEBP": []}
    for content in WAYS.values():
        kind = sniff(io.BytesIO(content), len(content)).value.upper()
        found.get(kind, []).append(content)
    exif = Image.Exif()
    exif[0x010E], exif[0x0110] = "velka", "prompt:" + json.dumps(GRAPH)
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + "velka am See".encode("utf-16-le")
    store = box(b"jumb", box(b"jumd", b"x" * 20) + box(b"cbor", cbor(ACTIONS)))
    for kind in found:
        for mode in ("RGB", "L", "RGBA", "P", "CMYK", "1", "I;16"):
            out, picture = io.BytesIO(), Image.linear_gradient("L").resize((40, 30))
            extra: dict[str, Any] = {"exif": exif, "xmp": XMP}
            if kind == "PNG":
                info = PngImagePlugin.PngInfo()
                info.add_text("parameters", WEB_UI, zip=True)
                info.add_itxt("prompt", json.dumps(GRAPH), zip=True)
                extra = {"pnginfo": info, "exif": exif, "interlace": 1}
            try:
                picture.convert(mode).save(out, kind, **extra)
            except (OSError, ValueError):
                continue
            found[kind].append(out.getvalue())
    found["PNG"] += [png_with_store(store), made.moving("PNG"), made.huge_png()]
    found["WEBP"].append(made.moving())
    found["JPEG"].append(made.picture("JPEG", progressive=True, comment="velka"))
    return found


@cache
def others() -> list[bytes]:
    """Files that we do not take."""
    pickles = [made.harmless_pickle(protocol) for protocol in range(6)]
    heads = [b"GGUF\3\0\0\0", b"\x08\x07\x12\x07pytorch", b"<svg></svg>", b"%PDF-1.7", b"GIF89a"]
    settings = [json.dumps(PEFT).encode(), json.dumps(ONETRAINER, indent=1).encode()]
    return [*pickles, made.zipped(), *heads, *settings, made.moving("GIF"), b"ustar" * 60]


def a_model(dice: Dice) -> bytes:
    one, other = pick(dice, models()), pick(dice, models())
    return (mutate.model if dice.random() < 0.75 else mutate.damaged)(one, dice, other)


def a_picture(dice: Dice) -> bytes:
    kind = pick(dice, ["PNG", "JPEG", "WEBP"])
    one, other = pick(dice, pictures()[kind]), pick(dice, pictures()[kind])
    way = {"PNG": mutate.png, "JPEG": mutate.jpeg, "WEBP": mutate.webp}[kind]
    return (way if dice.random() < 0.8 else mutate.damaged)(one, dice, other)


def anything(dice: Dice) -> bytes:
    roll = dice.random()
    if roll < 0.3:
        return a_model(dice)
    if roll < 0.6:
        return a_picture(dice)
    return mutate.damaged(pick(dice, others()), dice, pick(dice, others()))


def a_manifest(dice: Dice) -> bytes:
    """A PNG whose C2PA store is damaged inside sound boxes, or outside."""
    said = cbor(mutate.tree(ACTIONS, dice)) if dice.random() < 0.5 else cbor(ACTIONS)
    if dice.random() < 0.6:
        said = mutate.damaged(said, dice)
    store = said
    for _ in range(int(dice.integers(1, 40 if dice.random() < 0.1 else 4))):
        store = box(b"jumb", box(b"jumd", b"x") + box(pick(dice, [b"cbor", b"json"]), store))
        store = box(b"cbor", said) + store if dice.random() < 0.5 else store
    if dice.random() < 0.3:
        store = mutate.damaged(store, dice)
    return png_with_store(store[:1_000_000])


_NOTE_KEYS = [*made.KOHYA_NOTES, "ss_datasets", "ot_config", "prompt", "workflow", "modelspec.tags"]
_NOTES = [PEFT, ONETRAINER, DREAMBOOTH, GRAPH, [{"subsets": [{"image_dir": "1_x"}]}]]
_NOTES += [json.loads(made.KOHYA_NOTES[key]) for key in ("ss_tag_frequency", "ss_dataset_dirs")]


def notes(dice: Dice) -> bytes:
    """A model's notes as JSON: keys that we know with settings, graphs or nonsense in them."""
    found = {
        pick(dice, _NOTE_KEYS): mutate.written(mutate.tree(pick(dice, _NOTES), dice), dice).decode(
            "utf-8", "replace"
        )
        for _ in range(int(dice.integers(1, 5)))
    }
    return json.dumps(found).encode()


_WORDS = [
    "<", ">", "</", "/>", "=", '"', "'", "&amp;", "&#x", "rdf:li", "Iptc4xmpExt:PersonInImage",
    "dc:title", "photoshop:Headline", "x:", " ", "\n", "velka", "{", "}", "[", "]", ":", ",",
    "<lora:velka:1>", "<lora:", "Negative prompt:", "Steps: 20", 'Lora hashes: "a: b, c: d"',
    "prompt", "workflow", "instance_prompt: velka", "trigger_word =", "---\n", "#", "`", "\\",
]  # fmt: skip


def words(dice: Dice) -> bytes:
    return mutate.text(dice, _WORDS).encode("utf-8", "surrogatepass")


_PIECES = [
    "lora_unet_", "lora_te_", "lora_te1_", "lora_te2_", "lora_te3_", "lora_transformer_", "unet.",
    "transformer.", "diffusion_model.", "model.", "base_model.model.", "text_encoder.", "clip_l.",
    "down_blocks_1_", "input_blocks_4_1_", "output_blocks_5_2_conv", "middle_block_1_",
    "mid_block_", "double_blocks_7_", "single_blocks.9.", "joint_blocks.3.x_block.", "img_attn_qkv",
    "linear1",
    "attn1.to_q", "processor.", "transformer_resblocks_3_attn_in_proj", "encoder_block_5_layer_0_",
    ".lora_down.weight", ".lora_up.weight", ".lora_A.default.weight", ".lora_B.weight", ".alpha",
    ".diff", ".hada_w1_a", ".lokr_w2_b", ".dora_scale", "_lora.down.weight", ".lora.up.weight",
    "0", "99999999999999999999", "_", ".", "_orig_mod.", "lycoris_",
]  # fmt: skip


def a_name(dice: Dice) -> bytes:
    return mutate.text(dice, _PIECES).encode("utf-8", "replace")[:600]


def a_row(dice: Dice) -> bytes:
    return mutate.damaged(sure(saved(many(int(dice.integers(1, 4))))).pack(), dice)


# What must be true ------------------------------------------------------------------------------


def look_whole(data: bytes) -> None:
    """The worker's look: all of it, as it is stored."""
    found = look_at(io.BytesIO(data), "upload.safetensors", len(data))
    record = json.dumps(found.as_record(), allow_nan=False)
    assert found.facts.safe or not found.weights, "a file with a problem has no fingerprint"
    record.encode("utf-8")


def look_header(data: bytes) -> None:
    """Whatever we take, the format's own library takes, and reads alike."""
    found = read_header(io.BytesIO(data), len(data))
    if not isinstance(found, Header):
        return
    try:
        theirs = dict(deserialize(data))
    except SafetensorError as error:
        raise AssertionError(f"taken here, refused by the library: {error}") from None
    assert {t.name: t.shape for t in found.tensors} == {
        name: tuple(one["shape"]) for name, one in theirs.items()
    }
    hash_file(io.BytesIO(data), found)
    _stamp(data, found)


def _stamp(data: bytes, header: Header) -> None:
    front = stamped(data[8 : header.data_start], {"assent.consent_id": "x"})
    whole = front + data[header.data_start :]
    again = read_header(io.BytesIO(whole), len(whole))
    assert isinstance(again, Header), again
    assert [t.name for t in again.tensors] == [t.name for t in header.tensors]


def look_weights(data: bytes) -> None:
    header = read_header(io.BytesIO(data), len(data))
    if not isinstance(header, Header):
        return
    found = print_weights(io.BytesIO(data), header, b"key")
    if found is not None:
        assert len(found.bits) == 256
        assert np.isfinite(found.norms).all()
        assert unpack(found.pack()).bits == found.bits


def look_quickly(data: bytes) -> None:
    sniff(io.BytesIO(data), len(data))
    found = check_quickly(io.BytesIO(data), "a.png", len(data), Accept.ANY)
    json.dumps(found.as_record())


def look_picture(data: bytes) -> None:
    """A picture that passes can be shown small and served with a mark, and both are pictures."""
    found = check_image(io.BytesIO(data))
    if not isinstance(found, ImageFacts):
        return
    examined = examine(io.BytesIO(data), "a", len(data))
    small = thumbnail(io.BytesIO(data), 64)
    if not examined.safe:
        return
    assert isinstance(small, bytes), "what passes has a thumbnail"
    served = marked(data, found.format, RestsOn("r", "https://example.org/x"))
    again = check_image(io.BytesIO(served))
    assert isinstance(again, ImageFacts), ("marked", again)
    assert (again.width, again.height) == (found.width, found.height)


def look_notes_of_picture(data: bytes) -> None:
    for kind in (Format.PNG, Format.JPEG, Format.WEBP):
        _are_clues(picture_notes(io.BytesIO(data), kind)[0])


def look_notes(data: bytes) -> None:
    try:
        found = json.loads(data)
    except ValueError:
        return
    texts = {str(key): str(value) for key, value in found.items()}
    _are_clues(training_subject(texts)[0])


def look_words(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    list(xmp_clues(data))
    for name in ("README.md", "a.json", "a.txt"):
        list(beside_clues(name, data))
    settings = parsed(text)
    list(config_clues(settings, "x")), list(graph_clues(settings, "x"))
    info = PngImagePlugin.PngInfo()
    for key in ("parameters", "prompt", "Comment"):
        info.add_text(key, text.replace("\0", " "), zip=True)
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "PNG", pnginfo=info)
    _are_clues(picture_notes(out, Format.PNG)[0])


def _are_clues(clues: Any) -> None:
    for one in clues:
        assert one.text.strip() == one.text != ""
        assert 0 < one.weight <= 1
        one.text.encode("utf-8")


def look_name(data: bytes) -> None:
    found = part_of(data.decode("utf-8", "replace"))
    assert found is None or (found.pieces and all(piece.share > 0 for piece in found.pieces))


def look_row(data: bytes) -> None:
    try:
        found = unpack(data)
    except ValueError:
        return
    assert unpack(found.pack()).bits == found.bits


TARGETS: dict[str, Target] = {
    "sniff": Target(anything, look_quickly),
    "safetensors-header": Target(a_model, look_header),
    "weight-update": Target(a_model, look_weights, megabytes=300),
    "picture": Target(a_picture, look_picture, megabytes=600),
    "picture-notes": Target(a_picture, look_notes_of_picture, megabytes=600),
    "c2pa": Target(a_manifest, look_notes_of_picture),
    "training-notes": Target(notes, look_notes),
    "texts": Target(words, look_words, seconds=4),
    "tensor-name": Target(a_name, look_name),
    "fingerprint-row": Target(a_row, look_row),
    "everything": Target(anything, look_whole, megabytes=600),
}
