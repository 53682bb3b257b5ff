"""The report of a check of topology as DOCX, and its findings as XLSX."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from boundary.papers import Sheet, workbook
from boundary.papers.workbook import Cell
from boundary.topology.checking import Checked
from boundary.topology.drawing import View, draw_finding
from boundary.topology.reading import Inputs, summary
from boundary.topology.values import Finding, word_of
from data.documents import REPORT, Document
from data.progress import Report

_MOST_PICTURES: Final = 24
_MOST_TOLD: Final = 300
_PICTURE_CM: Final = 13.0
_HEAD: Final = (
    *("级别", "类别", "说明", "经度", "纬度", "政区", "界线", "界桩", "最近界桩", "距离（米）"),
)


@dataclass(frozen=True, slots=True)
class TopologyPapers:
    """What a report is made of: what was checked, all that was found, and the chosen findings."""

    inputs: Inputs
    checked: Checked
    findings: Sequence[Finding]
    scope: str


def topology_docx(papers: TopologyPapers, made_at: datetime, progress: Report) -> bytes:
    """The report: what was checked, a table of kinds, each finding, the gravest with a picture."""
    document = Document(f"{papers.scope}界线拓扑检查报告", made_at, look=REPORT)
    checked = papers.checked
    document.text(
        f"检查政区轮廓 {checked.areas} 个、界线 {checked.lines} 条、界桩 {checked.markers} 颗，"
        f"发现问题 {len(papers.findings)} 处。规则与限值见 boundary_rules（topology_*）。"
    )
    document.table(
        ("类别", "重大", "一般", "轻微"),
        [
            [one["zh"], str(one["grave"]), str(one["moderate"]), str(one["minor"])]
            for one in summary(papers.findings)
        ]
        or [["未发现问题", "0", "0", "0"]],
        small=False,
    )
    document.note("图为示意，非标准画法，不作划界依据（条例第十四条）。")
    for number, finding in enumerate(papers.findings[:_MOST_TOLD], start=1):
        progress("report 报告", number, min(len(papers.findings), _MOST_TOLD))
        _tell(document, papers.inputs, finding, number)
    left = len(papers.findings) - _MOST_TOLD
    if left > 0:
        document.text(f"其余 {left} 处见电子表格。")
    return document.content()


def _tell(document: Document, inputs: Inputs, finding: Finding, number: int) -> None:
    kind, grade = word_of("topology_kinds", finding.kind), word_of("topology_grades", finding.grade)
    document.heading(f"{number}. {kind}（{grade}）", 2)
    document.text(finding.zh)
    near = "；".join(f"{one.marker_no}（{one.distance_m:,.0f} 米）" for one in finding.nearest)
    place = f"位置：{finding.lon:.6f}，{finding.lat:.6f}"
    document.note(f"{place}。最近界桩：{near or '无'}。")
    if number <= _MOST_PICTURES:
        view = View(finding, inputs.areas, inputs.lines, inputs.points)
        document.picture(draw_finding(view), _PICTURE_CM)


def topology_xlsx(papers: TopologyPapers) -> bytes:
    """Every finding as a row, and the table of kinds."""
    counted: list[list[Cell]] = [
        [one["zh"], one["grave"], one["moderate"], one["minor"]] for one in summary(papers.findings)
    ]
    return workbook(
        [
            Sheet("汇总", ("类别", "重大", "一般", "轻微"), counted),
            Sheet("问题", _HEAD, [_row(one) for one in papers.findings]),
        ]
    )


def _row(one: Finding) -> list[Cell]:
    near = one.nearest[0] if one.nearest else None
    return [
        word_of("topology_grades", one.grade), word_of("topology_kinds", one.kind), one.zh,
        round(one.lon, 8), round(one.lat, 8), "、".join(one.divisions), one.line_code or "",
        "、".join(one.markers), near.marker_no if near else "",
        round(near.distance_m, 1) if near else None,
    ]  # fmt: skip
