"""Captions read by a BERT that a person gives: a tiny one, in the very files that BERT is handed around in."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

from studio.errors import BadInput
from studio.lab.embedding import bert_reader

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "red", "blue", "flower", "##s", "with", "centre")


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    model = BertModel(config, add_pooling_layer=False)
    save_file({f"bert.{name}": tensor for name, tensor in model.state_dict().items()}, tmp_path / "model.safetensors")
    told = {**config.to_dict(), "auto_map": {"AutoModel": "evil.Model"}}
    (tmp_path / "config.json").write_text(json.dumps(told, default=str))
    (tmp_path / "vocab.txt").write_text("\n".join(WORDS))
    return tmp_path


def test_a_bert_in_a_folder_tells_words_apart(bert: Path) -> None:
    read = bert_reader(bert)(["a red flower", "a blue flower", "a red flower"])
    assert read.shape == (3, 16) and np.allclose(read[0], read[2]) and not np.allclose(read[0], read[1], atol=1e-3)
    assert np.linalg.norm(read[0]) == pytest.approx(4.0, rel=1e-3)


def test_the_length_of_other_sentences_changes_nothing(bert: Path) -> None:
    read = bert_reader(bert)
    assert np.allclose(
        read(["a red flower"])[0], read(["a red flower", "a blue flower with a red centre"])[0], atol=1e-5
    )


@pytest.mark.parametrize("file", ["config.json", "vocab.txt", "model.safetensors"])
def test_what_is_missing_is_called_by_name(bert: Path, file: str) -> None:
    (bert / file).unlink()
    with pytest.raises(BadInput, match=f"'{file}' is missing"):
        bert_reader(bert)


def test_weights_of_another_network_are_refused(bert: Path) -> None:
    tensors = load_file(bert / "model.safetensors")
    tensors["bert.embeddings.word_embeddings.weight"] = torch.zeros(3, 16)
    save_file(tensors, bert / "model.safetensors")
    with pytest.raises(BadInput, match=r"embeddings.word_embeddings.weight"):
        bert_reader(bert)
