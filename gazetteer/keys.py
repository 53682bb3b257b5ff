"""The folded text that one name is found by, however it was typed."""

import re
import unicodedata

_DROPPED = dict.fromkeys((0x180B, 0x180C, 0x180D, 0x180E, 0x180F, 0x202F, 0x2019, 0x27, 0xB7), None)

_ALREADY_A_KEY = re.compile("[a-z0-9\u4e00-\u9fff]*")
"""Letters and ideographs that folding leaves as they are; most names are made of them."""


def name_key(text: str) -> str:
    """A name without width, case, accents and blanks.

    Mongolian variation selectors and the narrow space are left out of the key; the name itself
    keeps them.

    >>> name_key("Ｘｉｌｉｎ Gol"), name_key("Xī'ān")
    ('xilingol', 'xian')
    """
    if _ALREADY_A_KEY.fullmatch(text):
        return text
    wide = unicodedata.normalize("NFKD", text.translate(_DROPPED)).casefold()
    bare = "".join(c for c in wide if not unicodedata.combining(c) and not c.isspace())
    return unicodedata.normalize("NFC", bare)
