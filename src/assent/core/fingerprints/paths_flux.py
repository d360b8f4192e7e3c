"""Layer names of Flux and SD3 as their makers wrote them, in the words of diffusers.

Their makers fuse projections that diffusers keeps apart, so one written module can be several
canonical ones; each gets its share of the rows, in the order given.
"""

from __future__ import annotations

import re

Split = list[tuple[str, int]]

_DOUBLE = re.compile(r"^double_blocks_(\d+)_(.+)$")
_SINGLE = re.compile(r"^single_blocks_(\d+)_(.+)$")
_JOINT = re.compile(r"^joint_blocks_(\d+)_(x|context)_block_(.+)$")
_QKV = ("to_q", "to_k", "to_v")
_ADDED = ("add_q_proj", "add_k_proj", "add_v_proj")
_DOUBLE_PARTS = {
    "img_attn_proj": "attn_to_out_0",
    "txt_attn_proj": "attn_to_add_out",
    "img_mlp_0": "ff_net_0_proj",
    "img_mlp_2": "ff_net_2",
    "txt_mlp_0": "ff_context_net_0_proj",
    "txt_mlp_2": "ff_context_net_2",
    "img_mod_lin": "norm1_linear",
    "txt_mod_lin": "norm1_context_linear",
    "proj1": "attn_to_out_0",
    "proj2": "attn_to_add_out",
}
_DOUBLE_FUSED = {"img_attn_qkv": _QKV, "qkv1": _QKV, "txt_attn_qkv": _ADDED, "qkv2": _ADDED}
_SINGLE_PARTS = {"linear2": "proj_out", "modulation_lin": "norm_linear", "proj": "proj_out"}
_TOP = {
    "img_in": "x_embedder",
    "txt_in": "context_embedder",
    "time_in_in_layer": "time_text_embed_timestep_embedder_linear_1",
    "time_in_out_layer": "time_text_embed_timestep_embedder_linear_2",
    "vector_in_in_layer": "time_text_embed_text_embedder_linear_1",
    "vector_in_out_layer": "time_text_embed_text_embedder_linear_2",
    "guidance_in_in_layer": "time_text_embed_guidance_embedder_linear_1",
    "guidance_in_out_layer": "time_text_embed_guidance_embedder_linear_2",
    "final_layer_linear": "proj_out",
    "t_embedder_mlp_0": "time_text_embed_timestep_embedder_linear_1",
    "t_embedder_mlp_2": "time_text_embed_timestep_embedder_linear_2",
    "y_embedder_mlp_0": "time_text_embed_text_embedder_linear_1",
    "y_embedder_mlp_2": "time_text_embed_text_embedder_linear_2",
    "x_embedder_proj": "pos_embed_proj",
}
_JOINT_PARTS = {
    "x": {
        "attn_proj": "attn_to_out_0",
        "attn2_proj": "attn2_to_out_0",
        "mlp_fc1": "ff_net_0_proj",
        "mlp_fc2": "ff_net_2",
        "adaLN_modulation_1": "norm1_linear",
    },
    "context": {
        "attn_proj": "attn_to_add_out",
        "mlp_fc1": "ff_context_net_0_proj",
        "mlp_fc2": "ff_context_net_2",
        "adaLN_modulation_1": "norm1_context_linear",
    },
}


def flux_pieces(path: str) -> Split | None:
    """Return the modules in one of Flux's, or None where it is not one of them."""
    if path in _TOP:
        return [(_TOP[path], 1)]
    if found := _DOUBLE.match(path):
        block = f"transformer_blocks_{found[1]}"
        if fused := _DOUBLE_FUSED.get(found[2]):
            return [(f"{block}_attn_{half}", 1) for half in fused]
        return [(f"{block}_{_DOUBLE_PARTS.get(found[2], found[2])}", 1)]
    if found := _SINGLE.match(path):
        block = f"single_transformer_blocks_{found[1]}"
        if found[2] == "linear1":
            return [*((f"{block}_attn_{half}", 1) for half in _QKV), (f"{block}_proj_mlp", 4)]
        if found[2].startswith("qkv"):
            return [(f"{block}_attn_{half}", 1) for half in _QKV]
        return [(f"{block}_{_SINGLE_PARTS.get(found[2], found[2])}", 1)]
    return None


def sd3_pieces(path: str) -> Split | None:
    """Return the modules in one of SD3's, or None where it is not one of them."""
    found = _JOINT.match(path)
    if found is None:
        return None
    block, stream, rest = f"transformer_blocks_{found[1]}", found[2], found[3]
    if rest == "attn_qkv":
        halves = _QKV if stream == "x" else _ADDED
        return [(f"{block}_attn_{half}", 1) for half in halves]
    if rest == "attn2_qkv":
        return [(f"{block}_attn2_{half}", 1) for half in _QKV]
    return [(f"{block}_{_JOINT_PARTS[stream].get(rest, rest)}", 1)]
