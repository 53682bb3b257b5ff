"""Which script a text is written in, and language tags (文种、语言标记).

Scripts are named by ISO 15924: `Hani` (Han characters of either standard), `Mong`, `Cyrl`, `Latn`,
and `Zyyy` for a text without letters. Language tags are BCP 47 (RFC 5646).
"""

import re
from typing import Final

from data.errors import InvalidValue

HAN: Final = "Hani"
MONGOLIAN: Final = "Mong"
CYRILLIC: Final = "Cyrl"
LATIN: Final = "Latn"
COMMON: Final = "Zyyy"
MONGOLIAN_LANGUAGE: Final = "mn-Mong"
"""The language range of Mongolian in its own script; see `is_language`."""

_RANGES: Final = (
    (MONGOLIAN, "\u1807\u180a-\u18aa\U00011660-\U0001166c"),
    (
        HAN,
        (
            "\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
            "\U00020000-\U0003ffff"
        ),
    ),
    (CYRILLIC, "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f"),
    (
        LATIN,
        (
            "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff"
            "\u2c60-\u2c7f\ua720-\ua7ff\uff21-\uff3a\uff41-\uff5a"
        ),
    ),
)
_OF_SCRIPT: Final = {name: re.compile(f"[{ranges}]") for name, ranges in _RANGES}

_ONLY_HAN: Final = re.compile(r"[\u4e00-\u9fff]+")

# RFC 5646, section 2.1: language, extlang, script, region, variants, extensions, private use.
_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*)"
    r"(?P<private>-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE | re.ASCII,  # ſ and the sign of kelvin are letters s and k to the one alone
)


def scripts_of(text: str) -> tuple[str, ...]:
    """The scripts whose letters occur in `text`, most letters first; Han as `Hani`.

    >>> scripts_of("呼和浩特 Hohhot")
    ('Latn', 'Hani')
    """
    if _ONLY_HAN.fullmatch(text):
        return (HAN,)
    if text.isascii():
        return (LATIN,) if _OF_SCRIPT[LATIN].search(text) else ()
    counts = {name: len(pattern.findall(text)) for name, pattern in _OF_SCRIPT.items()}
    return tuple(sorted((name for name in counts if counts[name]), key=lambda n: -counts[n]))


def is_mongolian(text: str) -> bool:
    """Whether any letter of the traditional Mongolian script occurs in `text`."""
    return _OF_SCRIPT[MONGOLIAN].search(text) is not None


def parse_language(tag: str) -> str:
    """A BCP 47 tag in its customary case.

    Raises:
        InvalidValue: the tag is not well formed by RFC 5646.

    >>> parse_language("ZH-latn-PINYIN")
    'zh-Latn-pinyin'
    """
    match = _TAG.fullmatch(tag)
    if match is None:
        raise InvalidValue(
            "language",
            tag,
            "not a language tag of BCP 47",
            "write one such as zh-Hans, mn-Mong, mn-Cyrl or zh-Latn-pinyin",
            f"“{tag[:40]}”不是 BCP 47 语言标记；请写作 zh-Hans、mn-Mong、mn-Cyrl 等",
        )
    script, region = match["script"], match["region"]
    parts = (
        match["language"].lower(),
        f"-{script.title()}" if script else "",
        f"-{region.upper()}" if region else "",
        (match["variants"] + match["extensions"] + (match["private"] or "")).lower(),
    )
    return "".join(parts)


def script_of_language(tag: str) -> str | None:
    """The script a tag names, or None: `Mong` of `mn-Mong` and of `mn-Mong-CN`."""
    match = _TAG.fullmatch(tag)
    return match["script"].title() if match and match["script"] else None


def is_language(tag: str, wanted: str) -> bool:
    """Whether a tag lies in a language range: basic filtering of RFC 4647, section 3.3.1.

    >>> [is_language(tag, "mn-Mong") for tag in ("mn-mong", "mn-Mong-CN", "mn-Cyrl", "mn")]
    [True, True, False, False]
    >>> is_language("zha", "zh")
    False
    """
    return f"{tag}-".lower().startswith(f"{wanted}-".lower())
