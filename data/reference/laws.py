"""How a rule's article is cited in the language of the reader. Pure but for the table `laws`.

Tables cite as `L753 Art 9`; people read 《地名管理条例》第九条, or "Order 753, Art 9".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from data.reference.tables import kept, load_table

_DIGITS: Final = "零一二三四五六七八九"
_TEN, _HUNDRED = 10, 100
_NUMBER: Final = r"\d{1,2}(?:\(\d{1,2}\))?"
_JOINT: Final = r"(?: to |, (?=\d)| and )"
_ONE: Final = re.compile(r"(\d{1,2})(?:\((\d{1,2})\))?")
_JOINTS: Final = {" to ": "至", ", ": "、", " and ": "、"}


@dataclass(frozen=True, slots=True)
class Law:
    """A law by the key that tables cite it by; `order_no` where it is called by its order too."""

    code: str
    zh: str
    en: str
    order_no: str


@dataclass(frozen=True, slots=True)
class _Laws:
    by_name: Mapping[str, Law]
    pattern: re.Pattern[str]


@kept
def _laws(folder: Path | None = None) -> _Laws:
    by_name: dict[str, Law] = {}
    for row in load_table("laws", folder):
        law = Law(row["code"], row["zh"], row["en"], row["order_no"])
        by_name[law.code] = law
        if law.order_no:
            by_name[f"Order {law.order_no}"] = law
    names = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    articles = rf"Art (?P<articles>{_NUMBER}(?:{_JOINT}{_NUMBER})*)"
    alone = articles.replace("articles", "own")
    pattern = rf"(?<![\w《])(?:(?P<law>{names})(?:,? {articles})?|{alone})(?!\w)"
    return _Laws(by_name, re.compile(pattern))


def cited(text: str, lang: Literal["zh", "en"], folder: Path | None = None) -> str:
    """A text with its citations in the reader's language; what is no citation stays as it is.

    Args:
        text: `L753 Art 9`, `Art 7(2)`, or a sentence that holds such.
        lang: of the reader.
        folder: of replaced tables.

    Examples:
        >>> cited("L753 Art 9", "zh"), cited("L753 Art 9", "en")
        ('《地名管理条例》第九条', 'Order 753, Art 9')
        >>> cited("L704 Art 7(2)", "zh"), cited("Art 11", "zh"), cited("Art 11", "en")
        ('《行政区划管理条例》第七条第二项', '第十一条', 'Art 11')
        >>> cited("Order 353, Art 6, 16", "zh"), cited("FB23", "zh")
        ('《行政区域界线管理条例》第六条、第十六条', '《地名备案公告管理办法（试行）》')
    """
    laws = _laws(folder)

    def said(found: re.Match[str]) -> str:
        law = laws.by_name.get(found["law"] or "")
        articles = found["articles"] or found["own"] or ""
        if lang == "zh":
            return f"{f'《{law.zh}》' if law else ''}{_in_chinese(articles)}"
        return ", ".join(filter(None, (law.en if law else "", articles and f"Art {articles}")))

    return laws.pattern.sub(said, text)


def _in_chinese(articles: str) -> str:
    """Numbers of articles as Chinese laws are cited: 第七条第二项, without brackets."""
    numbers = _ONE.sub(
        lambda one: (
            f"第{numeral(int(one[1]))}条" + (f"第{numeral(int(one[2]))}项" if one[2] else "")
        ),
        articles,
    )
    for joint, chinese in _JOINTS.items():
        numbers = numbers.replace(joint, chinese)
    return numbers


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese.

    >>> [numeral(one) for one in (9, 10, 11, 20, 35)]
    ['九', '十', '十一', '二十', '三十五']
    """
    if not 0 < number < _HUNDRED:
        raise ValueError(number)
    tens, ones = divmod(number, _TEN)
    head = "" if not tens else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return head + (_DIGITS[ones] if ones else "")
