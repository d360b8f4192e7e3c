"""Small files for the tests: sound ones, and ones with exactly one thing wrong."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
import zlib
from typing import Any

import numpy as np
from PIL import Image
from safetensors.numpy import save

KOHYA_NOTES = {
    "ss_output_name": "vera_lindqvist_v2",
    "ss_base_model_version": "sdxl_base_v1-0",
    "ss_network_module": "networks.lora",
    "ss_network_dim": "4",
    "ss_num_train_images": "24",
    "ss_resolution": "(1024, 1024)",
    "ss_tag_frequency": json.dumps(
        {"20_vera lindqvist-oyelaran": {"v3ra": 24, "portrait": 20, "red scarf": 2}}
    ),
    "ss_dataset_dirs": json.dumps(
        {"20_vera lindqvist-oyelaran": {"n_repeats": 20, "img_count": 24}}
    ),
}


def lora_tensors(seed: int = 1, rank: int = 4, modules: int = 3) -> dict[str, np.ndarray[Any, Any]]:
    """Random half-precision weights under kohya's names."""
    dice = np.random.default_rng(seed)
    found: dict[str, np.ndarray[Any, Any]] = {}
    for index in range(modules):
        name = f"lora_unet_input_blocks_4_1_transformer_blocks_{index}_attn1_to_q"
        found[f"{name}.lora_down.weight"] = dice.standard_normal((rank, 16)).astype(np.float16)
        found[f"{name}.lora_up.weight"] = dice.standard_normal((16, rank)).astype(np.float16)
        found[f"{name}.alpha"] = np.array(rank, np.float16)
    return found


def lora(seed: int = 1, notes: dict[str, str] | None = None, rank: int = 4) -> bytes:
    """A sound LoRA of about 2 kB as the format's own library writes it."""
    return save(lora_tensors(seed, rank), KOHYA_NOTES if notes is None else notes)


def with_header(header: object, data: bytes = b"") -> bytes:
    """A safetensors file with this header, as JSON or as the bytes given, and this data."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(raw)) + raw + data


def entry(start: int, end: int, dtype: str = "U8", shape: list[Any] | None = None) -> Any:
    """One tensor's entry; bytes in one dimension unless told otherwise."""
    shape = [end - start] if shape is None else shape
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def overlapping() -> bytes:
    """Two tensors that share two bytes."""
    return with_header({"a": entry(0, 4), "b": entry(2, 6)}, bytes(6))


def duplicate_names() -> bytes:
    """The same tensor name twice, which the format's own library lets pass."""
    one = json.dumps(entry(0, 4))
    return with_header(f'{{"a":{one},"a":{one}}}'.encode(), bytes(4))


def harmless_pickle(protocol: int) -> bytes:
    """A pickle of plain data in the protocol asked for, 0 to 5."""
    return pickle.dumps({"weights": [1, 2, 3], "name": "nobody"}, protocol=protocol)


def zipped(name: str = "model.txt", data: bytes = b"words") -> bytes:
    """A ZIP archive with one member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


def lora_hiding_zip() -> bytes:
    """A sound safetensors file whose last tensor is a ZIP archive."""
    archive = zipped()
    return with_header({"a": entry(0, len(archive))}, archive)


def picture(
    kind: str = "PNG", size: tuple[int, int] = (32, 24), mode: str = "RGB", **options: Any
) -> bytes:
    """A gradient that no format compresses to nothing."""
    out = io.BytesIO()
    ramp = Image.linear_gradient("L").resize(size)
    ramp.convert(mode).save(out, kind, **options)
    return out.getvalue()


def moving(kind: str = "WEBP", frames: int = 3) -> bytes:
    """An animation: WEBP, PNG or GIF."""
    steps = [Image.new("RGB", (16, 16), (60 * step, 10, 90)) for step in range(frames)]
    out = io.BytesIO()
    steps[0].save(out, kind, save_all=True, append_images=steps[1:], duration=50)
    return out.getvalue()


def png_chunk(name: bytes, body: bytes) -> bytes:
    """A PNG chunk with its length and checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a hundred bytes that claims this many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(64))
    chunks = png_chunk(b"IHDR", head) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def png_with_broken_pixels() -> bytes:
    """A PNG whose structure is sound and whose compressed pixels are not."""
    head = struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)
    chunks = png_chunk(b"IHDR", head) + png_chunk(b"IDAT", b"no pixels") + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks
