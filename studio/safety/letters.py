"""The ways in which one written word can be read: as it stands, with letters from other alphabets, with digits for letters,
with letters doubled, or typed as Vietnamese keyboards take it (Telex "khoar thaan", VNI "khoa3 tha6n").

A reading is a short text that a lexicon can be asked for: "=" and a Vietnamese syllable in canonical letters, where the tone is a
digit at the end wherever it was written ("khỏa" and "khoả" are "=khoa3"), "-" and its bare letters ("-khoa"), or "~" and the bare
letters of an English word ("~nude").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

TONES = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}  # sắc huyền hỏi ngã nặng
HATS = {"\u0302": "^", "\u0306": "(", "\u031b": "+"}  # â ă ơ
UNSEEN = dict.fromkeys((0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF))  # fmt: skip
LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнпгиυνορτκηαεικρωßøæłıƒɡɑοВЕАОРСТХНМКІƨɴᴀᴇᴏᴜᴅɪʀꜱᴛ∪",
    "aeopcyxijsdhlkmtbhnriuvoptknaeikpwsoaltfgaoBEAOPCTXHMKIsnaeoudirstu",
)
LEET = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g", "2": "z", "@": "a", "$": "s",
    "!": "il", "|": "li", "+": "t", "€": "e", "£": "l", "¥": "y",
}  # fmt: skip
MOST_READINGS = 16  # of one word's digits: what has more is no word
TELEX = {"s": "1", "f": "2", "r": "3", "x": "4", "j": "5"}
HONEST = frozenset({"rapped", "rapping", "boobies", "bobbing"})  # with two letters alike, and another word with one
LONGEST = 24  # letters of a word that is read in many ways
SIGNS = {"18+": " nsfw ", "🔞": " nsfw ", "🍆": " penis ", "卐": " swastika ", "卍": " swastika "}


def plain(text: str) -> str:
    """The text in small letters of our own alphabet, without what cannot be seen; marks stay."""
    if text.isascii() and "18+" not in text:
        return text.lower()
    for sign, word in SIGNS.items():
        text = text.replace(sign, word)
    text = unicodedata.normalize("NFKC", text.translate(UNSEEN)).translate(UNSEEN)
    return unicodedata.normalize("NFC", text.lower().translate(LOOK_ALIKE))


@lru_cache(maxsize=1 << 15)
def folded(word: str) -> str:
    """The bare letters: "khỏa" is "khoa"."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=1 << 15)
def canonical(word: str) -> str:
    """The letters with their hats, and the tone at the end: "người" is "ngu+o+i2"."""
    if word.isascii():
        return word
    letters, tone = [], ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in TONES:
            tone = TONES[letter]
        elif letter in HATS:
            letters.append(HATS[letter])
        elif not unicodedata.combining(letter):
            letters.append(letter)
    return "".join(letters) + tone


def losing_marks(word: str) -> set[str]:
    """The canonical forms of a word that was written with all of its marks, some of them, or none."""
    told = canonical(word)
    tone = told[-1] if told[-1:].isdigit() else ""
    parts = [("đ", "d") if one == "đ" else (one, "") if one in "^(+" else (one,) for one in told.removesuffix(tone)]
    return {"".join(some) + end for some in product(*parts) for end in {tone, ""}}


@lru_cache(maxsize=1 << 15)
def readings(word: str) -> frozenset[str]:
    """All that a word, in small letters, may be meant to say."""
    found = {word}
    if len(word) > LONGEST:
        word = word[:LONGEST]
    if not word.isalpha():
        found |= _without_digits(word)
    for one in tuple(found):
        found |= _squeezed(one)
    keys = {
        way + told for one in found for way, told in (("=", canonical(one)), ("-", folded(one)), ("~", folded(one)))
    }
    for typed in (_telex(word), _vni(word)) if word.isascii() and len(word) > 1 else ():
        keys |= {"=" + typed, "-" + re.sub(r"[\^(+\d]", "", typed.replace("đ", "d"))} if typed else set()
    return frozenset(keys)


def _without_digits(word: str) -> set[str]:
    """The words that stand behind digits and signs in place of letters."""
    if not any(letter.isalpha() for letter in word):
        return set()
    ways = [LEET.get(letter, letter) for letter in word]
    count = 1
    for way in ways:
        count *= len(way)
    return {"".join(some) for some in product(*ways)} if count <= MOST_READINGS else set()


def _squeezed(word: str) -> set[str]:
    """Without letters that were written twice and more, where that was done on purpose."""
    once = re.sub(r"(.)\1+", r"\1", word)
    if once == word or word in HONEST:
        return set()
    return {once, re.sub(r"(.)\1{2,}", r"\1\1", word), re.sub(r"(.)\1{2,}", r"\1", word)}


def _telex(word: str) -> str:
    """The canonical form of a syllable typed in Telex; empty when nothing in it is a mark."""
    letters: list[str] = []
    tone, marked = "", False
    for letter in word:
        vowel = any(one[0] in "aeiouy" for one in letters)
        if letter in TELEX and vowel:
            tone, marked = TELEX[letter], True
        elif letter == "w":
            marked = _horned(letters, "+(") or marked
        elif letter in "aeo" and (at := _last(letters, letter)) >= 0:
            letters[at] += "^"
            marked = True
        elif letter == "d" and letters[:1] == ["d"] and len(letters) >= 1:
            letters[0], marked = "đ", True
        else:
            letters.append(letter)
    return "".join(letters) + tone if marked else ""


def _vni(word: str) -> str:
    """The canonical form of a syllable typed in VNI; empty when no digit in it is a mark."""
    letters: list[str] = []
    tone, marked = "", False
    for letter in word:
        if letter in "12345" and letters:
            tone, marked = letter, True
        elif letter == "6":
            at = max(_last(letters, "a"), _last(letters, "e"), _last(letters, "o"))
            if at >= 0:
                letters[at] += "^"
                marked = True
        elif letter in "78":
            marked = _horned(letters, "+" if letter == "7" else "(") or marked
        elif letter == "9" and letters[:1] == ["d"]:
            letters[0], marked = "đ", True
        else:
            letters.append(letter)
    return "".join(letters) + tone if marked else ""


def _last(letters: list[str], vowel: str) -> int:
    """Where that vowel stands last without a hat; -1 for nowhere."""
    return max((at for at, one in enumerate(letters) if one == vowel), default=-1)


def _horned(letters: list[str], hats: str) -> bool:
    """Puts a horn on the last u and o, or a breve on the last a."""
    if "+" in hats and letters[-2:-1] == ["u"] and letters[-1:] == ["o"]:
        letters[-2:] = ["u+", "o+"]
        return True
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in ("u", "o") and "+" in hats:
            if letters[at] == "o" and at and letters[at - 1] == "u":
                letters[at - 1] = "u+"
            letters[at] += "+"
            return True
        if letters[at] == "a" and "(" in hats:
            letters[at] += "("
            return True
    return False
