"""XML and XHTML of strangers, read as a stream of tags: no tree, no network, no other files, no swelling entities.

libxml2 itself refuses entities that grow to many times the file and tags that nest deeper than 256.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html.entities import name2codepoint
from typing import Any, Protocol, TypeVar

from .document import Refused

MOST_TREE_BYTES = 2_000_000  # a list of thousands of parts is a tenth of it
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_XML_OWN = {"amp", "lt", "gt", "quot", "apos"}
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


class Listener(Protocol):
    """Hears the tags of a file in their order, each with its namespace: '{…}p'."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...
    def close(self) -> None: ...


L = TypeVar("L", bound=Listener)


def local(tag: str) -> str:
    """The name of a tag or attribute without its namespace: '{…}p' and 'epub:p' become 'p'."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def tree(raw: bytes) -> Any:
    """The root element of a small XML file. Raises Refused("damaged") when it is not XML, ("bomb") when it is large."""
    from lxml import etree

    if len(raw) > MOST_TREE_BYTES:
        raise Refused("bomb")
    try:
        return etree.fromstring(raw, etree.XMLParser(remove_comments=True, remove_pis=True, **_SAFE))
    except etree.LxmlError:
        raise Refused("damaged") from None


def hear(raw: bytes, listener: L) -> L:
    """The listener, when it has heard a whole XML file. Raises Refused("damaged") when it is not XML."""
    from lxml import etree

    try:
        etree.fromstring(raw, etree.XMLParser(target=listener, **_SAFE))
    except etree.LxmlError:
        raise Refused("damaged") from None
    return listener


def hear_page(raw: bytes, new: Callable[[], L]) -> L:
    """A new listener that has heard an XHTML page; one that is not quite XML is read as HTML, as browsers do."""
    raw = _NAMED.sub(_numbered, raw)
    try:
        return hear(raw, new())
    except Refused as refusal:
        if str(refusal) != "damaged" or b"<!ENTITY" in raw:
            raise
    return _hear_html(raw, new())


def _hear_html(raw: bytes, listener: L) -> L:
    from lxml import etree

    try:
        raw.decode("utf-8")  # the HTML parser would guess at anything else
        etree.fromstring(raw, etree.HTMLParser(target=listener, encoding="utf-8", no_network=True, huge_tree=False))
    except (UnicodeDecodeError, etree.LxmlError):
        raise Refused("damaged") from None
    return listener


def _numbered(match: re.Match[bytes]) -> bytes:
    """&eacute; as &#233;, since XML knows the names of HTML only from a file that is not read."""
    name = match[1].decode()
    return match[0] if name in _XML_OWN or name not in name2codepoint else b"&#%d;" % name2codepoint[name]
