"""The evaluation report (评估报告) as a DOCX document, in Chinese."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from gazetteer.indicators.evaluating import (
    Result,
    Stage,
    Verdict,
    evaluate,
    parts_of,
    scope_name,
)
from gazetteer.measures import Scope

if TYPE_CHECKING:
    from data.documents import Document

_STAGES = {Stage.MID: "中期", Stage.FINAL: "终期"}
_VERDICTS = {
    Verdict.MET: "达到",
    Verdict.NOT_MET: "未达到",
    Verdict.NOT_MEASURED: "未测",
    Verdict.NOTHING: "无此事项",
}
_MARKS = {
    "V": "有据可查",
    "D": "由规定推得",
    "M": "待核实",
    "W": "来源单一",
    "K": "工作值，待规划文本替换",
}


def write_report(connection: Connection, scope: Scope, stage: Stage) -> bytes:
    """The report of a stage: figures as a whole and by league, what is not met, what is not known.

    Args:
        connection: of a store whose names are counted.
        scope: day, period and division.
        stage: mid-term or final.

    Returns:
        The bytes of a DOCX file; the same for the same register and scope.

    Raises:
        InvalidValue: see `evaluate`.
    """
    from data.documents import Document

    results = evaluate(connection, scope, stage)
    name = scope_name(connection, scope)
    title = f"{name}地名与界线管理规划执行情况{_STAGES[stage]}评估报告"
    document = Document(title, scope.as_of, landscape=True)
    document.line(f"评估截止日期：{_day(scope.as_of)}", align="center")
    _scope(document, scope, name, stage)
    _whole(document, results)
    parts = parts_of(connection, scope)
    if len(parts) > 1:
        _by_league(document, connection, scope, stage, parts, results)
    _open(document, results)
    _sources(document, results)
    return document.content()


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _scope(document: "Document", scope: Scope, name: str, stage: Stage) -> None:
    document.line("一、评估范围与方法", heading=True)
    since = f"{_day(scope.since)}至" if scope.since else "自登记以来至"
    document.text(
        f"本报告评估{name}地名、界线和界桩管理各项指标的执行情况，评估期间为{since}"
        f"{_day(scope.as_of)}，以规划{_STAGES[stage]}目标为准。各项数值由登记库直接测得，"
        "不含人工填报；登记中没有记录的事项列为“未测”，不作推算。"
    )


def _whole(document: "Document", results: Sequence[Result]) -> None:
    document.line("二、总体情况", heading=True)
    counts = {verdict: sum(one.verdict is verdict for one in results) for verdict in Verdict}
    document.text(
        f"共 {len(results)} 项指标：达到 {counts[Verdict.MET]} 项，"
        f"未达到 {counts[Verdict.NOT_MET]} 项，"
        f"未测 {counts[Verdict.NOT_MEASURED]} 项，无此事项 {counts[Verdict.NOTHING]} 项。"
    )
    document.table(
        ("指标", "目标", "实测", "数量", "结论"),
        [
            (
                one.indicator.zh,
                _target(one),
                _value(one),
                _numbers(one),
                _VERDICTS[one.verdict],
            )
            for one in results
        ],
        (6, 2, 2, 3, 2),
    )


def _target(result: Result) -> str:
    sign = "≥" if result.indicator.direction == "at_least" else "≤"
    return f"{sign}{_figure(result.target, result.indicator.unit)}"


def _figure(value: float, unit: str) -> str:
    return f"{value:.1%}" if unit == "share" else f"{value:g} 件"


def _value(result: Result) -> str:
    value = result.measured.value
    return "—" if value is None else _figure(value, result.indicator.unit)


def _numbers(result: Result) -> str:
    found = result.measured
    if not found.known or found.whole == 0:
        return "—"
    return str(found.part) if found.whole is None else f"{found.part} / {found.whole}"


def _by_league(
    document: "Document",
    connection: Connection,
    scope: Scope,
    stage: Stage,
    parts: Sequence[tuple[str, str]],
    results: Sequence[Result],
) -> None:
    document.line("三、分盟市情况", heading=True)
    known = [one.indicator.code for one in results if one.measured.known]
    if not known:
        document.text("各项指标均未测。")
        return
    rows = []
    for code, name in parts:
        own = {
            one.indicator.code: one
            for one in evaluate(connection, replace(scope, within=code), stage)
        }
        rows.append((name, *(_cell(own[code]) for code in known)))
    heads = [one.indicator.zh for one in results if one.indicator.code in known]
    document.table(("盟市", *heads), rows)
    document.note("※ 为未达到目标；— 为该盟市无此事项。")


def _cell(result: Result) -> str:
    mark = " ※" if result.verdict is Verdict.NOT_MET else ""
    return f"{_value(result)}{mark}"


def _open(document: "Document", results: Sequence[Result]) -> None:
    document.line("四、未达到目标和未测的指标", heading=True)
    left = [one for one in results if one.verdict in {Verdict.NOT_MET, Verdict.NOT_MEASURED}]
    if not left:
        document.text("各项指标均达到目标，没有未测的指标。")
    for one in left:
        if one.verdict is Verdict.NOT_MEASURED:
            document.text(f"{one.indicator.zh}：未测。{one.measured.zh}。")
        else:
            document.text(
                f"{one.indicator.zh}：目标{_target(one)}，实测{_value(one)}"
                f"（{one.measured.zh}：{_numbers(one)}）。"
            )


def _sources(document: "Document", results: Sequence[Result]) -> None:
    document.line("五、指标依据", heading=True)
    document.table(
        ("指标", "测量口径", "目标依据", "可靠程度"),
        [
            (
                one.indicator.zh,
                one.measured.zh,
                one.indicator.basis_zh,
                _MARKS[one.indicator.mark],
            )
            for one in results
        ],
        (4, 4, 6, 2),
    )
