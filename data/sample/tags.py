"""The language of a written name, as far as its letters tell (BCP 47 tags).

A script is not a language: where several languages share it the tag begins with `und`.
"""

import unicodedata
from typing import Final

_SCRIPTS: Final = {
    "LATIN": "und-Latn",
    "CYRILLIC": "und-Cyrl",
    "MONGOLIAN": "mn-Mong",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "ARABIC": "und-Arab",
    "HEBREW": "und-Hebr",
    "TIBETAN": "und-Tibt",
    "THAI": "und-Thai",
    "GREEK": "und-Grek",
    "DEVANAGARI": "und-Deva",
    "BENGALI": "und-Beng",
    "GURMUKHI": "und-Guru",
    "GUJARATI": "und-Gujr",
    "TAMIL": "und-Taml",
    "TELUGU": "und-Telu",
    "MALAYALAM": "und-Mlym",
    "GEORGIAN": "und-Geor",
    "ARMENIAN": "und-Armn",
    "ETHIOPIC": "und-Ethi",
    "MYANMAR": "und-Mymr",
}
_HAN: Final = "CJK"
_LONGEST_CODE: Final = 4


def language_tag(text: str) -> str:
    """The BCP 47 tag that the letters of a name allow.

    Han characters alone are `zh-Hans` where GB 2312 has them all, `zh-Hant` where only Big5
    has, else `und-Hani`; with kana they are Japanese. Letters of no listed script, or of several,
    are `und`.

    >>> language_tag("乌海市"), language_tag("烏海"), language_tag("ᠬᠥᠬᠡᠬᠣᠲᠠ")
    ('zh-Hans', 'zh-Hant', 'mn-Mong')
    >>> language_tag("Ухай"), language_tag("フフホト市"), language_tag("Wuhai")
    ('und-Cyrl', 'ja', 'und-Latn')
    """
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha()}
    tags = {_SCRIPTS.get(script, "und") for script in scripts - {_HAN}}
    if _HAN in scripts:
        if tags:
            return "ja" if tags == {"ja"} else "und"
        return _han_tag(text)
    return tags.pop() if len(tags) == 1 else "und"


def is_chinese(text: str) -> bool:
    """Whether a name is written in Chinese characters alone."""
    return language_tag(text).startswith("zh")


def is_code(text: str) -> bool:
    """Whether a text is a code, such as an airport's, rather than a name.

    >>> is_code("HET"), is_code("Wuda")
    (True, False)
    """
    return text.isascii() and text.isupper() and len(text) <= _LONGEST_CODE


def _han_tag(text: str) -> str:
    for encoding, tag in (("gb2312", "zh-Hans"), ("big5", "zh-Hant")):
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            continue
        return tag
    return "und-Hani"
