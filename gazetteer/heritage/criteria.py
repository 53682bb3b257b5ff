"""What a category wants (认定条件), from the table `heritage_criteria`. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.reference import load_table
from data.reference.tables import kept


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the table."""

    code: str
    category: str
    zh: str
    en: str
    minimum_years: int
    source: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a criterion.

    Attributes:
        criterion: its code; one of the category's, or `other`.
        since_year: the year from which it holds, negative before our era.
        evidence, source: what is known, and from where.
        interruptions: changes that were later reversed, which are allowed.
    """

    criterion: str
    since_year: int
    evidence: str
    source: str
    interruptions: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion of a category held against the evidence; `years` is None without any."""

    criterion: Criterion
    years: int | None

    @property
    def met(self) -> bool:
        """Whether the evidence reaches back far enough."""
        return self.years is not None and self.years >= self.criterion.minimum_years


@kept
def criteria(folder: Path | None = None) -> tuple[Criterion, ...]:
    """Every criterion of every category."""
    return tuple(
        Criterion(
            row["code"],
            row["category"],
            row["zh"],
            row["en"],
            int(row["minimum_years"]),
            row["source"],
        )
        for row in load_table("heritage_criteria", folder)
    )


def years_between(since_year: int, year: int) -> int:
    """Whole years from one year to another; no year 0 stands between the eras.

    >>> years_between(1026, 2026), years_between(-1, 1), years_between(-221, 2026)
    (1000, 1, 2246)
    """
    return year - since_year - (1 if since_year < 0 < year else 0)


def judge(category: str, evidence: Sequence[Evidence], year: int) -> list[Judged]:
    """The criteria of a category, each with the years that the oldest evidence gives it.

    >>> [one.met for one in judge("county", [Evidence("seat", 713, "设县", "旧唐书")], 2026)]
    [True, False]
    """
    found = []
    for one in criteria():
        if one.category == category:
            since = [e.since_year for e in evidence if e.criterion == one.code]
            found.append(Judged(one, years_between(min(since), year) if since else None))
    return found
