"""Han characters: traditional to simplified, character by character (繁简对照).

Search compares substrings, so the folding must not depend on the neighbours of a character:
the phrases of OpenCC are left out, and only its pairs of single characters are taken.
"""

from functools import cache
from typing import Final

_BLOCKS: Final = (
    (0x3400, 0x4DC0),  # Extension A
    (0x4E00, 0xA000),  # Unified Ideographs
    (0xF900, 0xFB00),  # Compatibility Ideographs
    (0x20000, 0x2EBE0),  # Extensions B to F
    (0x30000, 0x323B0),  # Extensions G and H
)
# Printed forms of one character that are neither traditional nor simplified; they occur in
# registers beside the standard form and NFKC keeps them apart.
_VARIANTS: Final = dict(
    zip(
        "髙邨坵淸靑畧濶峩徳呉兪郷県団沢浄黒竜辺広塩鉄駅恵歩戸衞巌湼塲栢栁寳宻寕窰埧渕囯",
        "高村丘清青略阔峨德吴俞乡县团泽净黑龙边广盐铁驿惠步户卫岩涅场柏柳宝密宁窑坝渊国",
        strict=True,
    )
)


@cache
def simplified_table() -> dict[int, str]:
    """For `str.translate`: each traditional or variant character to its simplified one."""
    return _pairs() | {ord(a): b for a, b in _VARIANTS.items()}


def _pairs() -> dict[int, str]:
    from opencc import OpenCC

    characters = [chr(code) for first, end in _BLOCKS for code in range(first, end)]
    # A line break between characters keeps OpenCC from reading them as phrases.
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, converted, strict=True)
    return {ord(a): b for a, b in pairs if a != b and len(b) == 1}


def simplified(text: str) -> str:
    """`text` with each traditional character replaced by its simplified one.

    >>> simplified("內蒙古錫林郭勒盟")
    '内蒙古锡林郭勒盟'
    """
    return text.translate(simplified_table())
