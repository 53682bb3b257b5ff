"""A surveyor's file back as a workbook: each row with its verdict, each faulty cell marked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from sqlalchemy import Connection

from boundary.assessment.words import verdict_name
from boundary.inspecting import INSPECTION_LIMITS
from boundary.papers import CellMark, Sheet, workbook
from data.errors import InvalidFile, NotFound
from data.formats import Row, open_table
from data.stored_files import read_file
from data.work_folders import work_file

Language = Literal["zh", "en"]
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "rows": ("逐行结论", "Rows"),
    "batch": ("整批说明", "About the file"),
    "row": ("行号", "Row"),
    "nameless": ("（无列名）", "(no name)"),
    "verdict": ("【结论】", "[verdict]"),
    "distance": ("【位移 m】", "[displacement m]"),
    "bearing": ("【方位角 °】", "[bearing °]"),
    "tolerance": ("【限差 m】", "[tolerance m]"),
    "reason": ("【理由】", "[reason]"),
    "proposal": ("【改正建议】", "[proposed correction]"),
    "faults": ("【问题】", "[faults]"),
    "what": ("内容", "What"),
    "told": ("说明", "Said"),
    "file": ("文件", "File"),
    "hash": ("文件 SHA-256", "SHA-256 of the file"),
    "submission": ("提交编号", "Submission"),
    "state": ("状态", "State"),
    "sent": ("提交人、时间", "Sent by, at"),
    "finding": ("整批发现", "Finding"),
    "fault": ("全文件问题", "Fault of the file"),
    "corrected": ("已确认的更正，第 {row} 行", "Confirmed correction of row {row}"),
    "preview": ("预览，尚未入库", "preview, not committed"),
    "refused": ("未能读取", "refused"),
    "committed": ("已入库", "committed"),
    "received": ("已收到", "received"),
}
_VERDICT_TONES: Final = {
    "in_place": "good",
    "suspect": "warn",
    "displaced": "bad",
    "cannot_tell": "open",
    "resubmit": "again",
}
_ADDED: Final = ("verdict", "distance", "bearing", "tolerance", "reason", "proposal", "faults")


def annotated_workbook(
    connection: Connection, report: Mapping[str, Any], language: Language
) -> bytes:
    """An XLSX workbook of a submission's rows as they came, with what its report says of each.

    Faulty cells are coloured and hold their fault as a note; what a file gave as text stays text,
    whatever it begins with. A row with a confirmed correction keeps its text and has the verdict of
    the row derived from it.

    Args:
        connection: a reading connection.
        report: the submission's report, as its reader may see it.
        language: of the words.

    Raises:
        NotFound: the file cannot be read as a table, so that it has no rows.
    """
    content = read_file(connection, report["sha256"])
    with work_file(content) as path:
        name = str(report["file_name"])
        try:
            with open_table(path, limits=INSPECTION_LIMITS, file_name=name) as table:
                columns, rows = table.columns, list(table.rows)
        except InvalidFile as error:
            raise NotFound(
                f"submission {report['id']} has no rows to annotate: {error.message}",
                f"提交 {report['id']} 没有可批注的行：{error.zh}",
            ) from error
    made = _Annotator(report, language, columns)
    return workbook([made.sheet(rows), made.summary()])


class _Annotator:
    """The sheets of one report."""

    def __init__(
        self, report: Mapping[str, Any], language: Language, columns: Sequence[str]
    ) -> None:
        self.report, self.language, self.columns = report, language, columns
        origin = {one["derived_row"]: one for one in report.get("corrections") or ()}
        self.results = {
            origin[one["row"]]["row"] if one["row"] in origin else one["row"]: one
            for one in report["results"]
        }
        self.corrected = {one["row"]: one for one in origin.values()}
        self.faults: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for fault in report["faults"]:
            if fault["row"] is not None:
                row = fault["row"]
                self.faults[origin[row]["row"] if row in origin else row].append(fault)

    def word(self, key: str) -> str:
        """A word in the language of the workbook."""
        return _WORDS[key][self.language == "en"]

    def said(self, what: Mapping[str, Any]) -> str:
        """The sentence of a finding, fault, result or proposal."""
        return str(what[self.language])

    def sheet(self, rows: Sequence[Row]) -> Sheet:
        """Every row as it came, and beside it what the report says."""
        header = [
            self.word("row"),
            *(column or self.word("nameless") for column in self.columns),
            *(self.word(key) for key in _ADDED),
        ]
        marks: dict[tuple[int, int], CellMark] = {}
        cells = []
        for line, row in enumerate(rows):
            cells.append([row.number, *row.cells, *self.added(row.number)])
            result = self.results.get(row.number)
            if result is not None:
                tone = _VERDICT_TONES[result["verdict"]]
                marks[line, 1 + len(self.columns)] = CellMark(tone, self.said(result))
            for place, notes in self.places(row.number).items():
                marks[line, place] = CellMark("fault", "\n".join(notes))
        return Sheet(self.word("rows"), header, cells, marks=marks)

    def places(self, row: int) -> dict[int, list[str]]:
        """The faulty cells of a row by their column of the sheet, with what is said of each."""
        found: dict[int, list[str]] = defaultdict(list)
        for fault in self.faults[row]:
            column = fault["column"]
            found[self.columns.index(column) + 1 if column in self.columns else 0].append(
                self.said(fault)
            )
        return found

    def added(self, row: int) -> list[str | float | None]:
        """What the report says of a row, in the order of `_ADDED`."""
        faults = "\n".join(self.said(fault) for fault in self.faults[row]) or None
        result = self.results.get(row)
        if result is None:
            return [*[None] * (len(_ADDED) - 1), faults]
        corrected = self.corrected.get(row)
        proposed = corrected or result["proposal"]
        return [
            self.verdict(result["verdict"]),
            result["distance_m"],
            result["bearing_deg"],
            result["tolerance_m"],
            self.said(result),
            self.said(proposed) if proposed else None,
            faults,
        ]

    def verdict(self, code: str) -> str:
        """A verdict in words."""
        name = verdict_name(code)
        return name.en if self.language == "en" else name.zh

    def summary(self) -> Sheet:
        """What is said of the file as a whole."""
        report = self.report
        lines = [
            (self.word("file"), str(report["file_name"])),
            (self.word("submission"), str(report["id"])),
            (self.word("state"), self.word(report["state"])),
            (self.word("sent"), f"{report['sent_by']} {report['received_at']}"),
            (self.word("hash"), str(report["sha256"])),
            *((self.verdict(code), str(count)) for code, count in report["summary"].items()),
            *((self.word("finding"), self.said(one)) for one in report["findings"]),
            *(
                (self.word("fault"), self.said(one))
                for one in report["faults"]
                if one["row"] is None
            ),
            *(
                (self.word("corrected").format(row=one["row"]), self.said(one))
                for one in self.corrected.values()
            ),
        ]
        return Sheet(self.word("batch"), [self.word("what"), self.word("told")], lines)
