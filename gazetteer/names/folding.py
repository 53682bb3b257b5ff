"""Folding a text to what search compares: width, case, accents, standards of Han, separators.

A folded text is a key beside the name, never the name. Mongolian is not put through NFKC,
which turns the narrow space inside a word into a plain one; it has its own key.
"""

import re
import unicodedata
from functools import cache
from typing import Final

from gazetteer.names.han import simplified_table
from gazetteer.names.scripts import is_mongolian

MAX_FOLDED_CHARACTERS: Final = 256
"""Keys are made of the first 256 characters; no name is longer."""

_PLAIN_HAN: Final = re.compile(r"[\u4e00-\u9fff]+")
_SURROGATES: Final = re.compile("[\ud800-\udfff]+")
# Letters that carry their stroke within them, which canonical decomposition leaves alone,
# and the Latin letters of scientific Mongolian transliteration with a plain counterpart.
_LETTERS: Final = {
    ord(letter): plain
    for letter, plain in (
        ("ø", "o"), ("đ", "d"), ("ł", "l"), ("ħ", "h"), ("ı", "i"), ("æ", "ae"), ("œ", "oe"),
        ("ŋ", "ng"), ("γ", "g"), ("ɣ", "g"), ("ğ", "g"), ("ə", "e"), ("ɑ", "a"), ("ɡ", "g"),
    )
}  # fmt: skip
_DROPPED: Final = frozenset({"Mn", "Me", "Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"}) | {
    f"P{kind}" for kind in "cdefios"
}


def fold(text: str) -> str:
    """`text` as search compares it; empty when it has neither letters nor digits nor symbols.

    Full-width and half-width, upper and lower case, accents, traditional and simplified
    characters, blanks, hyphens, apostrophes and other punctuation make no difference.

    >>> fold("Ｈohhot　Shì"), fold("Lu’an"), fold("宝格达音髙勒"), fold("內蒙古")
    ('hohhotshi', 'luan', '宝格达音高勒', '内蒙古')
    """
    plain = plain_fold(text)
    if plain.isascii():
        return plain
    folded = plain.translate(simplified_table())
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


def plain_fold(text: str) -> str:
    """`text` folded but for the standard of its Han characters, traditional or simplified.

    >>> plain_fold("內蒙古 ＡＢ"), plain_fold("Lu’an")
    ('內蒙古ab', 'luan')
    """
    text = text[:MAX_FOLDED_CHARACTERS]
    if text.isascii():
        return text.lower().translate(_ascii_dropped())
    if _PLAIN_HAN.fullmatch(text):
        return text
    text = _SURROGATES.sub("", text)
    if not is_mongolian(text):
        text = unicodedata.normalize("NFKC", text)
    decomposed = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(letter for letter in decomposed if not _is_dropped(letter))
    return unicodedata.normalize("NFC", kept.translate(_LETTERS))[:MAX_FOLDED_CHARACTERS]


@cache
def _is_dropped(letter: str) -> bool:
    return unicodedata.category(letter) in _DROPPED


@cache
def _ascii_dropped() -> dict[int, None]:
    return {number: None for number in range(128) if _is_dropped(chr(number))}


def grams(key: str, longest: int = 3) -> tuple[str, ...]:
    """The distinct substrings of 1 to `longest` characters, in the order of their first place.

    A substring of up to `longest` characters is one of them; a longer one holds several.

    >>> grams("白云鄂博", 2)
    ('白', '云', '鄂', '博', '白云', '云鄂', '鄂博')
    """
    found: dict[str, None] = {}
    for size in range(1, longest + 1):
        for start in range(len(key) - size + 1):
            found[key[start : start + size]] = None
    return tuple(found)
