"""What a division code says by itself (GB/T 2260, GB/T 10114; standards.md §6). Pure."""

import re
from typing import Final

LENGTHS: Final = {"region": (6,), "prefecture": (6,), "county": (6,), "township": (9, 12)}
ORDER: Final = ("region", "prefecture", "county", "township", "village")
_LONGEST: Final = 12
_FORM = re.compile(r"\d{6}(\d{3}(\d{3})?)?", re.ASCII)


def is_code(text: str) -> bool:
    """Whether a text has the form of a division code: 6, 9 or 12 digits.

    >>> is_code("150102"), is_code("１５０１０２")
    (True, False)
    """
    return bool(_FORM.fullmatch(text))


def significant(code: str) -> str:
    """A code without the zeros that fill it up: what the codes below it begin with.

    >>> [significant(code) for code in ("150000", "150500", "150521", "150521100")]
    ['15', '1505', '150521', '150521100']
    """
    if len(code) == 6:  # noqa: PLR2004 - GB/T 2260
        return re.sub(r"(00){1,2}$", "", code)
    return code[:9] if code.endswith("000") and len(code) == 12 else code  # noqa: PLR2004


def codes_inside(code: str) -> tuple[str, str]:
    """The first and the last code that a division and all inside it can have, as texts in order.

    >>> codes_inside("150500"), codes_inside("150521")
    (('1505', '150599999999'), ('150521', '150521999999'))
    """
    digits = significant(code)
    return digits, digits.ljust(_LONGEST, "9")


def moved_below(code: str, old_parent: str, new_parent: str) -> str:
    """The code of a unit whose parent's code changes and whose own ending stays.

    A code that does not begin as its parent's is left as it is.

    >>> moved_below("152322101", "152322", "150521"), moved_below("152322", "152300", "150500")
    ('150521101', '150522')
    >>> moved_below("990001", "152300", "150500")
    '990001'
    """
    old, new = significant(old_parent), significant(new_parent)
    if not code.startswith(old) or len(old) != len(new):
        return code
    return new + code[len(old) :]
