"""What the web process holds while ten sessions each drop ten photos of twelve megapixels on the screen Characters, and after
they left. Run by `python -m benchmarks.load --uploads`; about five minutes, most of it waiting for Streamlit to forget them."""

from __future__ import annotations

import asyncio
import io
import tempfile
import time
from pathlib import Path
from typing import Any

import launch
from benchmarks.load import memory, spread, stream, studio
from benchmarks.visitor import Visitor
from studio.settings import SAMPLES
from studio.workshop import Workshop

PHOTOS = 10
SIZE = (4000, 3000)
LOOK_S = 0.1  # between two looks at the memory
LEFT_S = 150.0  # Streamlit keeps a session for two minutes after its browser has gone
ROUND_S = 75.0  # and the caretaker of the web process makes a round a minute


def uploads(sessions: int) -> dict[str, Any]:
    """The figures."""
    with tempfile.TemporaryDirectory() as place, studio(Path(place), 1.0) as (workshop, port, web):
        _somebody(workshop)
        raw = _photos()
        held, errors, took = asyncio.run(_drop(port, web, sessions, raw))
        return {
            "photos MB": round(sum(map(len, raw)) * sessions / 1e6),
            "web MB at rest": round(held[0] / 1e6),
            "web MB at most": round(max(held) / 1e6),
            "web MB after": round(held[-1] / 1e6),
            "drop ms": spread(took),
            "characters": len(workshop.characters()) - 1,
            "photos kept": sum(one.photos for one in workshop.characters() if one.name != "May"),
            "errors": errors[:5],
        }


async def _drop(port: int, web: int, sessions: int, photos: list[bytes]) -> tuple[list[int], list[str], list[float]]:
    errors: list[str] = []
    async with Visitor(stream(port), watch=lambda *_: None) as first:
        await first.open("characters")
    held = [memory(web)]
    watching = asyncio.create_task(_watch(web, held))
    visits = [_visit(port, number, photos, errors) for number in range(sessions)]
    took = await asyncio.gather(*visits)
    await asyncio.sleep(LEFT_S)
    async with Visitor(stream(port), watch=lambda *_: None) as last:  # who comes next is served by the same process
        await last.open("characters")
        await asyncio.sleep(ROUND_S)
    held.append(memory(web))
    watching.cancel()
    held.append(memory(web))
    return held, errors, took


async def _watch(web: int, held: list[int]) -> None:
    while True:
        held.append(memory(web))
        await asyncio.sleep(LOOK_S)


async def _visit(port: int, number: int, photos: list[bytes], errors: list[str]) -> float:
    """One person's way from the screen Characters to ten photos that were looked at; gives the seconds of the last step."""
    async with Visitor(
        stream(port), watch=lambda kind, told, _: errors.append(told) if kind == "error" else None
    ) as visitor:
        await visitor.open("characters")
        await visitor.act(visitor.press("characters_add"))
        await visitor.act(visitor.says("characters_name", f"Child {number}"))
        await visitor.act(visitor.chooses("characters_kind", "Someone drawn"))
        began = time.monotonic()
        await visitor.act(await visitor.drops("characters_photos", launch.HOST, port, photos))
        return time.monotonic() - began


def _somebody(workshop: Workshop) -> None:
    drawings = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))[:2]]
    workshop.begin_character("May", "drawn", drawings, "girl")


def _photos() -> list[bytes]:
    """JPEGs as a telephone makes them, of a few megabytes, no two alike."""
    import numpy as np
    from PIL import Image

    found = []
    for number in range(PHOTOS):
        dice = np.random.default_rng(number)
        small = dice.integers(0, 255, (30, 40, 3), dtype=np.uint8)
        large = Image.fromarray(small).resize(SIZE, Image.Resampling.BICUBIC)
        grain = Image.fromarray(dice.integers(0, 40, (SIZE[1] // 2, SIZE[0] // 2, 3), dtype=np.uint8)).resize(SIZE)
        raw = io.BytesIO()
        Image.blend(large, grain, 0.2).save(raw, "JPEG", quality=93)
        found.append(raw.getvalue())
    return found
