"""An honest little language model for the fake server: it keeps to our protocol and knows nothing but what it is told."""

from __future__ import annotations

import json
from typing import Any

SHOWN: dict[str, Any] = {
    "place": "forest", "time": "day", "weather": "sun", "things": ["red kite"], "relation": "beside", "view": "middle", "without": [],
}  # fmt: skip
TALES = {
    "en": "{{HERO}} walks on through the quiet wood and looks for what was lost, part {at}.",
    "vi": "{{HERO}} đi tiếp qua khu rừng yên tĩnh và tìm điều đã mất, phần {at}.",
}


def storyteller(messages: list[dict[str, Any]], response_format: dict[str, Any] | None) -> str:
    """Answers the last JSON object that a user sent."""
    told = [message["content"] for message in messages if message["role"] == "user"]
    order = next((json.loads(text) for text in told if text.startswith("{")), {})
    return json.dumps(answer(order), ensure_ascii=False)


def answer(order: dict[str, Any]) -> dict[str, Any]:
    if not order:
        return {"word": "Welcome", "times": 3}
    if "sentences" in order:
        return {"cast": _cast(order), "pages": [{"last_sentence": end, **_scene(order)} for end in _ends(order)]}
    if isinstance(order.get("pages"), list):
        texts = [TALES[order["language"]].format(at=page["number"]) for page in order["pages"]]
        return {"pages": [{"number": at, "text": text} for at, text in enumerate(texts, 1)]}
    tale = TALES[order["language"]]
    return {
        "cast": _cast(order),
        "pages": [{"text": tale.format(at=at), **_scene(order)} for at in range(1, order["pages"] + 1)],
    }


def _cast(order: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "id": one["id"],
            "called": one["called"],
            "kind": one["kind"],
            "look": "small and quick",
            "clothes": "green coat",
        }
        for one in order["cast"][:1]
    ]


def _scene(order: dict[str, Any]) -> dict[str, Any]:
    who = [{"id": one["id"], "action": "walking", "mood": "happy", "clothes": ""} for one in order["cast"][:1]]
    return {"who": who, **SHOWN}


def _ends(order: dict[str, Any]) -> list[int]:
    count, pages = len(order["sentences"]), order["pages"]
    return [count * at // pages for at in range(1, pages + 1)]
