"""What a search is asked: the text, the filters, the page; all checked, all faults at once."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from data.errors import InvalidValue
from data.geometry import Box
from gazetteer.choices import check_choice
from gazetteer.names import plain_fold

MAX_QUERY_CHARACTERS: Final = 200
MAX_LIMIT: Final = 1_000
DEFAULT_LIMIT: Final = 20

SecondPass = Literal["auto", "always", "never"]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question to the index.

    Attributes:
        text: any form of a name, whole or in part.
        limit: most results on a page.
        after: the `next_after` of the page before.
        within: code or name of a division that contains the places.
        category: the beginning of a category code.
        status: a status of places, such as `standard`.
        heritage: only heritage names, or only others.
        box: where the places lie, in the store's system; of divisions a point inside counts.
        as_of: names and parents as they were on that day.
        near: longitude, latitude in degrees; equally good matches of one standing come nearest
            first.
        second: whether to look for near sound and shape: when nothing else is found, always,
            never.
    """

    text: str
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    within: str | None = None
    category: str | None = None
    status: str | None = None
    heritage: bool | None = None
    box: Box | None = None
    as_of: date | None = None
    near: tuple[float, float] | None = None
    second: SecondPass = "auto"

    def check(self) -> None:
        """Refuse what cannot be searched for.

        Raises:
            InvalidValue: the text is empty, has nothing but marks, or is too long; there is no such
                class or status; the limit or the place is out of range.
        """
        if len(self.text) > MAX_QUERY_CHARACTERS:
            raise InvalidValue(
                "q",
                self.text,
                f"a query has at most {MAX_QUERY_CHARACTERS} characters",
                "give the name alone, or a part of it",
                f"查询不超过 {MAX_QUERY_CHARACTERS} 个字符；请只填写名称或其中一部分",
            )
        if not plain_fold(self.text):
            raise InvalidValue(
                "q",
                self.text,
                "a query has at least one letter, character or digit",
                "give a name or a part of it",
                "查询中至少要有一个文字、字母或数字；请填写名称或其中一部分",
            )
        check_choice(self.category or None, self.status or None)
        if not 1 <= self.limit <= MAX_LIMIT:
            raise InvalidValue(
                "limit",
                self.limit,
                f"a page has 1 to {MAX_LIMIT} results",
                "give a number between them",
                f"每页 1 至 {MAX_LIMIT} 条结果；请填写其间的数",
            )
        if self.near and not (abs(self.near[0]) <= 180 and abs(self.near[1]) <= 90):  # noqa: PLR2004
            raise InvalidValue(
                "near",
                f"{self.near[0]},{self.near[1]}",
                "a longitude is within ±180 and a latitude within ±90 degrees",
                "give lon,lat in degrees",
                "经度应在 ±180 度内，纬度应在 ±90 度内；请按“经度,纬度”填写",
            )
