"""What the documents of a case are made of, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data.chinese_dates import chinese_date
from data.deadlines import day_in_china
from data.reference import find_term
from gazetteer.approvals.cases import Case, number_of
from gazetteer.rules import name_classes

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """A case with everything that belongs to it.

    Attributes:
        case: its row.
        place: the divisions it lies in, highest first, in one line.
        papers, steps, opinions: as they were handed in, taken, given; oldest first.
        check: the kept check of its name; None for an end of use.
        answers: what was answered to the rules, by code.
        successor: the name that takes the place of an ended one.
    """

    case: Case
    place: str
    papers: Sequence[Row]
    steps: Sequence[Row]
    opinions: Sequence[Row]
    check: Row | None
    answers: Mapping[str, str]
    successor: str | None

    @property
    def number(self) -> str:
        """The case's number."""
        return number_of(self.case)

    @property
    def kind_zh(self) -> str:
        """命名, 更名 or 停止使用."""
        return term_zh("approval_kinds", self.case["kind"])

    @property
    def class_zh(self) -> str:
        """The class of names."""
        found = name_classes().get(self.case["name_class"])
        return found.zh if found else str(self.case["name_class"])

    @property
    def subject(self) -> str:
        """What the case is about, as titles say it."""
        name = self.case["name"]
        if self.case["kind"] == "renaming":
            return f"“{self.case['former_name']}”更名为“{name}”"
        if self.case["kind"] == "ending":
            return f"停止使用“{name}”"
        return f"“{name}”命名"

    def last(self, step: str) -> Row | None:
        """The step of a code that was taken last."""
        return next((row for row in reversed(self.steps) if row["step"] == step), None)

    def day_of(self, step: str) -> date | None:
        """The day for which the step counts."""
        row = self.last(step)
        return row["taken_on"] if row else None

    def text(self, column: str) -> str:
        """A column in words; a dash where it is empty."""
        value = self.case[column]
        if value is None or value == "":
            return "—"
        return chinese_date(value) if isinstance(value, date) else str(value)

    @property
    def checked_on(self) -> str:
        """The day of the kept check in China, in words; a dash where there is none."""
        at = self.case["checked_at"]
        return chinese_date(day_in_china(datetime.fromisoformat(at))) if at else "—"

    @property
    def position(self) -> str:
        """Longitude and latitude, where the case has them."""
        lon, lat = self.case["lon"], self.case["lat"]
        return "—" if lon is None else f"东经 {lon:.5f}°，北纬 {lat:.5f}°（CGCS2000）"


def term_zh(table: str, code: str | None) -> str:
    """A code's word in Chinese; the code itself where the table lacks it."""
    term = find_term(table, code) if code else None
    return term.zh if term else code or "—"
