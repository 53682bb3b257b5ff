"""The columns of each code table and what a cell may hold.

A shipped table and an operator's own table are held to the same columns. `mark` says how far
a row may be trusted: V verified in the source named beside it, D derived, M from memory,
W one weak source, K professional knowledge that nobody has checked against a text.
"""

from dataclasses import dataclass
from typing import Final

TEXT: Final = r"[\s\S]*"
FILLED: Final = r"[\s\S]*\S[\s\S]*"
NUMBER: Final = r"-?\d+(\.\d+)?"
NUMBER_OR_EMPTY: Final = rf"({NUMBER})?"
INTEGER: Final = r"\d+"
INTEGER_OR_EMPTY: Final = r"\d*"
CODE6: Final = r"\d{6}"
CODE6_OR_EMPTY: Final = r"(\d{6})?"
MARK: Final = "[VDMWK]"
ROMANIZATION_MARK: Final = "(agreed|adapted|one-copy|memory)?"
LEVEL: Final = "region|prefecture|county|township"
LINE_LEVEL: Final = "province|prefecture|county|township"
SYSTEM: Final = "[a-z][a-z0-9_]*"
LIST_DATE: Final = r"\d{6}"
DAY_OR_EMPTY: Final = r"(\d{4}-\d{2}-\d{2})?"
EVENT_KIND: Final = (
    "established|abolished|merged|split|transferred|renamed|seat_moved|recoded|replaced"
)

RULES: Final[dict[str, tuple[str, str]]] = {
    FILLED: ("must not be empty", "不能为空"),
    NUMBER: ("must be a number such as 12.5", "应为数字，例如 12.5"),
    NUMBER_OR_EMPTY: ("must be a number or empty", "应为数字或留空"),
    INTEGER: ("must be a whole number", "应为整数"),
    INTEGER_OR_EMPTY: ("must be a whole number or empty", "应为整数或留空"),
    CODE6: ("must be a code of 6 digits (GB/T 2260)", "应为 6 位区划代码"),
    CODE6_OR_EMPTY: ("must be a code of 6 digits or empty", "应为 6 位区划代码或留空"),
    LIST_DATE: ("must be year and month such as 199912", "应为年月，例如 199912"),
    DAY_OR_EMPTY: ("must be a date such as 2003-12-01 or empty", "应为日期（如 2003-12-01）或留空"),
    MARK: ("must be one of V, D, M, W, K", "应为 V、D、M、W、K 之一"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name and the pattern its whole cell must match."""

    name: str
    pattern: str = TEXT

    @property
    def rule(self) -> tuple[str, str]:
        """The rule in words, English then Chinese."""
        told = self.pattern.strip("()?").replace("|", ", ")
        return RULES.get(self.pattern, (f"must be one of: {told}", f"应为以下之一：{told}"))


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one table, its key, and columns that name another row of the same table."""

    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)
    parent: str = ""


SOURCE = Column("source", FILLED)
MARKED = (Column("mark", MARK), SOURCE)


def vocabulary(*extra: Column) -> Table:
    """A list of terms: a code, its words in two languages, and what else people write for it."""
    words = (Column("code", FILLED), Column("zh", FILLED), Column("en", FILLED))
    return Table((*words, Column("synonyms"), *extra, *MARKED))
