"""The passes of a search (检索步骤): in which ways a name may match, best first."""

from enum import StrEnum
from typing import Final


class Pass(StrEnum):
    """How a name matched; the order here is the order of results."""

    __hash__ = str.__hash__  # that of an enumeration is a function in Python, asked for each result

    EXACT = "exact"
    EXACT_OTHER = "exact-other"
    PREFIX = "prefix"
    SUBSTRING = "substring"
    PINYIN = "pinyin"
    INITIALS = "initials"
    TRADITIONAL = "traditional"
    SCRIPT = "script"
    FAMILY = "family"
    SHORT = "short"
    SOUND = "near-sound"
    SHAPE = "near-shape"


SECOND: Final = frozenset({Pass.SOUND, Pass.SHAPE})
"""The labelled second pass: what may be meant, not what was written."""

LABELS: Final[dict[Pass, tuple[str, str]]] = {
    Pass.EXACT: ("标准名称相同", "the standard name"),
    Pass.EXACT_OTHER: ("其他名称相同", "another of its names"),
    Pass.PREFIX: ("名称开头", "the beginning of a name"),
    Pass.SUBSTRING: ("名称中的字", "part of a name"),
    Pass.PINYIN: ("拼音", "its pinyin"),
    Pass.INITIALS: ("拼音首字母", "the initials of its pinyin"),
    Pass.TRADITIONAL: ("繁简对应", "the same in traditional or simplified characters"),
    Pass.SCRIPT: ("蒙古文同形异码", "the same printed word in Mongolian script"),
    Pass.FAMILY: ("同一蒙古语词的不同译写", "another spelling of the same Mongolian word"),
    Pass.SHORT: ("日常简称或省略通名", "an everyday short form, or the generic term left out"),
    Pass.SOUND: ("读音相近（第二轮）", "a similar sound (second pass)"),
    Pass.SHAPE: ("字形相近或一字之差（第二轮）", "a similar shape or one typo (second pass)"),
}
