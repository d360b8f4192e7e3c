"""Layer names of the original Stable Diffusion code, in the words of diffusers."""

from __future__ import annotations

import re

_IN = re.compile(r"^input_blocks_(\d+)_(\d+)(?:_(.*))?$")
_OUT = re.compile(r"^output_blocks_(\d+)_(\d+)(?:_(.*))?$")
_MIDDLE = re.compile(r"^middle_block_(\d+)(?:_(.*))?$")
_RESNET = {
    "in_layers_0": "norm1",
    "in_layers_2": "conv1",
    "emb_layers_1": "time_emb_proj",
    "out_layers_0": "norm2",
    "out_layers_3": "conv2",
    "skip_connection": "conv_shortcut",
}
_TOP = {
    "time_embed_0": "time_embedding_linear_1",
    "time_embed_2": "time_embedding_linear_2",
    "label_emb_0_0": "add_embedding_linear_1",
    "label_emb_0_2": "add_embedding_linear_2",
    "out_0": "conv_norm_out",
    "out_2": "conv_out",
    "input_blocks_0_0": "conv_in",
}
# Attention halves written without the index of the sequence that holds the projection.
_SHORT = re.compile(r"_(attn\d*)_to_out$")
_RESBLOCK = re.compile(r"^.*?transformer_resblocks_(\d+)_(.*)$")
_OPENCLIP = {
    "mlp_c_fc": "mlp_fc1",
    "mlp_c_proj": "mlp_fc2",
    "attn_out_proj": "self_attn_out_proj",
}


def unet_path(path: str) -> str:
    """Return the diffusers path of a U-Net module; one that is not of LDM's comes back as it is."""
    for pattern, build in ((_IN, _input), (_OUT, _output), (_MIDDLE, _middle)):
        if path not in _TOP and (found := pattern.match(path)):
            path = build(found)
            break
    return _SHORT.sub(r"_\1_to_out_0", _TOP.get(path, path))


def openclip_pieces(path: str) -> list[tuple[str, int]]:
    """Return the CLIP modules in one of OpenCLIP's, which fuses q, k and v."""
    found = _RESBLOCK.match(path)
    if found is None:
        return [(path, 1)]
    layer = f"text_model_encoder_layers_{found[1]}"
    if found[2].startswith("attn_in_proj"):
        return [(f"{layer}_self_attn_{half}_proj", 1) for half in "qkv"]
    return [(f"{layer}_{_OPENCLIP.get(found[2], found[2])}", 1)]


def _input(found: re.Match[str]) -> str:
    number, inner, rest = int(found[1]), int(found[2]), found[3] or ""
    block, layer = divmod(number - 1, 3)
    if layer == 2:
        return f"down_blocks_{block}_downsamplers_0_conv"
    return f"down_blocks_{block}_{_inner(inner, layer, rest)}"


def _output(found: re.Match[str]) -> str:
    block, layer = divmod(int(found[1]), 3)
    rest = found[3] or ""
    if rest == "conv":
        return f"up_blocks_{block}_upsamplers_0_conv"
    return f"up_blocks_{block}_{_inner(int(found[2]), layer, rest)}"


def _middle(found: re.Match[str]) -> str:
    number, rest = int(found[1]), found[2] or ""
    if number == 1:
        return f"mid_block_attentions_0_{rest}"
    return f"mid_block_resnets_{number // 2}_{_RESNET.get(rest, rest)}"


def _inner(inner: int, layer: int, rest: str) -> str:
    if inner == 0:
        return f"resnets_{layer}_{_RESNET.get(rest, rest)}"
    return f"attentions_{layer}_{rest}"
