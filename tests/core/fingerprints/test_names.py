"""One module, as the programs that write LoRAs call it."""

from __future__ import annotations

import pytest

from assent.core.fingerprints.names import part_of

NAMES = {
    "unet/down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q": [
        "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q.lora_down.weight",
        "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q.lora_down.weight",
        "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight",
        "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora.down.weight",
        "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora.down.weight",
        "down_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora.down.weight",
        "base_model.model.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight",
        "base_model.model.unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.default.weight",
        "diffusion_model.input_blocks.4.1.transformer_blocks.0.attn1.to_q.lora_A.weight",
        "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn1.to_q.lora_down.weight",
        "lora_unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_down.weight",
        "lycoris_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q.lora_down.weight",
        "lycoris_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q.lora_down.weight",
        "unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q.lora_down.weight",
        "unet.base_model.model.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight",
        "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.default_0.weight",
        "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_linear_layer.down.weight",
        "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_layer.down.weight",
        "module.unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight",
        "base_model.model.unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.base_layer.lora_A.weight",
        "_orig_mod.unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight",
        "unet._orig_mod.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight",
    ],
    "te1/text_model_encoder_layers_3_self_attn_q_proj": [
        "lora_te_text_model_encoder_layers_3_self_attn_q_proj.lora_down.weight",
        "lora_te1_text_model_encoder_layers_3_self_attn_q_proj.lora_down.weight",
        "text_encoder.text_model.encoder.layers.3.self_attn.q_proj.lora_A.weight",
        "text_encoder.text_model.encoder.layers.3.self_attn.q_proj.lora_linear_layer.down.weight",
        "text_encoder.text_model.encoder.layers.3.self_attn.to_q_lora.down.weight",
        "base_model.model.text_model.encoder.layers.3.self_attn.q_proj.lora_A.weight",
        "text_encoder.base_model.model.text_model.encoder.layers.3.self_attn.q_proj.lora_A.weight",
        "text_encoders.clip_l.transformer.text_model.encoder.layers.3.self_attn.q_proj.lora_A.weight",
        "cond_stage_model.transformer.text_model.encoder.layers.3.self_attn.q_proj.lora_down.weight",
        "lora_te1.text_model.encoder.layers.3.self_attn.q_proj.lora_down.weight",
        "lora_te.text_model.encoder.layers.3.self_attn.q_proj.lora_down.weight",
        "clip_l.text_model.encoder.layers.3.self_attn.q_proj.lora_down.weight",
        "text_model.encoder.layers.3.self_attn.q_proj.lora_A.weight",
        "lora_prior_te_text_model_encoder_layers_3_self_attn_q_proj.lora_down.weight",
        "lycoris_text_encoder_text_model_encoder_layers_3_self_attn_q_proj.lora_down.weight",
        "lycoris_te_text_model_encoder_layers_3_self_attn_q_proj.lora_down.weight",
        "lycoris_te1_text_model_encoder_layers_3_self_attn_q_proj.lora_down.weight",
    ],
    "te2/text_model_encoder_layers_3_self_attn_q_proj": [
        "lora_te2_text_model_encoder_layers_3_self_attn_q_proj.lora_down.weight",
        "text_encoder_2.text_model.encoder.layers.3.self_attn.q_proj.lora_A.weight",
        "text_encoders.clip_g.transformer.text_model.encoder.layers.3.self_attn.q_proj.lora_A.weight",
        "lycoris_te2_text_model_encoder_layers_3_self_attn_q_proj.lora_down.weight",
        "text_encoder_2.base_model.model.text_model.encoder.layers.3.self_attn.q_proj.lora_A.weight",
        "lora_te2.text_model.encoder.layers.3.self_attn.q_proj.lora_down.weight",
    ],
    "te3/encoder_block_5_layer_0_SelfAttention_q": [
        "lora_te3_encoder_block_5_layer_0_SelfAttention_q.lora_down.weight",
        "lora_te2_encoder_block_5_layer_0_SelfAttention_q.lora_down.weight",
        "text_encoders.t5xxl.transformer.encoder.block.5.layer.0.SelfAttention.q.lora_A.weight",
        "text_encoder_2.encoder.block.5.layer.0.SelfAttention.q.lora_A.weight",
        "text_encoder_3.encoder.block.5.layer.0.SelfAttention.q.lora_A.weight",
        "lora_te3.encoder.block.5.layer.0.SelfAttention.q.lora_down.weight",
    ],
    "unet/transformer_blocks_7_attn_to_out_0": [
        "transformer.transformer_blocks.7.attn.to_out.0.lora_A.weight",
        "lora_transformer_transformer_blocks_7_attn_to_out_0.lora_down.weight",
        "lora_transformer.transformer_blocks.7.attn.to_out.0.lora_down.weight",
        "lora_unet_double_blocks_7_img_attn_proj.lora_down.weight",
        "diffusion_model.double_blocks.7.img_attn.proj.lora_A.weight",
        "double_blocks.7.img_attn.proj.lora_A.weight",
        "double_blocks.7.processor.proj_lora1.down.weight",
        "lycoris_transformer_blocks_7_attn_to_out_0.lora_down.weight",
        "base_model.model.transformer_blocks.7.attn.to_out.0.lora_A.weight",
        "transformer.base_model.model.transformer_blocks.7.attn.to_out.0.lora_A.weight",
        "unet.transformer_blocks.7.attn.to_out.0.lora_A.weight",
        "transformer_blocks.7.attn.to_out.0.lora_A.weight",
        "lora_unet_transformer_blocks_7_attn_to_out_0.lora_down.weight",
        "lycoris_transformer_transformer_blocks_7_attn_to_out_0.lora_down.weight",
        "model.diffusion_model.double_blocks.7.img_attn.proj.lora_A.weight",
        "transformer.double_blocks.7.img_attn.proj.lora_A.weight",
        "base_model.model.double_blocks.7.img_attn.proj.lora_A.weight",
        "lora_unet_joint_blocks_7_x_block_attn_proj.lora_down.weight",
        "diffusion_model.joint_blocks.7.x_block.attn.proj.lora_A.weight",
        "transformer.transformer_blocks.7.attn.processor.to_out_lora.down.weight",
        "transformer_blocks.7.attn.processor.to_out.0.lora_A.weight",
    ],
    "unet/single_transformer_blocks_9_proj_out": [
        "transformer.single_transformer_blocks.9.proj_out.lora_A.weight",
        "lora_unet_single_blocks_9_linear2.lora_down.weight",
        "lora_transformer_single_transformer_blocks_9_proj_out.lora_down.weight",
        "single_blocks.9.processor.proj_lora.down.weight",
    ],
    "unet/down_blocks_0_resnets_1_conv1": [
        "lora_unet_down_blocks_0_resnets_1_conv1.lora_down.weight",
        "lora_unet_input_blocks_2_0_in_layers_2.lora_down.weight",
        "unet.down_blocks.0.resnets.1.conv1.lora_A.weight",
        "diffusion_model.input_blocks.2.0.in_layers.2.lora_A.weight",
    ],
    "unet/mid_block_attentions_0_proj_in": [
        "lora_unet_mid_block_attentions_0_proj_in.lora_down.weight",
        "lora_unet_middle_block_1_proj_in.lora_down.weight",
        "unet.mid_block.attentions.0.proj_in.lora_A.weight",
    ],
    "unet/up_blocks_0_upsamplers_0_conv": [
        "lora_unet_up_blocks_0_upsamplers_0_conv.lora_down.weight",
        "lora_unet_output_blocks_2_2_conv.lora_down.weight",
        "lora_unet_output_blocks_2_1_conv.lora_down.weight",
    ],
    "unet/down_blocks_0_downsamplers_0_conv": [
        "lora_unet_down_blocks_0_downsamplers_0_conv.lora_down.weight",
        "lora_unet_input_blocks_3_0_op.lora_down.weight",
    ],
}


@pytest.mark.parametrize(
    ("module", "written"), [(name, one) for name, all_ in NAMES.items() for one in all_]
)
def test_every_way_to_write_a_module_is_read_alike(module: str, written: str) -> None:
    for half, other in (
        ("lora_down", "lora_up"), ("lora_A", "lora_B"), (".down.", ".up.")
    ):  # fmt: skip
        if half not in written:
            continue
        for name, part in ((written, "down"), (written.replace(half, other), "up")):
            found = part_of(name)
            assert found is not None
            assert found.part == part
            assert [piece.name for piece in found.pieces] == [module]


@pytest.mark.parametrize("prefix", ["lora_unet_", "unet.", "transformer.", "lycoris_", "lora_"])
def test_a_prefix_alone_is_no_reason_to_crash(prefix: str) -> None:
    found = part_of(f"{prefix}.lora_A.weight")
    assert found is None or found.pieces
