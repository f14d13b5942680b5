"""The parts of an anatomy one after another: each finds something out, writes its plates, and tells its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from ...progress import Work
from .attention import by_word
from .canvas import Tile, columns_for, sheet
from .course import course, shares
from .mirror import mirrored
from .plates import (
    TokenRow,
    attention_plate,
    channels_plate,
    guidance_plate,
    mirror_plate,
    moments_plate,
    pull_tile,
    schedule_plate,
    solvers_plate,
    tokens_plate,
)
from .record import Part
from .solvers import COUNTS, SOLVERS, Solved, solved
from .table import NOISY, Table
from .words import reading

Found = Work[list[Part]]


def tokens(table: Table) -> Found:
    words, rows = table.words, _rows(table)
    name = table.keep("tokens.png", tokens_plate(rows, words.cut))
    yield table.done("reading the words")
    figures = {
        "tokens": [_row_told(row, place, table) for place, row in enumerate(rows)],
        "count": len(words.tokens), "words": list(words.words), "cut": list(words.cut),
        "width": len(rows[0].alone), "places": table.told.wanted.shape[1], "vocabulary": len(table.pipeline.tokenizer),
    }  # fmt: skip
    return [Part("tokens", (name,), figures)]


def _rows(table: Table) -> list[TokenRow]:
    """A row for each token, with the marks of start and end around them."""
    tokenizer, words = table.pipeline.tokenizer, table.words
    read = reading(table.pipeline, words, table.told.wanted)
    told = [(token.text, token.id) for token in words.tokens]
    marked = [("‹start›", tokenizer.bos_token_id), *told, ("‹end›", tokenizer.eos_token_id)]
    return [
        TokenRow(text, id, alone.numpy(), heard.numpy(), place in (0, len(marked) - 1))
        for place, ((text, id), alone, heard) in enumerate(zip(marked, read.alone, read.heard, strict=True))
    ]


def _row_told(row: TokenRow, place: int, table: Table) -> dict[str, Any]:
    """`norm` is how long the row of the piece alone is, `norm_heard` that of the piece in its sentence."""
    words = table.words
    return {
        "text": row.text,
        "id": row.id,
        "word": None if row.mark else words.words[words.tokens[place - 1].word],
        "norm": round(float(np.linalg.norm(row.alone)), 3),
        "norm_heard": round(float(np.linalg.norm(row.heard)), 3),
    }


def drawing(table: Table) -> Found:
    """The course itself: latents and expected pictures at every step, and the finished picture."""
    count = table.question.steps
    for step in course(table.pipeline, table.told, table.noise, count):
        table.steps.append(step)
        yield table.done(f"step {step.number} of {count}")
        table.views.append(table.pixels(step.latents))
        yield table.done("decoding the latents")
        table.expected.append(table.pixels(step.clean))
        yield table.done("decoding what is expected")
    table.keep_picture()
    seen = _sheet("latents.png", table.views, table), _channels(table)
    clean = _sheet("clean.png", table.expected, table)
    yield table.done("laying out the steps")
    return [
        Part("latents", seen, _latents_told(table)),
        Part("clean", (clean,), {"settled": settled(table.expected), "steps": count}),
    ]


def _sheet(name: str, views: Sequence[np.ndarray], table: Table) -> str:
    tiles = [Tile(view, str(step.number), str(step.time)) for view, step in zip(views, table.steps, strict=True)]
    return table.keep(name, sheet(tiles, columns_for(len(tiles))))


def _channels(table: Table) -> str:
    """The latents as they are: before the first step, halfway, and at the end."""
    halfway, last = table.moments[len(table.moments) // 2], table.moments[-1]
    shown = [("0", table.noise), *((str(at + 1), table.steps[at].latents) for at in sorted({halfway, last}))]
    return table.keep(
        "latents-channels.png", channels_plate([(name, one[0].float().cpu().numpy()) for name, one in shown])
    )


def _latents_told(table: Table) -> dict[str, Any]:
    channels, height, width = table.noise.shape[1:]
    high, wide = table.picture.shape[:2]
    return {
        "channels": channels, "latent_width": width, "latent_height": height, "width_px": wide, "height_px": high,
        "times": [step.time for step in table.steps], "steps": table.question.steps,
    }  # fmt: skip


def settled(expected: Sequence[np.ndarray]) -> int:
    """From which step on the expected picture is less than half as far from the last one as the first one is; at the latest the
    last."""
    off = [float(abs(one.astype(float) - expected[-1]).mean()) for one in expected]
    far = [number for number, one in enumerate(off, 1) if one > off[0] / 2]
    return min(max(far, default=0) + 1, len(off))


def schedule(table: Table) -> Found:
    """How noise is mixed in, with the finished picture under more and more of it."""
    signal, noise = (one.numpy() for one in shares(table.pipeline))
    last, tiles = len(signal) - 1, []
    for at in range(NOISY):
        stage = round(last * at / (NOISY - 1))
        latents = float(signal[stage]) * table.steps[-1].latents + float(noise[stage]) * table.noise
        tiles.append(Tile(table.pixels(latents), str(stage)))
        yield table.done("mixing in noise")
    times = [step.time for step in table.steps]
    name = table.keep("schedule.png", schedule_plate(signal, noise, times, tiles))
    config = table.pipeline.scheduler.config
    figures = {
        "stages": last + 1, "steps": len(times), "half": int((noise > signal).argmax()),
        "kind": str(config.prediction_type), "shape": str(config.beta_schedule),
    }  # fmt: skip
    return [Part("schedule", (name,), figures)]


def attention(table: Table) -> Found:
    """Where each word was heard: maps [steps, 1 + words + 1, h, w] with the marks of start and end."""
    maps = torch.stack([by_word(step.attention, table.words) for step in table.steps])
    mean, words = maps.mean(0), table.words.words
    share = [round(one, 4) for one in mean.mean((1, 2)).tolist()]
    names: tuple[str, ...] = ()
    if words:
        each, labels = maps[table.moments, 1:-1].transpose(0, 1).numpy(), [str(place + 1) for place in table.moments]
        steps = moments_plate([table.expected[place] for place in table.moments], words, each, labels)
        whole = attention_plate(table.picture, words, mean[1:-1].numpy())
        names = table.keep("attention.png", whole), table.keep("attention-steps.png", steps)
    yield table.done("asking where each word was heard")
    figures = {
        "words": [{"word": word, "share": one} for word, one in zip(words, share[1:-1], strict=True)],
        "start": share[0], "rest": share[-1], "grid_width": mean.shape[2], "grid_height": mean.shape[1],
    }  # fmt: skip
    return [Part("attention", names, figures)]


def guidance(table: Table) -> Found:
    """The same noise without guidance, and where the words pulled."""
    if (scale := table.question.guidance) <= 1:
        return []
    plain, count = table.noise, table.question.steps
    for step in course(table.pipeline, replace(table.told, guidance=1.0), table.noise, count):
        plain = step.latents
        yield table.done(f"without guidance, step {step.number} of {count}")
    unguided, size = table.pixels(plain), table.picture.shape[:2]
    pulls = [step.pull.numpy() for step in table.steps if step.pull is not None]
    tiles = [(pull_tile(pulls[at], size, str(at + 1)), table.steps[at].reach) for at in table.moments]
    plate = guidance_plate(Tile(unguided, "× 1"), Tile(table.picture, f"× {scale:g}"), tiles)
    name = table.keep("guidance.png", plate)
    yield table.done("laying out the guidance")
    figures = {
        "scale": scale, "pull": [round(float(one.mean()), 5) for one in pulls],
        "reach": [round(step.reach, 4) for step in table.steps], "changed": apart(unguided, table.picture),
    }  # fmt: skip
    return [Part("guidance", (name,), figures)]


def mirror(table: Table) -> Found:
    """The person's photo through the autoencoder."""
    if table.question.photo is None:
        return []
    found = mirrored(table.pipeline, table.question.photo)
    name = table.keep("mirror.png", mirror_plate(found.photo, found.back, found.latents, f"{found.psnr:.1f} dB"))
    yield table.done("sending the photo through")
    figures = {
        "mse": round(found.mse, 6), "psnr": round(found.psnr, 2), "ssim": round(found.ssim, 4),
        "width_px": found.photo.shape[1], "height_px": found.photo.shape[0],
        "numbers_in": found.photo.size, "numbers_between": found.latents.size,
        "times_fewer": round(found.photo.size / found.latents.size, 1),
    }  # fmt: skip
    return [Part("mirror", (name,), figures)]


