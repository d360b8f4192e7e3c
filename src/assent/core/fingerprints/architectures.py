"""Which modules a base model has, and their sizes.

A file can be padded with modules that no program loads, to drown its fingerprint. Where the base
model is recognised, only modules that it has are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import pairwise

Size = tuple[int, int]  # rows and columns of the update: outputs, inputs times kernel
_ENOUGH = 4
_MOST = 0.6  # of the modules, where sizes do not speak for a family


def recognise(found: Mapping[str, Size]) -> tuple[str | None, Collection[str]]:
    """Return the base model's family and the modules that count.

    Names and sizes decide; a family of other widths is known by its names alone, if most of them
    are its own: newer models share names with it and have many more. Where nothing fits, every
    module counts.
    """
    for with_sizes in (True, False):
        best = max(_tables(), key=lambda name: len(_fitting(name, found, with_sizes=with_sizes)))
        fitting = _fitting(best, found, with_sizes=with_sizes)
        least = _ENOUGH if with_sizes else max(_ENOUGH, _MOST * len(found))
        if len(fitting) >= least:
            return best, fitting
    return None, found.keys()


def _fitting(name: str, found: Mapping[str, Size], *, with_sizes: bool) -> set[str]:
    table = _tables()[name]
    return {m for m, size in found.items() if m in table and (not with_sizes or table[m] == size)}


@cache
def _tables() -> Mapping[str, Mapping[str, Size]]:
    return {
        "SD 1.5": dict([*_unet((320, 640, 1280, 1280), (1, 1, 1, 0), 768), *_clip("te1", 12, 768)]),
        "SD 2": dict([*_unet((320, 640, 1280, 1280), (1, 1, 1, 0), 1024), *_clip("te1", 23, 1024)]),
        "SDXL": dict(
            [
                *_unet((320, 640, 1280), (0, 2, 10), 2048),
                *_clip("te1", 12, 768),
                *_clip("te2", 32, 1280),
            ]
        ),
        "Flux.1": dict([*_flux(3072), *_clip("te1", 12, 768), *_t5()]),
        "SD 3": dict([*_sd3(1536, 24), *_clip("te1", 12, 768), *_clip("te2", 32, 1280), *_t5()]),
        "SD 3.5 Large": dict(_sd3(2432, 38)),
    }


def _attention(base: str, width: int, layers: int, text: int) -> Iterator[tuple[str, Size]]:
    yield f"{base}_proj_in", (width, width)
    yield f"{base}_proj_out", (width, width)
    for layer in range(layers):
        inner = f"{base}_transformer_blocks_{layer}"
        for attn, ins in (("attn1", width), ("attn2", text)):
            yield f"{inner}_{attn}_to_q", (width, width)
            yield f"{inner}_{attn}_to_k", (width, ins)
            yield f"{inner}_{attn}_to_v", (width, ins)
            yield f"{inner}_{attn}_to_out_0", (width, width)
        yield f"{inner}_ff_net_0_proj", (8 * width, width)
        yield f"{inner}_ff_net_2", (width, 4 * width)


def _resnet(base: str, ins: int, outs: int) -> Iterator[tuple[str, Size]]:
    yield f"{base}_conv1", (outs, 9 * ins)
    yield f"{base}_conv2", (outs, 9 * outs)
    yield f"{base}_time_emb_proj", (outs, 1280)
    yield f"{base}_conv_shortcut", (outs, ins)


def _unet(widths: tuple[int, ...], depths: tuple[int, ...], text: int) -> list[tuple[str, Size]]:
    """U-Nets of the Stable Diffusion family: width and transformer depth of each level."""
    found: list[tuple[str, Size]] = []
    for level, (width, depth) in enumerate(zip(widths, depths, strict=True)):
        ins = widths[max(0, level - 1)]
        for layer in range(2):
            found += _resnet(
                f"unet/down_blocks_{level}_resnets_{layer}", width if layer else ins, width
            )
            if depth:
                base = f"unet/down_blocks_{level}_attentions_{layer}"
                found += _attention(base, width, depth, text)
        found.append((f"unet/down_blocks_{level}_downsamplers_0_conv", (width, 9 * width)))
    middle = depths[-1] or depths[-2]
    found += _attention("unet/mid_block_attentions_0", widths[-1], middle, text)
    for layer in range(2):
        found += _resnet(f"unet/mid_block_resnets_{layer}", widths[-1], widths[-1])
    found += _upward(widths, depths, text)
    found += [("unet/conv_in", (widths[0], 36)), ("unet/conv_out", (4, 9 * widths[0]))]
    found += [
        ("unet/time_embedding_linear_1", (1280, 320)),
        ("unet/time_embedding_linear_2", (1280, 1280)),
        ("unet/add_embedding_linear_1", (1280, 2816)),
        ("unet/add_embedding_linear_2", (1280, 1280)),
    ]
    return found


def _upward(
    widths: tuple[int, ...], depths: tuple[int, ...], text: int
) -> Iterator[tuple[str, Size]]:
    turned = widths[::-1]
    steps = pairwise((turned[0], *turned))
    for level, ((before, width), depth) in enumerate(zip(steps, depths[::-1], strict=True)):
        beside = turned[min(level + 1, len(turned) - 1)]
        for layer in range(3):
            ins = (before if layer == 0 else width) + (beside if layer == 2 else width)
            yield from _resnet(f"unet/up_blocks_{level}_resnets_{layer}", ins, width)
            if depth:
                base = f"unet/up_blocks_{level}_attentions_{layer}"
                yield from _attention(base, width, depth, text)
        yield f"unet/up_blocks_{level}_upsamplers_0_conv", (width, 9 * width)


def _clip(component: str, layers: int, width: int) -> Iterator[tuple[str, Size]]:
    for layer in range(layers):
        base = f"{component}/text_model_encoder_layers_{layer}"
        for half in ("q", "k", "v", "out"):
            yield f"{base}_self_attn_{half}_proj", (width, width)
        yield f"{base}_mlp_fc1", (4 * width, width)
        yield f"{base}_mlp_fc2", (width, 4 * width)


def _t5(width: int = 4096, inner: int = 10240) -> Iterator[tuple[str, Size]]:
    for layer in range(24):
        base = f"te3/encoder_block_{layer}_layer"
        for half in "qkvo":
            yield f"{base}_0_SelfAttention_{half}", (width, width)
        yield f"{base}_1_DenseReluDense_wi_0", (inner, width)
        yield f"{base}_1_DenseReluDense_wi_1", (inner, width)
        yield f"{base}_1_DenseReluDense_wo", (width, inner)


def _two_streams(base: str, width: int) -> Iterator[tuple[str, Size]]:
    """A block with one stream of picture tokens and one of words."""
    for half in ("to_q", "to_k", "to_v", "add_q_proj", "add_k_proj", "add_v_proj"):
        yield f"{base}_attn_{half}", (width, width)
    yield f"{base}_attn_to_out_0", (width, width)
    yield f"{base}_attn_to_add_out", (width, width)
    for feed in ("ff", "ff_context"):
        yield f"{base}_{feed}_net_0_proj", (4 * width, width)
        yield f"{base}_{feed}_net_2", (width, 4 * width)
    yield f"{base}_norm1_linear", (6 * width, width)
    yield f"{base}_norm1_context_linear", (6 * width, width)


def _embedders(width: int, words: int, pooled: int) -> Iterator[tuple[str, Size]]:
    yield "unet/context_embedder", (width, words)
    for name, ins in (("timestep", 256), ("guidance", 256), ("text", pooled)):
        yield f"unet/time_text_embed_{name}_embedder_linear_1", (width, ins)
        yield f"unet/time_text_embed_{name}_embedder_linear_2", (width, width)


def _flux(width: int) -> Iterator[tuple[str, Size]]:
    for block in range(19):
        yield from _two_streams(f"unet/transformer_blocks_{block}", width)
    for block in range(38):
        base = f"unet/single_transformer_blocks_{block}"
        for half in ("to_q", "to_k", "to_v"):
            yield f"{base}_attn_{half}", (width, width)
        yield f"{base}_proj_mlp", (4 * width, width)
        yield f"{base}_proj_out", (width, 5 * width)
        yield f"{base}_norm_linear", (3 * width, width)
    yield from _embedders(width, 4096, 768)
    yield "unet/x_embedder", (width, 64)
    yield "unet/proj_out", (64, width)


def _sd3(width: int, blocks: int) -> Iterator[tuple[str, Size]]:
    for block in range(blocks):
        base = f"unet/transformer_blocks_{block}"
        yield from _two_streams(base, width)
        for half in ("to_q", "to_k", "to_v", "to_out_0"):
            yield f"{base}_attn2_{half}", (width, width)
    yield from _embedders(width, 4096, 2048)
    yield "unet/pos_embed_proj", (width, 64)
    yield "unet/proj_out", (64, width)
