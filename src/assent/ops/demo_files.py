"""Files for the demo, made on the spot: small random LoRAs and abstract pictures."""

from __future__ import annotations

import io
import math

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from safetensors.numpy import save

EDGE_PX = 768
PALETTES = (
    ("#12343b", "#2d545e", "#c89666", "#e1b382"),
    ("#1b2a41", "#324a5f", "#ccc9dc", "#f2d492"),
    ("#2f3e46", "#52796f", "#84a98c", "#cad2c5"),
    ("#3d2c2e", "#826251", "#c9a690", "#f4e3d7"),
    ("#22223b", "#4a4e69", "#9a8c98", "#f2e9e4"),
    ("#283618", "#606c38", "#dda15e", "#fefae0"),
)


def lora(name: str, seed: int, base_model: str = "sdxl_base_v1-0") -> SimpleUploadedFile:
    """Return a valid rank-8 LoRA of random numbers with the metadata that trainers write."""
    dice = np.random.default_rng(seed)
    tensors = {}
    for block in range(4):
        stem = f"lora_unet_down_blocks_{block}_attentions_0_proj_in"
        tensors[f"{stem}.lora_down.weight"] = dice.standard_normal((8, 64)).astype(np.float16)
        tensors[f"{stem}.lora_up.weight"] = dice.standard_normal((64, 8)).astype(np.float16)
        tensors[f"{stem}.alpha"] = np.array(8, dtype=np.float16)
    notes = {
        "ss_base_model_version": base_model,
        "ss_network_dim": "8",
        "ss_network_module": "networks.lora",
        "ss_num_train_images": "48",
        "ss_output_name": name,
    }
    return SimpleUploadedFile(f"{name}.safetensors", save(tensors, notes))


def picture(name: str, seed: int) -> SimpleUploadedFile:
    """Return an abstract landscape of layered hills under a sun, as a PNG."""
    dice = np.random.default_rng(seed)
    colours = PALETTES[seed % len(PALETTES)]
    image = Image.new("RGB", (EDGE_PX, EDGE_PX), colours[3])
    draw = ImageDraw.Draw(image)
    x, y, r = (int(v) for v in (dice.integers(180, 560), dice.integers(140, 320), 90))
    draw.ellipse((x - r, y - r, x + r, y + r), fill=colours[2])
    for layer, colour in enumerate((colours[2], colours[1], colours[0])):
        draw.polygon(_hill(dice, 0.45 + 0.17 * layer), fill=colour)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return SimpleUploadedFile(f"{name}.png", out.getvalue())


def _hill(dice: np.random.Generator, height: float) -> list[tuple[float, float]]:
    phase, waves = dice.uniform(0, math.tau), dice.uniform(1.5, 3.5)
    ridge = [
        (x, EDGE_PX * (height + 0.07 * math.sin(phase + waves * math.tau * x / EDGE_PX)))
        for x in range(0, EDGE_PX + 1, 8)
    ]
    return [*ridge, (EDGE_PX, EDGE_PX), (0, EDGE_PX)]