def solvers(table: Table) -> Found:
    """Every solver with every number of steps; `off` is how far each picture is from that of DDIM with the most steps."""
    if not table.question.solvers:
        return []
    pictures: dict[str, list[np.ndarray]] = {name: [] for name in SOLVERS}
    seconds: dict[str, list[float]] = {name: [] for name in SOLVERS}
    for name, count in [(name, count) for name in SOLVERS for count in COUNTS]:
        for now in solved(table.pipeline, table.told, table.noise, name, count, table.question.seed):
            if isinstance(now, Solved):
                pictures[name].append(table.pixels(now.latents))
                seconds[name].append(round(now.seconds, 3))
            else:
                yield table.done(f"{name}, step {now} of {count}")
    plate = table.keep("solvers.png", solvers_plate(_timed(pictures, seconds), [str(count) for count in COUNTS]))
    yield table.done("laying the solvers side by side")
    off = {name: [apart(one, pictures["DDIM"][-1]) for one in each] for name, each in pictures.items()}
    return [Part("solvers", (plate,), {"steps": list(COUNTS), "off": off, "seconds": seconds})]


def _timed(pictures: dict[str, list[np.ndarray]], seconds: dict[str, list[float]]) -> list[tuple[str, list[Tile]]]:
    return [
        (name, [Tile(one, more=f"{took:.1f} s") for one, took in zip(each, seconds[name], strict=True)])
        for name, each in pictures.items()
    ]


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """How far two pictures uint8 [h, w, 3] are from each other: the mean difference as a share of full brightness, 0 … 1."""
    return round(float(abs(one.astype(float) - other).mean() / 255), 4)
