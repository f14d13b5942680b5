"""Pocket's CLIP pair: a text model and an image model that put a caption and its picture in the same place.

Both learn together from captions and rendered scenes by the contrastive loss of arXiv:2103.00020, section 2.3. The text
half, which becomes the text encoder of the denoiser, must say besides everything about the scene that its caption tells
(`attributes`), from the pooled state and from the last one: the denoiser sees all positions, and contrast alone lets a
model forget whatever rarely tells two scenes of a batch apart. What a caption leaves out can only be guessed, which is
right. The image half serves evaluation: how well a picture fits its prompt, and likeness.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..progress import Work
from .attributes import answers, attributes
from .muon import Muon
from .recipe import Recipe
from .run import Run
from .text import EXTRA_WORDS, MAX_TOKENS, WIDTH, new_text_model, train_tokenizer
from .world.captions import caption
from .world.grammar import training_scenes

if TYPE_CHECKING:
    import torch
    from transformers import CLIPTextModel, CLIPTokenizer, CLIPVisionModelWithProjection

SIDE_PX = 128
PATCH_PX = 16
RATE = 1e-3
WARMUP = 0.05  # share of the time


def new_image_model() -> CLIPVisionModelWithProjection:
    """An untrained CLIP image model: pictures [n, 3, 128, 128] in -1..1 to embeddings [n, 256] (3.4 M parameters)."""
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    return CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=WIDTH,
            intermediate_size=4 * WIDTH,
            num_hidden_layers=4,
            num_attention_heads=4,
            image_size=SIDE_PX,
            patch_size=PATCH_PX,
            projection_dim=WIDTH,
        )
    )


def train_clip(build: Path, recipe: Recipe, seed: int = 0) -> Work[Path]:
    """Trains the pair for the recipe's time and saves `tokenizer`, `text_encoder` and `clip` in the build folder."""
    import torch

    torch.manual_seed(seed)  # the same first weights in every process
    run = Run(build, "clip", recipe.clip_seconds)
    tokenizer = _tokenizer(build, run)
    pair = _new_pair(new_text_model(tokenizer), new_image_model()).to(run.device).train()
    muon, adam = _optimizers(pair, run)
    run.resume(pair=pair, muon=muon, adam=adam)
    batches = _batches(build, tokenizer, recipe.clip_batch // run.team.size, run, seed)
    while run.going():
        for group in (*muon.param_groups, *adam.param_groups):
            group["lr"] = RATE * min(1.0, run.share / WARMUP + 0.01) * max(0.02, 1.0 - run.share)
        loss, matched = _learn(pair, *next(batches))
        run.agree(pair.parameters())
        torch.nn.utils.clip_grad_norm_(pair.parameters(), 1.0)
        muon.step()
        adam.step()
        pair.zero_grad()
        yield from run.tell(recipe.clip_batch, loss=loss, matched=matched)
    if run.team.leads:
        pair["text"].save_pretrained(build / "text_encoder")
        pair["image"].save_pretrained(build / "clip")
    run.team.wait()
    return build


def _optimizers(pair: torch.nn.ModuleDict, run: Run) -> tuple[Muon, torch.optim.Optimizer]:
    """Muon for the matrices inside both halves, AdamW for embeddings, heads, norms and biases."""
    import torch

    matrices: list[torch.Tensor] = []
    rest: list[torch.Tensor] = []
    for name, parameter in pair.named_parameters():
        (matrices if parameter.ndim == 2 and ".layers." in name else rest).append(parameter)
    adam = torch.optim.AdamW(rest, lr=RATE, betas=(0.9, 0.98), weight_decay=0.05, fused=True)
    return Muon(matrices, RATE, run.team.rank, run.team.size), adam


def _tokenizer(build: Path, run: Run) -> CLIPTokenizer:
    """The tokenizer of this build; one process trains it when there is none."""
    from transformers import CLIPTokenizer

    if run.team.leads and not (build / "tokenizer").is_dir():
        train_tokenizer(build / "tokenizer", extra=EXTRA_WORDS)
    run.team.wait()
    return CLIPTokenizer.from_pretrained(build / "tokenizer", local_files_only=True)


def _batches(
    build: Path, tokenizer: CLIPTokenizer, count: int, run: Run, seed: int
) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Without end: captions as tokens [count, 64], their scenes' right answers [count, questions], their pictures."""
    import torch

    pictures = np.load(build / "world.npy", mmap_mode="r")
    scenes, rng = list(training_scenes(seed, len(pictures))), random.Random(f"{run.team.rank}-{run.step}")
    while True:
        rows = sorted(rng.sample(range(len(scenes)), count))
        words = tokens(tokenizer, [caption(scenes[row], rng) for row in rows])
        right = torch.tensor([answers(scenes[row]) for row in rows])
        yield words.to(run.device), right.to(run.device), small(pictures[rows]).to(run.device)


def small(pictures: np.ndarray) -> torch.Tensor:
    """uint8 pictures [n, 256, 256, 3] (or any multiple of 128) as float [n, 3, 128, 128] in -1..1, by area averaging."""
    import torch

    full = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float()
    return torch.nn.functional.interpolate(full, size=(SIDE_PX, SIDE_PX), mode="area").div_(127.5).sub_(1.0)


def match(build: Path, texts: list[str], pictures: np.ndarray) -> np.ndarray:
    """Cosine between each text and its picture, float [n] in -1..1. `build` holds the trained pair."""
    import torch
    from transformers import CLIPTextModel, CLIPTokenizer, CLIPVisionModelWithProjection

    tokenizer = CLIPTokenizer.from_pretrained(build / "tokenizer", local_files_only=True)
    text = CLIPTextModel.from_pretrained(build / "text_encoder", local_files_only=True).float().eval()
    image = CLIPVisionModelWithProjection.from_pretrained(build / "clip", local_files_only=True).float().eval()
    with torch.no_grad():
        told = text(tokens(tokenizer, texts)).pooler_output
        seen = image(small(pictures)).image_embeds
    return torch.nn.functional.cosine_similarity(told, seen).numpy()


def tokens(tokenizer: CLIPTokenizer, texts: list[str]) -> torch.Tensor:
    """Token numbers [n, 64]; what is longer is cut."""
    return tokenizer(texts, padding="max_length", truncation=True, max_length=MAX_TOKENS, return_tensors="pt").input_ids


def _new_pair(text: CLIPTextModel, image: CLIPVisionModelWithProjection) -> Any:
    """A ModuleDict of both halves and a head for each question, with the `heat` of the contrast."""
    import torch

    heads = {name: torch.nn.Linear(WIDTH, len(options)) for name, options in attributes().items()}
    pair = torch.nn.ModuleDict({"text": text, "image": image, "heads": torch.nn.ModuleDict(heads)})
    pair.register_parameter("heat", torch.nn.Parameter(torch.tensor(2.7)))  # e^2.7 ≈ 1 / 0.07, as in the paper
    return pair


def _learn(pair: Any, words: torch.Tensor, right: torch.Tensor, pixels: torch.Tensor) -> tuple[float, float]:
    """Leaves the gradients of one batch; gives the loss, and the share of captions whose own picture fits them best."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    with torch.autocast(pixels.device.type, torch.bfloat16):
        told = pair["text"](words)
        seen = pair["image"](pixels).image_embeds
    logits = normalize(told.pooler_output.float()) @ normalize(seen.float()).T * pair.heat.exp().clamp(max=100)
    own = torch.arange(len(words), device=pixels.device)
    contrast = (cross_entropy(logits, own) + cross_entropy(logits.T, own)) / 2
    # the last position is where padding ends; both must hold the meaning
    said = [
        cross_entropy(head(state.float()), right[:, index])
        for state in (told.pooler_output, told.last_hidden_state[:, -1])
        for index, head in enumerate(pair["heads"].values())
    ]
    loss = contrast + 0.5 * torch.stack(said).mean()
    loss.backward()
    return loss.item(), (logits.argmax(1) == own).float().mean().item()
