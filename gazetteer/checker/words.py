"""The words that tell a name from a common word, and a name of the past from one in use."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from data.reference import load_table
from gazetteer.checker.characters import plain
from gazetteer.names import generics, read_words

_LONGEST_WORD: Final = 4
_OPENING, _CLOSING = "“‘「『《〈\"'", "”’」』》〉\"'"
_ENDS: Final = "，。；：、！？,.;:!?）)】]”’》〉 \t\n"


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists, ready to be asked.

    Attributes:
        common: words of everyday language that are names too.
        before_past, after_past: what stands before or after a name of the past.
        before_name: what announces a name.
        after_name: what follows the name of a division or place.
        before_place: what places something.
        class_word: generic terms that may follow a name written without one.
        settlement: those of them that make it another name (兴和村 is not in 兴和县).
    """

    common: frozenset[str]
    before_past: re.Pattern[str]
    after_past: re.Pattern[str]
    before_name: re.Pattern[str]
    after_name: re.Pattern[str]
    before_place: re.Pattern[str]
    class_word: re.Pattern[str]
    settlement: re.Pattern[str]

    def is_past(self, text: str, start: int, end: int) -> bool:
        """Whether the words around a span say that its name is of the past."""
        if self.after_past.match(text, end):
            return True
        before = text[max(0, start - 6) : start]
        cue = self.before_past.search(before)
        # 原 says so, 草原 does not.
        return cue is not None and before[max(0, cue.start() - 1) :] not in self.common

    def announced(self, text: str, start: int, end: int) -> bool:
        """Whether a span is quoted after a word such as 名为."""
        before = text[max(0, start - 6) : start]
        quoted = before[-1:] in _OPENING and text[end : end + 1] in _CLOSING
        bare = before[:-1] if before[-1:] in _OPENING else before
        return bool(self.before_name.search(bare)) and (quoted or ends_words(text, end))

    def placed(self, text: str, start: int) -> bool:
        """Whether a word such as 在 or 位于 stands before a span."""
        return self.before_place.search(text[max(0, start - 4) : start]) is not None

    def crosses(self, text: str, start: int, end: int) -> tuple[bool, bool]:
        """Whether a common word reaches into a span from the left, from the right."""
        left = start > 0 and text[start - 1 : start + 1] in self.common
        return left, text[end - 1 : end + 1] in self.common


def ends_words(text: str, place: int) -> bool:
    """Whether the text or a clause ends at a place."""
    return text[place : place + 1] in _ENDS


@cache
def words() -> Words:
    """The lists of the table `checker_words`, with the common words of the pinyin dictionary."""
    by_role: dict[str, list[str]] = {}
    for row in load_table("checker_words"):
        by_role.setdefault(row["role"], []).append(plain(row["text"]))
    known = [one for one in generics().values() if one.text != "里"]
    settled = [one.text for one in known if one.kind in {"division", "settlement"}]
    classes = [one.text for one in known if one.kind not in {"modifier", "ethnic"}]
    return Words(
        common=frozenset(by_role["common"]) | _read_words(),
        before_past=_ending(by_role["before_past"]),
        after_past=_any_of(by_role["after_past"]),
        before_name=_ending(by_role["before_name"]),
        after_name=_any_of(by_role["after_name"]),
        before_place=_ending(by_role["before_place"]),
        class_word=_any_of(classes),
        settlement=_any_of(settled),
    )


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, texts), key=len, reverse=True)))


def _ending(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f'(?:{_any_of(texts).pattern})[“‘「『"（(]?$')


def _read_words() -> frozenset[str]:
    """Words of two and three characters that pypinyin's dictionary has, without divisions."""
    divisions = {row["name"] for row in load_table("divisions")}
    parts = {name[:-1] for name in divisions} | divisions
    return frozenset(word for word, _ in read_words(_LONGEST_WORD - 1) if word not in parts)
