"""The 20-digit place code (地名代码): county 6, township 3, category 5, serial 6 digits. Pure.

Example 330381 001 22100 000001. Source: 国家地名数据库代码编制规则, as census records and DB43/T
1361-2017 show it (CEN2, CEN3, DB43). What spans several units has the code of the unit around
them in its first part, and so no township.
"""

import re
from dataclasses import dataclass
from typing import Self

from data.errors import InvalidValue

_SHAPE = re.compile(r"(\d{6})(\d{3})(\d{5})(\d{6})", re.ASCII)
_SEPARATORS = re.compile(r"[\s\-_.·]")
_NO_TOWNSHIP = "000"
_CATEGORY_DIGITS = 5
_HIGHEST_SERIAL = 999_999


@dataclass(frozen=True, slots=True)
class PlaceCode:
    """A place code in its parts, each with its leading zeros.

    Attributes:
        county: the division, six digits of GB/T 2260; that of a higher unit for what spans several.
        township: three digits of GB/T 10114, `000` for none.
        category: five digits of the place-name category, filled up with zeros.
        serial: six digits, counted within the three other parts.
    """

    county: str
    township: str
    category: str
    serial: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code, with or without blanks and hyphens between its parts.

        Raises:
            InvalidValue: it is no such code.

        >>> PlaceCode.parse("330381 001 22100 000001")
        PlaceCode(county='330381', township='001', category='22100', serial='000001')
        """
        found = _SHAPE.fullmatch(_SEPARATORS.sub("", text))
        if found is None:
            raise InvalidValue(
                "place_code", text, "a place code has 20 digits: 6 of the county, 3 of the"
                " township, 5 of the category, 6 of the serial number",
                "give it so, as 33038100122100000001",
                f"“{text[:40]}”不是 20 位地名代码（县级 6 位、乡级 3 位、类别 5 位、顺序 6 位）；"
                "请更正",
            )  # fmt: skip
        return cls(*found.groups())

    @classmethod
    def build(cls, division_code: str, category: str, serial: int) -> Self:
        """Make the code of the place with that number in a division.

        Args:
            division_code: 6 digits, or 9 or 12 of which the first 9 count.
            category: up to five digits, as the tables have them short or filled up.
            serial: from 1.

        Raises:
            InvalidValue: a part has other digits than it may.

        >>> str(PlaceCode.build("152525101", "134", 7))
        '15252510113400000007'
        """
        if not re.fullmatch(r"\d{6}(\d{3}){0,2}", division_code, re.ASCII):
            raise _wrong("division_code", division_code, "6, 9 or 12 digits", "6、9 或 12 位数字")
        if not re.fullmatch(r"\d{1,5}", category, re.ASCII):
            raise _wrong("category_code", category, "one to five digits", "1 至 5 位数字")
        if not 1 <= serial <= _HIGHEST_SERIAL:
            raise _wrong("serial", serial, "a number from 1 to 999999", "1 至 999999 的整数")
        township = division_code[6:9] or _NO_TOWNSHIP
        return cls(
            division_code[:6], township, category.ljust(_CATEGORY_DIGITS, "0"), f"{serial:06d}"
        )

    def __str__(self) -> str:
        return f"{self.county}{self.township}{self.category}{self.serial}"

    @property
    def division_code(self) -> str:
        """The code of the division that it names: six digits, nine with a township.

        >>> PlaceCode.parse("33038100122100000001").division_code
        '330381001'
        >>> PlaceCode.parse("33000000012100000001").division_code
        '330000'
        """
        return self.county if self.township == _NO_TOWNSHIP else f"{self.county}{self.township}"


def _wrong(field: str, value: object, rule: str, zh: str) -> InvalidValue:
    return InvalidValue(field, value, f"it is {rule}", "correct it", f"“{value}”应为{zh}；请更正")
