"""The second pass: near sound and near shape, always labelled as such.

Near sound compares toneless pinyin after folding the pairs that dialects merge. Near shape is
one edit: a character put in, left out, changed, or exchanged with its neighbour; characters
that look alike count as one another.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

_MERGERS: Final = {
    "zh/z": (("zh", "z"), ("ch", "c"), ("sh", "s")),
    "n/ng": (("ang", "an"), ("eng", "en"), ("ing", "in")),
    "l/n": (("l", "n"),),
    "f/h": (
        ("huang", "fang"), ("huan", "fan"), ("hua", "fa"), ("hui", "fei"), ("hun", "fen"),
        ("huo", "fo"), ("hu", "fu"),
    ),
    "r/l": (("r", "l"),),
}  # fmt: skip

# Characters that hands and recognizers take for one another, in names of places.
_LOOK_ALIKES: Final = (
    "己已巳", "未末", "土士", "日曰", "戊戌戍", "千干于", "天夭", "大太犬", "木本", "人入八",
    "沁泌", "淖绰", "萨薜", "贲贵", "汨汩", "祗祇", "祁祈", "毫亳", "拔拨", "洛落", "淮准",
    "嘎噶戛", "赉赍", "磴蹬", "圪屹", "茫芒", "巿市", "辽迁", "垣坦", "候侯", "宫官", "沭沐",
    "崞郭", "鸟乌", "岛乌", "管营", "治冶", "陕峡", "板扳", "杨扬", "博搏", "卜下", "午牛",
    "王玉主", "田由甲申", "白自", "目日", "兰三", "力刀", "石右", "后右", "左在", "哈晗",
    "尔你", "拉垃", "音昔", "彦颜", "淸清请", "浩洁", "呼乎", "和种", "敖傲", "包句", "胡湖",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NearSound:
    """Which sounds count as one another.

    Attributes:
        mergers: names out of `zh/z` (zh ch sh = z c s), `n/ng` (an en in = ang eng ing),
            `l/n`, `f/h` (hu = fu) and `r/l`.
    """

    mergers: tuple[str, ...] = ("zh/z", "n/ng", "l/n")

    @classmethod
    def known(cls) -> tuple[str, ...]:
        """Every merger that can be asked for."""
        return tuple(_MERGERS)

    def key(self, pinyin: str) -> str:
        """A toneless pinyin, syllables joined, with the merged sounds folded.

        The folding looks at the joined text on both sides, so it does not matter where the
        syllables of a query end.

        >>> NearSound().key("zhalantun") == NearSound().key("zanangtun")
        True
        """
        key = pinyin
        for merger in self.mergers:
            for written, folded in _MERGERS[merger]:
                key = key.replace(written, folded)
        return key


@cache
def _shape_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for group in _LOOK_ALIKES:
        for character in group:
            table.setdefault(ord(character), group[0])
    return table


def shape_key(folded: str) -> str:
    """A folded text with each look-alike character replaced by the first of its group.

    >>> shape_key("亳州") == shape_key("毫州")
    True
    """
    return folded.translate(_shape_table())


def within_one_edit(a: str, b: str) -> bool:
    """Whether one character put in, left out, changed, or exchanged makes one the other.

    >>> within_one_edit("hohhot", "huhhot"), within_one_edit("包头", "头包")
    (True, True)
    """
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    start = 0
    while start < len(a) and a[start] == b[start]:
        start += 1
    if start == len(a):
        return True
    if len(a) < len(b):
        return a[start:] == b[start + 1 :]
    if a[start + 1 :] == b[start + 1 :]:
        return True
    return a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]
