"""Captions as numbers for the GAN: by the text encoder of pocket, or by a BERT that a person gives.

The GAN never learns to read: what it hears is the state of a text encoder at the end of the sentence (Reed et al. 2016 use a
char-CNN-RNN, Zhang et al. 2017 and later work a pretrained encoder that stays as it is).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from ..errors import BadInput
from ..settings import ASSETS

Reader = Callable[[Sequence[str]], np.ndarray]  # texts to float32 [n, text], each of length √text
POCKET = ASSETS / "pocket"
BATCH = 128
LONGEST = 64  # tokens
BERT = {
    "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act",
    "max_position_embeddings", "type_vocab_size", "layer_norm_eps", "pad_token_id",
}  # fmt: skip


def pocket_reader(folder: Path = POCKET) -> Reader:
    """Pocket's own CLIP text encoder: float32 [n, 256], its state at the end of each sentence."""
    from transformers import CLIPTextModel, CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True)
    encoder = CLIPTextModel.from_pretrained(folder / "text_encoder", local_files_only=True, dtype=torch.float32).eval()

    def read(texts: Sequence[str]) -> torch.Tensor:
        told = tokenizer(list(texts), padding="longest", truncation=True, max_length=LONGEST, return_tensors="pt")
        states = encoder(told.input_ids).last_hidden_state
        ends = (told.input_ids == tokenizer.eos_token_id).int().argmax(1)
        return states[torch.arange(len(states)), ends]

    return _each_once(read)


def bert_reader(folder: Path) -> Reader:
    """A BERT from config.json, vocab.txt and model.safetensors in a folder: the mean of its last states.

    Nothing in the folder is run, and its settings are taken one by one. Raises BadInput for what is missing or of another network.
    """
    from transformers import BertConfig, BertModel, BertTokenizer

    told, tensors = _config(folder), _tensors(folder)
    if not (folder / "vocab.txt").is_file():
        raise _not_bert(folder, "vocab.txt")
    encoder = BertModel(BertConfig(**told), add_pooling_layer=False).eval()
    weights = {name.removeprefix("bert."): tensor for name, tensor in tensors.items()}
    own = encoder.state_dict()
    wrong = [name for name in own if name not in weights or weights[name].shape != own[name].shape]
    if wrong:
        raise _not_bert(folder, wrong[0])
    encoder.load_state_dict({name: weights[name].float() for name in own})
    tokenizer = BertTokenizer(str(folder / "vocab.txt"))

    def read(texts: Sequence[str]) -> torch.Tensor:
        words = tokenizer(list(texts), padding="longest", truncation=True, max_length=LONGEST, return_tensors="pt")
        states = encoder(input_ids=words.input_ids, attention_mask=words.attention_mask).last_hidden_state
        there = words.attention_mask[..., None]
        return (states * there).sum(1) / there.sum(1)

    return _each_once(read)


def _each_once(read: Callable[[Sequence[str]], torch.Tensor]) -> Reader:
    """Reads every different text once, in batches of about one length."""

    def reader(texts: Sequence[str]) -> np.ndarray:
        different = sorted(set(texts), key=lambda text: (len(text), text))
        found = []
        with torch.inference_mode():
            for at in range(0, len(different), BATCH):
                states = read(different[at : at + BATCH])
                found.append(torch.nn.functional.normalize(states, dim=1) * states.shape[1] ** 0.5)
        known = dict(zip(different, torch.cat(found).numpy(), strict=True))
        return np.stack([known[text] for text in texts])

    return reader


def _config(folder: Path) -> dict[str, object]:
    try:
        told = json.loads((folder / "config.json").read_bytes())
        return {name: told[name] for name in BERT if name in told}
    except (OSError, ValueError, TypeError) as error:
        raise _not_bert(folder, "config.json") from error


def _tensors(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(folder / "model.safetensors")
    except (OSError, SafetensorError) as error:
        raise _not_bert(folder, "model.safetensors") from error


def _not_bert(folder: Path, what: str) -> BadInput:
    return BadInput(
        "'{folder}' holds no BERT that can be used: '{what}' is missing, damaged or of another network. Give a folder with config.json, "
        "vocab.txt and model.safetensors, or leave it out to let the studio's own reader read; nothing was changed.",
        folder=folder.name,
        what=what,
    )
