"""By which words readers choose names: beginnings of categories, statuses (地名类别、地名状态)."""

from functools import cache
from typing import Final

from data.errors import InvalidValue
from data.reference import categories, terms

_TOLD_DIGITS: Final = 2
"""A refusal lists the codes up to so many digits."""


@cache
def category_beginnings() -> tuple[str, ...]:
    """Everything that a category's code may begin with, whole codes too, in order.

    >>> [code in category_beginnings() for code in ("2", "222", "22200", "9")]
    [True, True, True, False]
    """
    codes = {code for one in categories() for code in (one.code, one.code5)}
    return tuple(sorted({code[:size] for code in codes for size in range(1, len(code) + 1)}))


def name_statuses() -> tuple[str, ...]:
    """The codes of the statuses that a name may have."""
    return tuple(term.code for term in terms("name_statuses"))


def check_choice(category: str | None, status: str | None) -> None:
    """Refuse words by which no name could be chosen; those not given are fine.

    Raises:
        InvalidValue: no category begins as `category` does, or there is no such `status`.
    """
    if category is not None and category not in category_beginnings():
        told = ", ".join(one for one in category_beginnings() if len(one) <= _TOLD_DIGITS)
        raise InvalidValue(
            "class", category, "no category code begins so",
            f"give one of {told}, or a longer code such as 222",
            f"没有以“{category[:20]}”开头的地名类别代码；应为 {told} 之一，或更长的代码，如 222",
        )  # fmt: skip
    if status is not None and status not in name_statuses():
        told = ", ".join(name_statuses())
        raise InvalidValue(
            "status", status, f"it is one of {told}", f"give one of {told}",
            f"status 应为 {told} 之一",
        )  # fmt: skip
