"""Models of the newer families: the real classes with random numbers of the smallest sizes, saved as their makers save theirs."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

from studio.models.families import FAMILIES

PX = 64  # drawn in the tests
LETTERS = string.ascii_letters + string.digits + string.punctuation


def save_tiny(family: str, folder: Path) -> Path:
    """A folder as a person would bring it; the same numbers each time."""
    import diffusers
    import torch

    torch.manual_seed(0)
    parts = MAKERS[family](folder)
    for name, part in parts.items():
        part.save_pretrained(folder / name)
    classes = {name: [type(part).__module__.split(".")[0], type(part).__name__] for name, part in parts.items()}
    named = {"_class_name": FAMILIES[family].pipeline, "_diffusers_version": diffusers.__version__}
    (folder / "model_index.json").write_text(json.dumps(named | classes | dict(FAMILIES[family].given)))
    return folder


def _flux2(folder: Path) -> dict[str, Any]:
    from diffusers import AutoencoderKLFlux2, Flux2Transformer2DModel

    return {
        "transformer": Flux2Transformer2DModel(
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=48,
            axes_dims_rope=(4, 4, 4, 4),
            guidance_embeds=False,
        ),
        "vae": AutoencoderKLFlux2(latent_channels=4, **_kl()),
        "text_encoder": _qwen3("Qwen3ForCausalLM", layers=28),  # three of its layers are read: 9, 18, 27
        "tokenizer": _chatting(),
        "scheduler": _flow(use_dynamic_shifting=True),
    }


def _zimage(folder: Path) -> dict[str, Any]:
    from diffusers import AutoencoderKL, ZImageTransformer2DModel

    return {
        "transformer": ZImageTransformer2DModel(
            in_channels=4,
            dim=32,
            n_layers=1,
            n_refiner_layers=1,
            n_heads=2,
            n_kv_heads=2,
            cap_feat_dim=16,
            axes_dims=[8, 4, 4],
            axes_lens=[1024, 64, 64],
        ),
        "vae": AutoencoderKL(latent_channels=4, shift_factor=0.1, **_kl()),
        "text_encoder": _qwen3("Qwen3Model", layers=2),
        "tokenizer": _chatting(),
        "scheduler": _flow(),
    }


def _qwen(folder: Path) -> dict[str, Any]:
    from diffusers import AutoencoderKLQwenImage, QwenImageTransformer2DModel
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    words = {
        "vocab_size": 300, "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
        "num_key_value_heads": 2, "rope_parameters": {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 1e4},
    }  # fmt: skip
    eyes = {"depth": 1, "hidden_size": 16, "intermediate_size": 32, "num_heads": 2, "out_hidden_size": 16}
    return {
        "transformer": QwenImageTransformer2DModel(
            in_channels=16,
            out_channels=4,
            num_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=16,
            axes_dims_rope=(8, 4, 4),
        ),
        "vae": AutoencoderKLQwenImage(
            base_dim=8, z_dim=4, dim_mult=[1, 1, 1, 1], num_res_blocks=1, latents_mean=[0.0] * 4, latents_std=[1.0] * 4
        ),
        "text_encoder": Qwen2_5_VLForConditionalGeneration(
            Qwen2_5_VLConfig(text_config=words, vision_config=eyes, vision_start_token_id=1, image_token_id=2)
        ),
        "tokenizer": _chatting(),
        "scheduler": _flow(use_dynamic_shifting=True),
    }


def _sd3(folder: Path) -> dict[str, Any]:
    from diffusers import AutoencoderKL, SD3Transformer2DModel
    from transformers import CLIPTextConfig, CLIPTextModelWithProjection, T5Config, T5EncoderModel, T5TokenizerFast

    clip = CLIPTextConfig(
        vocab_size=514, hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        projection_dim=16, max_position_embeddings=77, bos_token_id=512, eos_token_id=513, pad_token_id=513,
    )  # fmt: skip
    t5 = T5Config(vocab_size=200, d_model=32, d_kv=8, d_ff=32, num_layers=1, num_heads=2)
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0), *((letter, -3.0) for letter in LETTERS)]
    return {
        "transformer": SD3Transformer2DModel(
            sample_size=8,
            in_channels=4,
            out_channels=4,
            num_layers=1,
            attention_head_dim=8,
            num_attention_heads=2,
            joint_attention_dim=32,
            caption_projection_dim=16,
            pooled_projection_dim=32,
            pos_embed_max_size=16,
            dual_attention_layers=(0,),
            qk_norm="rms_norm",
        ),
        "vae": AutoencoderKL(latent_channels=4, shift_factor=0.1, use_post_quant_conv=False, **_kl()),
        "text_encoder": CLIPTextModelWithProjection(clip),
        "text_encoder_2": CLIPTextModelWithProjection(clip),
        "text_encoder_3": T5EncoderModel(t5),
        "tokenizer": _clip_letters(folder),
        "tokenizer_2": _clip_letters(folder),
        "tokenizer_3": T5TokenizerFast(vocab=pieces, extra_ids=0),
        "scheduler": _flow(),
    }


def _sana(folder: Path) -> dict[str, Any]:
    from diffusers import AutoencoderDC, DPMSolverMultistepScheduler, SanaTransformer2DModel
    from transformers import Gemma2Config, Gemma2Model, GemmaTokenizerFast

    words = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *LETTERS]
    blocks = {"block_types": "ResBlock", "block_out_channels": (8, 8), "layers_per_block": (1, 1)}
    return {
        "transformer": SanaTransformer2DModel(
            in_channels=4,
            out_channels=4,
            num_layers=1,
            num_attention_heads=2,
            attention_head_dim=8,
            num_cross_attention_heads=2,
            cross_attention_head_dim=8,
            cross_attention_dim=16,
            caption_channels=16,
            sample_size=32,
        ),
        "vae": AutoencoderDC(
            latent_channels=4,
            attention_head_dim=2,
            encoder_qkv_multiscales=((), ()),
            decoder_qkv_multiscales=((), ()),
            decoder_norm_types="rms_norm",
            decoder_act_fns="silu",
            **{f"{side}_{name}": value for side in ("encoder", "decoder") for name, value in blocks.items()},
        ),
        "text_encoder": Gemma2Model(
            Gemma2Config(
                vocab_size=len(words),
                hidden_size=16,
                intermediate_size=32,
                num_hidden_layers=1,
                num_attention_heads=2,
                num_key_value_heads=1,
                head_dim=8,
            )
        ),  # fmt: skip
        "tokenizer": GemmaTokenizerFast(vocab={word: number for number, word in enumerate(words)}, merges=[]),
        "scheduler": DPMSolverMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
        ),
    }


MAKERS = {"flux2": _flux2, "zimage": _zimage, "qwen": _qwen, "sd3": _sd3, "sana": _sana}


def _kl() -> dict[str, Any]:
    """An autoencoder that makes pictures eight times smaller, as all of that kind do."""
    return {
        "block_out_channels": (8,) * 4, "norm_num_groups": 4, "layers_per_block": 1,
        "down_block_types": ("DownEncoderBlock2D",) * 4, "up_block_types": ("UpDecoderBlock2D",) * 4,
    }  # fmt: skip


def _qwen3(name: str, layers: int) -> Any:
    import transformers

    config = transformers.Qwen3Config(
        vocab_size=300, hidden_size=16, intermediate_size=16, num_hidden_layers=layers, num_attention_heads=2,
        num_key_value_heads=1, head_dim=8,
    )  # fmt: skip
    return getattr(transformers, name)(config)


def _chatting() -> Any:
    """A tokenizer of bytes that puts a prompt as a question."""
    from transformers import Qwen2TokenizerFast
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    letters = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *bytes_to_unicode().values()]
    tokenizer = Qwen2TokenizerFast(vocab={letter: number for number, letter in enumerate(letters)}, merges=[])
    tokenizer.chat_template = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    return tokenizer


def _clip_letters(folder: Path) -> Any:
    from transformers import CLIPTokenizer
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    letters = list(bytes_to_unicode().values())
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={word: number for number, word in enumerate(words)}, merges=[], model_max_length=77)


def _flow(**options: Any) -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler

    return FlowMatchEulerDiscreteScheduler(shift=3.0, **options)
