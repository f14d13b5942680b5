"""What a LoRA's own words give away of what it was taught."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard
from studio.safety.rating import rated
from studio.workshop import Workshop


@pytest.mark.parametrize(
    "words",
    [
        {"ss_tag_frequency": json.dumps({"10_ink": {"ink": 12, "completely_nude": 9}})},
        {"ss_tag_frequency": json.dumps({"5_nsfw": {"ink": 12}})},
        {"ss_dataset_dirs": json.dumps({"3_hentai": {"n_repeats": 3, "img_count": 20}})},
        {"modelspec.description": "Ink drawings, erotic"},
        {"modelspec.tags": "ink, rating:explicit"},
        {"ss_output_name": "ink_n4ked_v2"},
    ],
    ids=lambda words: next(iter(words)),
)
def test_words_for_adults_are_seen(words: dict[str, str]) -> None:
    assert rated(words) == "adult"


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"ss_tag_frequency": "{damaged"},
        {
            "ss_tag_frequency": json.dumps({"10_ink": {"1girl": 12, "beach": 9, "great tit": 2}}),
            "modelspec.title": "Ink",
        },
        {"ss_tag_frequency": json.dumps([1, 2])},
    ],
)
def test_words_that_say_nothing_of_it_prove_nothing(words: dict[str, str]) -> None:
    assert rated(words) == "unknown"


def test_an_adapter_keeps_what_its_file_said_when_it_is_taken_in(
    workshop: Workshop, tiny_pocket: Path, tmp_path: Path
) -> None:
    import torch
    from safetensors.torch import save_file

    module = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_v"
    state = {
        f"{module}.lora_down.weight": torch.randn(4, 64), f"{module}.lora_up.weight": torch.randn(64, 4),
        f"{module}.alpha": torch.tensor(4.0),
    }  # fmt: skip
    words = {"ss_tag_frequency": json.dumps({"10_ink": {"nipples": 3}})}
    save_file(state, tmp_path / "ink.safetensors", metadata=words)
    card = AdapterCard(id="ink", title="Ink", kind="style", base_model="pocket", rank=0, alpha=0.0, trigger="ink")
    assert workshop.check_adapter(tmp_path / "ink.safetensors", "pocket").rating == "adult"
    assert workshop.import_adapter(tmp_path / "ink.safetensors", card).rating == "adult"
