"""What a reader asks of the counts, and what comes back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from data.errors import InvalidValue
from gazetteer.choices import check_choice

DIMENSIONS: Final = ("division", "class", "status", "script", "heritage", "year")
LEVELS: Final = ("prefecture", "county", "township")
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Question:
    """Which counts are asked for.

    Attributes:
        by: what they are parted by, of `DIMENSIONS`, in the order of the columns; nothing gives
            the whole.
        level: the level of divisions they are parted by.
        depth: how many digits of a category part them, 1 (大类) to 5.
        within: code of the division that holds the names.
        category: only names whose category begins so.
        status, heritage: only names of that status, heritage.

    Raises:
        InvalidValue: there is no such depth, class or status.
    """

    by: tuple[str, ...] = ()
    level: str = "prefecture"
    depth: int = 2
    within: str | None = None
    category: str | None = None
    status: str | None = None
    heritage: bool | None = None

    @classmethod
    def parse(cls, by: str, level: str | None = None, **more: Any) -> "Question":
        """A question from words: `by` is a list parted by commas.

        Raises:
            InvalidValue: a dimension or level is unknown, or a combination has no counts.
        """
        dimensions = tuple(filter(None, (one.strip() for one in by.split(","))))
        for one in dimensions:
            if one not in DIMENSIONS:
                raise _unknown("by", one, DIMENSIONS)
        if len(set(dimensions)) != len(dimensions):
            raise InvalidValue(
                "by", by, "each dimension stands once", "leave one out", f"by 中有重复：{by[:40]}"
            )
        if "year" in dimensions and not set(dimensions) <= {"year", "division"}:
            raise InvalidValue(
                "by", by, "years are parted by division alone", "give year, or division,year",
                "按年份统计只能再按区划（division）细分",
            )  # fmt: skip
        if level is not None and level not in LEVELS:
            raise _unknown("level", level, LEVELS)
        return cls(dimensions, level or "prefecture", **more)

    def __post_init__(self) -> None:
        if not 1 <= self.depth <= _DEEPEST:
            raise InvalidValue(
                "depth", self.depth, "a category has 1 to 5 digits", "give 1 to 5",
                "depth 应为 1 至 5",
            )  # fmt: skip
        check_choice(self.category, self.status)

    @property
    def chooses_names(self) -> bool:
        """Whether names are chosen by more than their division."""
        return (self.category, self.status, self.heritage) != (None, None, None)


def _unknown(field: str, value: str, known: Sequence[str]) -> InvalidValue:
    told = ", ".join(known)
    return InvalidValue(
        field, value, f"it is one of {told}", f"give one of {told}", f"{field} 应为 {told} 之一"
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of names.

    Attributes:
        columns: the dimensions and then the measures, in order.
        rows: one mapping from column to value for each group, by the dimensions' codes.
    """

    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
