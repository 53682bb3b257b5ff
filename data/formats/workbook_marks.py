"""What is to be said of single cells of a workbook: merged, in error, or cut short."""

from data.errors import Fault
from data.formats.cells import EXACT_DIGITS, column_letters
from data.formats.reading import note

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range, each as (row, column), counted from 0."""


class Marks:
    """What is to be said of single cells: merged ones, error values, numbers cut short."""

    def __init__(
        self,
        header: int,
        columns: list[str],
        ranges: list[Range],
        error_cells: frozenset[tuple[int, int]],
        lost: dict[int, list[int]],
    ) -> None:
        self._columns, self._lost = columns, lost
        spans = [
            ((top + 1, left + 1), (bottom + 1, right + 1))
            for (top, left), (bottom, right) in ranges
        ]
        self._in_header = [span for span in spans if span[0][0] <= header <= span[1][0]]
        self._merged = sorted(span for span in spans if span[0][0] > header)
        self._errors: dict[int, list[int]] = {}
        for row, column in sorted(error_cells):
            self._errors.setdefault(row, []).append(column)

    def header_notes(self) -> tuple[Fault, ...]:
        """What is to be said of merged cells among the column names."""
        return tuple(
            note(
                "merged-header",
                _shown(span),
                f"表头单元格 {_shown(span)} 已合并；请取消合并并为每列填写列名",
                f"cells {_shown(span)} of the header are merged; unmerge them and name each column",
            )
            for span in self._in_header
        )

    def of_row(self, number: int) -> list[Fault]:
        """The faults of one row."""
        faults = [self._merged_fault(number, span) for span in self._spans(number)]
        faults += [self._error_fault(number, column) for column in self._errors.get(number, ())]
        if self._lost:
            faults += [self._digits_fault(number, at) for at in self._lost.pop(number, ())]
        return faults

    def _spans(self, number: int) -> list[Range]:
        while self._merged and self._merged[0][1][0] < number:
            self._merged.pop(0)
        return [span for span in self._merged if span[0][0] <= number <= span[1][0]]

    def _name(self, column: int) -> str:
        return self._columns[column - 1] if column <= len(self._columns) else column_letters(column)

    def _merged_fault(self, number: int, span: Range) -> Fault:
        return Fault(
            "merged-cells",
            number,
            self._name(span[0][1]),
            _shown(span),
            f"单元格 {_shown(span)} 已合并，只有左上角有值；请取消合并并逐格填写",
            f"cells {_shown(span)} are merged and only the first holds a value; unmerge them and"
            " fill in each",
        )

    def _error_fault(self, number: int, column: int) -> Fault:
        return Fault(
            "error-cell",
            number,
            self._name(column),
            f"{column_letters(column)}{number}",
            "单元格是公式错误值（如 #N/A）；请改正公式或填写数值",
            "the cell holds an error of its formula (such as #N/A); mend the formula or type the"
            " value",
        )

    def _digits_fault(self, number: int, column: int) -> Fault:
        return Fault(
            "digits-lost",
            number,
            self._name(column),
            f"{column_letters(column)}{number}",
            f"以数字存储的编码超过 {EXACT_DIGITS} 位，末尾数字已丢失；请把该列设为文本后重新填写",
            f"stored as a number it kept {EXACT_DIGITS} digits and lost the rest; make the column"
            " text and type the code again",
        )


def _shown(span: Range) -> str:
    (top, left), (bottom, right) = span
    return f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
