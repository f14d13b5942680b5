"""The proper names in a story: those that it introduces, those within its sentences, and what its teller is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from .lexicon import Token, listed, mentions, phrases, tokens
from .story import Language

NAMED = r"(?:(?:who is|who was|whose|her|his|is|was) )?(?:named|called|name (?:is|was)|tên(?: gọi)?(?: là)?|gọi là)"
_INTRODUCED = re.compile(rf"\b{NAMED}\s+$")
_OWN_NAME = re.compile(r"\b(?:[Mm]y name (?:is|was)|I am called|[Tt]ôi tên là|[Tt]ên tôi là|[Tt]ớ tên là) \w")
TELLING = 0.02  # of the words of a story are "I", "my" or "we" when somebody in it tells it
_TITLE = re.compile(r"\b[A-Z][a-z]+\.? $")


def names_in(text: str, language: Language) -> tuple[str, ...]:
    """Everything within the sentences of a text that looks like a name, of people and of places."""
    return tuple(dict.fromkeys(name for name, _ in _capitalised(text, language)))


def proper_names(text: str, language: Language) -> list[str]:
    """Proper names: introduced ("named May", "the dog Rex"), or capitalised within a sentence and repeated."""
    seen, nearby, introduced = Counter[str](), Counter[str](), set[str]()
    for name, before in _capitalised(text, language):
        seen[name] += 1
        nearby[name] += before.rstrip().rsplit(" ", 1)[-1].lower() in listed(language, "nearby")
        if _INTRODUCED.search(before) or _ends_with_kind(before, language):
            introduced.add(name)
    names = [
        name
        for name in seen
        if name in introduced or (len(whole(name).findall(text)) > 1 and nearby[name] * 2 < seen[name])
    ]
    teller = [] if introduced and _OWN_NAME.search(text) else _teller(text, language)
    often = capitals_never_small(text, language, 2) if names else capitals_never_small(text, language, 2)[:1]
    return list(dict.fromkeys([*teller, *names, *(name for name in often if name not in seen)]))


def _ends_with_kind(before: str, language: Language) -> bool:
    kinds = [each for each in mentions(before, language) if each.field == "kind"]
    return bool(kinds) and kinds[-1].end == len(before.rstrip())


def _teller(text: str, language: Language) -> list[str]:
    """What the teller calls itself, in a story that says "I" outside of speech again and again."""
    count = sum(each.word == "me" and not each.spoken for each in mentions(text, language))
    return [phrases(language, "pronoun")["me"][0]] if count > max(2, TELLING * len(text.split())) else []


def _capitalised(text: str, language: Language) -> Iterator[tuple[str, str]]:
    """Runs of capitalised words that do not begin a sentence, each with the text before it."""
    words, at = tokens(text), 0
    while at < len(words):
        end = at + 1
        if _is_capital(text, words[at]) and not _begins(text, words, at):
            while end < len(words) and _is_capital(text, words[end]) and _touch(text, words[end - 1], words[end]):
                end += 1
            if name := _bare(text, words[at:end], language):
                start = text.index(name, words[at].start)
                yield name, text[max(0, start - 40) : start]
        at = end


def _bare(text: str, run: list[Token], language: Language) -> str:
    """The name without "Bé" or "the" before it; empty when nothing is left or it is a kind ("Chú Thỏ")."""
    while run and run[0].key in listed(language, "starters"):
        run = run[1:]
    name = text[run[0].start : run[-1].end] if run else ""
    common = " ".join(token.key for token in run) in listed(language, "starters") or len(name) < 2
    return "" if common or any(found.field == "kind" for found in mentions(name, language)) else name


def capitals_never_small(text: str, language: Language, least: int) -> list[str]:
    """Words that are always capitalised, at least so often: the heroes of "Tom ran. Tom sat.", who begin sentences."""
    words = tokens(text)
    small = {token.key for token in words if not _is_capital(text, token)} | set(listed(language, "starters"))
    capitals = Counter(_bare(text, [token], language) for token in words if token.key not in small)
    return [name for name, count in capitals.most_common() if name and count >= least]


def _is_capital(text: str, token: Token) -> bool:
    word = text[token.start : token.end]
    return word[:1].isupper() and not (len(word) > 1 and word.isupper())


def _begins(text: str, words: list[Token], at: int) -> bool:
    """Whether the word begins a sentence, a speech or a line."""
    if at == 0 or "\n" in text[words[at - 1].end : words[at].start]:
        return True
    return not words[at - 1].is_word and words[at - 1].key not in ",;()"


def _touch(text: str, one: Token, other: Token) -> bool:
    return text[one.end : other.start] in (" ", "-")


def titled(text: str, name: str, language: Language) -> str:
    """The name with the title that mostly stands before it: "Mr. Loc", "Captain Vera"; Vietnamese titles change too often."""
    if language == "vi":
        return name
    places = [at.start() for at in whole(name).finditer(text)]
    titles = Counter(found[0] for at in places if (found := _TITLE.search(text[max(0, at - 16) : at])))
    title, count = next(iter(titles.most_common(1)), ("", 0))
    known = any(title.strip(". ").lower() in said for said in phrases(language, "title").values())
    return f"{title}{name}" if known and 2 * count > len(places) else name


def whole(*names: str) -> re.Pattern[str]:
    """Where one of the names stands as a whole word; the first that fits, so give the longest first."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
