"""Marks of a place that are counted: one bit each. Pure."""

from dataclasses import dataclass
from enum import IntFlag
from typing import Final


class Mark(IntFlag):
    """What is true of a place beside its division, class, status and heritage."""

    HAN = 1
    MONGOLIAN = 2
    LATIN = 4
    CYRILLIC = 8
    ORIGIN = 16
    SIGN = 32
    COMPLETE = 64

    @property
    def column(self) -> str:
        """The column of the tally that counts it."""
        return f"with_{str(self.name).lower()}"


@dataclass(frozen=True, slots=True)
class Script:
    """A script by its ISO 15924 code, with its mark and words."""

    code: str
    mark: Mark
    zh: str
    en: str


SCRIPTS: Final = (
    Script("Hani", Mark.HAN, "汉字", "Chinese characters"),
    Script("Mong", Mark.MONGOLIAN, "蒙古文", "Mongolian script"),
    Script("Latn", Mark.LATIN, "罗马字母", "Latin letters"),
    Script("Cyrl", Mark.CYRILLIC, "西里尔字母", "Cyrillic letters"),
)
SHARES: Final = {
    "mongolian": Mark.MONGOLIAN,
    "romanized": Mark.LATIN,
    "origin": Mark.ORIGIN,
    "sign": Mark.SIGN,
    "complete": Mark.COMPLETE,
}
"""The shares that are told of every group of names, by name."""
