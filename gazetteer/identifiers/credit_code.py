"""The unified social credit code (统一社会信用代码, GB 32100-2015) of a body. Pure.

18 characters: registering department, kind of body, division of the registering office (6 digits),
the body's own code (9), check character. Letters I, O, S, V, Z are not used. The check character
is that of value (31 - sum mod 31) mod 31, the sum being of each value times 3^i mod 31; as public
programs of this standard have it, which agree, and as published codes prove.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from data.errors import InvalidValue

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_MODULUS: Final = 31
_FORM = re.compile(rf"[{ALPHABET}]{{2}}\d{{6}}[{ALPHABET}]{{10}}", re.ASCII)
_BLANKS = re.compile(r"[\s\-]")
_DEPARTMENTS: Final = {
    "1": ("机构编制", "staffing office"),
    "2": ("外交", "foreign affairs"),
    "3": ("司法行政", "justice"),
    "4": ("文化", "culture"),
    "5": ("民政", "civil affairs"),
    "6": ("旅游", "tourism"),
    "7": ("宗教", "religious affairs"),
    "8": ("工会", "trade unions"),
    "9": ("市场监督管理", "market regulation"),
    "A": ("中央军委改革和编制办公室", "military staffing office"),
    "N": ("农业", "agriculture"),
    "Y": ("其他", "other"),
}


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A unified social credit code in its parts.

    Attributes:
        department: the registering department, one character.
        kind: the kind of body, as that department counts them.
        division_code: of the registering office, six digits.
        body: the body's own code, nine characters.
        check: the check character.
    """

    department: str
    kind: str
    division_code: str
    body: str
    check: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code, in any case of letters, with or without blanks and hyphens.

        Raises:
            InvalidValue: it has another form, or its check character is another one.

        >>> CreditCode.parse("9144030071526726XG").division_code
        '440300'
        """
        code = _BLANKS.sub("", text).upper()
        if not _FORM.fullmatch(code):
            raise InvalidValue(
                "uscc", text, "a unified social credit code has 18 characters: digits and capital"
                " letters but I, O, S, V, Z, with a division code of 6 digits from the third on",
                "compare it with the certificate",
                f"“{text[:40]}”不是 18 位统一社会信用代码（数字和除 I、O、S、V、Z 外的大写字母，"
                "第 3 至 8 位为行政区划码）；请与证书核对",
            )  # fmt: skip
        expected = check_character(code[:-1])
        if code[-1] != expected:
            raise InvalidValue(
                "uscc", text, f"its check character would be {expected}, not {code[-1]} (GB 32100)",
                "compare it with the certificate; one character is wrong, or two are exchanged",
                f"校验码应为“{expected}”，现为“{code[-1]}”（GB 32100）；请与证书核对",
            )  # fmt: skip
        return cls(code[0], code[1], code[2:8], code[8:17], code[17])

    def __str__(self) -> str:
        return f"{self.department}{self.kind}{self.division_code}{self.body}{self.check}"

    @property
    def department_words(self) -> tuple[str, str]:
        """The registering department, Chinese and English; `其他` for one that is not known."""
        return _DEPARTMENTS.get(self.department, _DEPARTMENTS["Y"])


def check_character(first: str) -> str:
    """The check character of the first 17 characters.

    >>> check_character("91330100799655058")
    'B'
    """
    total = sum(
        _VALUES[character] * pow(3, place, _MODULUS) for place, character in enumerate(first)
    )
    return ALPHABET[-total % _MODULUS]
