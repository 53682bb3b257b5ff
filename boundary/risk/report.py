"""The risk of lines as CSV and as a report (DOCX) with a map."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from boundary.papers.figures import font, font_name, new_figure, png, spoken
from boundary.risk.scoring import FORMULA, GRADES, LineRisk, factors
from data.documents import REPORT, Document
from data.formats.formulas import guarded

_MOST_TOLD: Final = 200
_MAP_CM: Final = 15.0
_COLOURS: Final = {"high": "#c1121f", "medium": "#dd8d09", "low": "#1f8a57"}
_WIDTHS: Final = {"high": 2.4, "medium": 1.6, "low": 0.9}


def risk_csv(found: Sequence[LineRisk]) -> bytes:
    """A row for each line: index, grade, the value of each factor and what it adds."""
    known = factors()
    file = io.StringIO()
    writer = csv.writer(file)
    head = ("line_id", "code", "name", "level", "parties", "index", "grade")
    values = [one.code for one in known]
    writer.writerow([*head, *values, *(f"{code}_points" for code in values)])
    for one in found:
        row = (one.line_id, one.code, one.name, one.level, "|".join(one.parties), one.index)
        shown = [guarded(cell) if isinstance(cell, str) else cell for cell in (*row, one.grade)]
        writer.writerow([*shown, *(one.values[c] for c in values), *(one.parts[c] for c in values)])
    return ("\ufeff" + file.getvalue()).encode()


def risk_docx(
    found: Sequence[LineRisk], shapes: dict[int, BaseGeometry], scope: str, made_at: datetime
) -> bytes:
    """The report: the formula, the factors, a map, the lines with the highest index first."""
    document = Document(f"{scope}平安边界风险报告", made_at, look=REPORT)
    counted = {grade: sum(one.grade == grade for one in found) for grade in GRADES}
    document.text(
        f"界线 {len(found)} 条：高风险 {counted['high']} 条，中风险 {counted['medium']} 条，"
        f"低风险 {counted['low']} 条。"
    )
    document.heading("一、指数与权重")
    document.text(FORMULA)
    document.table(
        ("因素", "单位", "权重", "不计值", "满值", "依据"),
        [
            [one.zh, one.unit, f"{one.weight:g}", f"{one.zero:g}", f"{one.full:g}", one.source]
            for one in factors()
        ],
        (2, 1, 0.8, 0.8, 0.8, 4),
    )
    if shapes:
        document.heading("二、风险图")
        document.picture(_map(found, shapes), _MAP_CM, "示意图，非标准画法，不作划界依据")
    document.heading("三、各界线")
    heads = [one.zh for one in factors()]
    document.table(
        ("界线", "指数", "级别", *heads),
        [
            [
                one.name, f"{one.index:.1f}", GRADES[one.grade],
                *(f"{one.values[f.code]:g}" for f in factors()),
            ]
            for one in found[:_MOST_TOLD]
        ]
        or [["无", "", "", *("" for _ in heads)]],
        (3, 1, 0.8, *(1.1 for _ in heads)),
    )  # fmt: skip
    return document.content()


def _map(found: Sequence[LineRisk], shapes: dict[int, BaseGeometry]) -> bytes:
    figure, axes = new_figure(6.5, 4.6)
    told: set[str] = set()
    for one in reversed(found):
        shape = shapes.get(one.line_id)
        for part in shapely.get_parts(shape) if shape is not None else ():
            xy = shapely.get_coordinates(part)
            zh, en = f"{GRADES[one.grade]}风险", f"{one.grade} risk"
            label = None if one.grade in told else spoken(zh, en)
            told.add(one.grade)
            axes.plot(
                xy[:, 0], xy[:, 1], color=_COLOURS[one.grade], linewidth=_WIDTHS[one.grade],
                label=label,
            )  # fmt: skip
    axes.set_aspect(1.35, adjustable="datalim")
    axes.tick_params(labelsize=6)
    axes.set_title(spoken("界线风险", "risk of lines"), **font(fontsize=9))
    if told:
        axes.legend(prop={"family": font_name() or "DejaVu Sans", "size": 7})
    return png(figure)
