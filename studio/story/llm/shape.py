"""The shapes of a language model's answers. Strict: an unknown key, a missing one or a wrong kind of value is an error.

All words of a scene are short phrases of letters, so that no address, mark-up or number can come through them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Phrase = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=48, pattern=r"^(?:\p{L}[\p{L}\p{M} '’-]*)?$")
]
Look = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=120, pattern=r"^(?:\p{L}[\p{L}\p{M} ,'’-]*)?$")
]
Id = Annotated[str, StringConstraints(max_length=12, pattern=r"^[A-Z][A-Z0-9]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Figure(Strict):
    """Somebody on a page."""

    id: Id
    action: Phrase
    mood: Phrase
    clothes: Phrase  # only where the story changed them


class Drawn(Strict):
    """What a page shows."""

    who: Annotated[list[Figure], Field(max_length=8)]
    place: Phrase
    time: Phrase
    weather: Phrase
    things: Annotated[list[Phrase], Field(max_length=6)]
    relation: Phrase
    view: Literal["near", "middle", "far"]
    without: Annotated[list[Phrase], Field(max_length=6)]


class Member(Strict):
    """Somebody in the story. `called` is how its text calls them."""

    id: Id
    called: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    kind: Phrase
    look: Look
    clothes: Phrase


class Ends(Strict):
    last_sentence: Annotated[int, Field(ge=1)]


class Says(Strict):
    text: Text


# The words of a page are asked for before what it shows: a model that has just said them shows them better.
class KeptPage(Drawn, Ends):
    """A page that holds the author's sentences up to and with number `last_sentence`."""


class ToldPage(Drawn, Says):
    """A page that the model wrote."""


class KeptPlan(Strict):
    cast: Annotated[list[Member], Field(max_length=20)]
    pages: Annotated[list[KeptPage], Field(max_length=100)]


class ToldPlan(Strict):
    cast: Annotated[list[Member], Field(max_length=20)]
    pages: Annotated[list[ToldPage], Field(max_length=100)]


class Words(Strict):
    number: Annotated[int, Field(ge=1)]
    text: Text


class Texts(Strict):
    """New words for pages whose scenes stay."""

    pages: Annotated[list[Words], Field(max_length=100)]


def schema_of(shape: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema as strict servers want it: all keys required, none besides, and no rules that some do not know."""
    schema = shape.model_json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        part["required"] = list(part.get("properties", {}))
    return _simple(schema)


def _simple(part: Any) -> Any:
    if isinstance(part, dict):
        unknown = ("maxLength", "minLength", "pattern", "title", "description", "default", "maxItems", "minimum")
        return {
            name: {key: _simple(value) for key, value in inner.items()}
            if name in ("properties", "$defs")
            else _simple(inner)
            for name, inner in part.items()
            if name not in unknown
        }
    return [_simple(one) for one in part] if isinstance(part, list) else part
