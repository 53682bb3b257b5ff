"""Keys for names in the traditional Mongolian script.

The same printed word exists in several encodings: o and u, ö and ü, t and d look alike in most
places, variation selectors only choose a shape. A key folds these; the name stays as entered.
"""

import re
from typing import Final

from gazetteer.names.folding import fold

_BLANKS: Final = re.compile(r"[\s\u202f]+")

_FOLDS: Final = str.maketrans("\u1824\u1826\u1833", "\u1823\u1825\u1832")
_VOWELS: Final = re.compile("[\u1820-\u1827]+")
_TEETH: Final = re.compile("[\u1820\u1821]+")
# Shapes that a careless hand or font takes for one another: j and y at the front of a word,
# q/k and γ/g without their dots.
_NEAR: Final = str.maketrans("\u1836\u182d\u183e", "\u1835\u182c\u182c")

SHORTEST_SKELETON: Final = 4
"""Fewer consonants than this say too little about a word."""


def mongolian_key(text: str) -> str:
    """The folded key of a Mongolian text: shapes and blanks left out, o=u, ö=ü, t=d.

    Variation selectors, the vowel separator and the narrow space are marks, formats and blanks
    to Unicode, which folding leaves out; one text joins a suffix by U+202F, the next by a space.

    >>> mongolian_key("ᠣᠷᠳᠣᠰ") == mongolian_key("ᠣᠷᠳᠤᠰ")
    True
    """
    return fold(text).translate(_FOLDS)


def mongolian_skeleton(text: str) -> str:
    """The folded key without the a and e inside words; empty when too few consonants are left.

    Both are a mere tooth in print, which scribes leave out or put in: ᠥᠪᠡᠷᠲᠡᠭᠨ and ᠥᠪᠡᠷᠲᠡᠭᠡᠨ are
    one word. The rounded vowels stay: ᠤᠯᠠᠭᠠᠨᠬᠠᠳᠠ and ᠤᠯᠠᠭᠠᠨᠬᠣᠲᠠ are two towns.
    """
    return _skeleton(text, _TEETH)


def _skeleton(text: str, left_out: re.Pattern[str]) -> str:
    keys = [mongolian_key(word) for word in _BLANKS.split(text)]
    skeleton = "".join(key[:1] + left_out.sub("", key[1:]) for key in keys)
    return skeleton if len(_VOWELS.sub("", skeleton)) >= SHORTEST_SKELETON else ""


def mongolian_near_key(text: str) -> str:
    """The key without any inner vowel, with j=y and q=γ: for the second pass, within one edit."""
    return _skeleton(text, _VOWELS).translate(_NEAR)
