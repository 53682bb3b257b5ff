"""Writing a Chinese name in pinyin by the rules of 1984, as a suggestion.

中国地名汉语拼音字母拼写规则（汉语地名部分）, 中地字〔1984〕17号; the numbers below are its rules
as standards.md §7.1 lists them.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from gazetteer.names.folding import fold
from gazetteer.names.generics import NameParts, generics, split_name
from gazetteer.names.han import simplified
from gazetteer.names.pinyin import tone_syllables, toneless
from gazetteer.names.suggestion import RomanizationSuggestion

METHOD: Final = "pinyin by the rules of 1984"

_DIGITS: Final = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")}
_NUMBER: Final = "[一二三四五六七八九十]{1,3}"
_STREETS: Final = (
    re.compile(f"(?P<before>.*[经纬])(?P<number>{_NUMBER})(?P<after>路|街)"),
    re.compile(f"(?P<before>)(?P<number>{_NUMBER})(?P<after>环路)"),
)


class FeatureKind(StrEnum):
    """What the rules distinguish: villages are written as one word, streets have numbers."""

    DIVISION = "division"
    NATURAL = "natural"
    VILLAGE = "village"
    STREET = "street"
    OTHER = "other"


def suggest_pinyin(
    name: str, kind: FeatureKind | None = None, *, tones: bool = True
) -> RomanizationSuggestion:
    """The name written in pinyin; never the official romanization of a minority-language name.

    Args:
        name: a Chinese name.
        kind: what it names; without it the generic part decides.
        tones: whether to write tone marks (rule 9: they may be left out).

    >>> suggest_pinyin("科尔沁左翼中旗").text
    "Kē'ěrqìn Zuǒyì Zhōngqí"
    >>> suggest_pinyin("大青山乡", tones=False).text
    'Daqingshan Xiang'
    """
    plain = simplified(name)
    parts = split_name(plain)
    kind = kind or _kind_of(parts)
    words = _street_words(plain) if kind is FeatureKind.STREET else None
    written = " ".join(words or _words(name, parts, kind))
    unread = [c for c, s in zip(name, tone_syllables(name), strict=True) if not s and fold(c)]
    notes = [f"no reading is known for {c}" for c in unread if not c.isascii()]
    return RomanizationSuggestion(written if tones else toneless(written), METHOD, tuple(notes))


def _kind_of(parts: NameParts) -> FeatureKind:
    by_generic = {
        "division": FeatureKind.DIVISION,
        "water": FeatureKind.NATURAL,
        "nature": FeatureKind.NATURAL,
        "settlement": FeatureKind.VILLAGE,
        "street": FeatureKind.STREET,
        "facility": FeatureKind.OTHER,
    }
    return by_generic[parts.generic.kind] if parts.generic else FeatureKind.OTHER


def _words(name: str, parts: NameParts, kind: FeatureKind) -> list[str]:
    """The words, each with a capital (rule 10); read as a whole, since a word may span parts."""
    tokens = _tokens(name)
    if parts.generic is None or kind is FeatureKind.VILLAGE:
        return [join_syllables(tokens)]  # rule 3: natural villages are one word
    # Rules 1, 2 and 4: the generic part and longer modifiers apart; a generic term inside
    # the specific part belongs to it.
    apart = [*parts.modifiers, parts.generic]
    return [join_syllables(tokens[: len(parts.specific)]), *(word.pinyin for word in apart)]


def _tokens(text: str) -> list[str]:
    """A syllable, digit or Latin letter for each character of a text, '' for punctuation."""
    read = [
        syllable or (character if character.isalnum() and character.isascii() else "")
        for character, syllable in zip(text, tone_syllables(text), strict=True)
    ]
    return _rhotic(text, read)


def _rhotic(text: str, tokens: Sequence[str]) -> list[str]:
    """Rule 12: 儿 read without a tone is the r of the syllable before it."""
    joined = list(tokens)
    for place in range(len(text) - 1, 0, -1):
        if text[place] in "儿兒" and joined[place] == "er" and joined[place - 1]:
            joined[place - 1] += "r"
            joined[place] = ""
    if joined[:1] == ["er"] and text[0] in "儿兒":
        joined[0] = "ér"
    return joined


def join_syllables(syllables: Sequence[str]) -> str:
    """One written word: rule 11, an apostrophe before a, o, e; rule 10, a capital in front.

    >>> join_syllables(["xī", "ān"]), join_syllables(["lù", "ān"])
    ("Xī'ān", "Lù'ān")
    """
    word = ""
    for syllable in filter(None, syllables):
        opens = toneless(syllable)[:1] in {"a", "o", "e"}
        word += f"'{syllable}" if word and opens and word[-1].isalpha() else syllable
    return word[:1].upper() + word[1:]


def _street_words(name: str) -> list[str] | None:
    """Rule 7: numbers of streets in Arabic digits: 经五路 Jīng 5 Lù, 三环路 3 Huánlù."""
    for pattern in _STREETS:
        match = pattern.fullmatch(name)
        if match:
            before, after = match["before"], generics().get(match["after"])
            words = [join_syllables(_tokens(before)) if before else "", _arabic(match["number"])]
            words.append(after.pinyin if after else join_syllables(_tokens(match["after"])))
            return [word for word in words if word]
    return None


def _arabic(number: str) -> str:
    """A number below a hundred in Arabic digits: 十二 → 12."""
    if "十" not in number:
        return "".join(_DIGITS[digit] for digit in number)
    tens, _, ones = number.partition("十")
    return f"{_DIGITS.get(tens, '1')}{_DIGITS.get(ones, '0')}"
