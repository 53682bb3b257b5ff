"""One plain character for each character of a text, so that offsets stay what they are."""

import re
import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gazetteer.names.han import simplified_table

# Radicals stand for characters in text taken out of PDF files; then compatibility forms, widths.
_FOLDED_BLOCKS: Final = ((0x2E80, 0x2FE0), (0x3000, 0x3001), (0xF900, 0xFB00), (0xFF01, 0xFF5F))
_HAN: Final = ((0x3400, 0xA000), (0x20000, 0x40000))
_ONLY_HAN: Final = re.compile(
    "[" + "".join(f"{chr(first)}-{chr(end - 1)}" for first, end in _HAN) + "]+"
)
# The names of look-alike radicals that Unicode does not tie to their characters.
_RADICALS: Final = {0x2EA0: "民", 0x2EC4: "西", 0x2EE2: "马", 0x2ED3: "长", 0x2ED4: "门"}


@cache
def _width_table() -> dict[int, str]:
    """Radicals, compatibility characters and full-width letters to what they stand for."""
    table = dict(_RADICALS)
    for first, end in _FOLDED_BLOCKS:
        for code in range(first, end):
            folded = unicodedata.normalize("NFKC", chr(code))
            if len(folded) == 1 and folded != chr(code):
                table.setdefault(code, folded)
    return table


@cache
def _plain_table() -> dict[int, str]:
    widths = _width_table()
    han = {code: text for code, text in simplified_table().items() if len(text) == 1}
    return han | {code: han.get(ord(text), text) for code, text in widths.items()}


def plain(text: str) -> str:
    """The text in half-width letters and simplified characters, one for one.

    >>> plain("內蒙古　ＡＢ"), len(plain("錫林郭勒盟"))
    ('内蒙古 AB', 5)
    """
    return text.translate(_plain_table())


def unified(text: str) -> str:
    """The text with its traditional characters kept: only widths and radicals are folded."""
    return text.translate(_width_table())


def code_points(text: str) -> NDArray[np.uint32]:
    """The code point of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def han_mask(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which of the characters are Han."""
    mask = np.zeros(len(codes), dtype=bool)
    for first, end in _HAN:
        mask |= (codes >= first) & (codes < end)
    return mask


def is_han(text: str) -> bool:
    """Whether every character is Han; an empty text is not.

    >>> is_han("呼和浩特"), is_han("110国道")
    (True, False)
    """
    return _ONLY_HAN.fullmatch(text) is not None
