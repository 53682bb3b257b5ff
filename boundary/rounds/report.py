"""The report of a round (联检报告) as DOCX, and its record tables as XLSX."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, select

from boundary.marker_tables import photo
from boundary.papers import Mark, Scene, Sheet, draw_line, workbook
from boundary.papers.figures import font, legend_words, new_figure, png, spoken
from boundary.repair_tables import repair_order
from boundary.rounds.keeping import lines_of
from boundary.rounds.reading import round_page
from boundary.rows import plain
from boundary.verdict_marks import drawn_mark, verdict_words
from data.documents import REPORT, Document
from data.reference import find_term
from data.stored_files import read_file

_STATES = {
    "agree": "一致",
    "conflict": "矛盾",
    "decided": "已核定",
    "one_sided": "仅一方",
    "missing": "未检查",
}
_REPAIRS = {
    "open": "待办",
    "assigned": "已指派",
    "done": "待核验",
    "closed": "已结案",
    "cancelled": "已撤销",
}
_KINDS = {"regular": "定期联检", "special": "专项联检"}
_MOST_PHOTOS = 12
_MAP_CM, _PLOT_CM, _PHOTO_CM = 15.5, 11.0, 8.5


@dataclass(frozen=True, slots=True)
class RoundPapers:
    """What a report is made of: the round's page, its lines' shapes, repairs and photographs."""

    page: Mapping[str, Any]
    shapes: Sequence[Any]
    repairs: Sequence[Mapping[str, Any]]
    photos: Sequence[tuple[bytes, str]]


def read_papers(connection: Connection, round_id: int) -> RoundPapers:
    """Everything that a round's report shows.

    Raises:
        NotFound: there is no round of that id.
    """
    page = round_page(connection, round_id)
    shapes = [
        shapely.from_wkb(one["geom"]) for one in lines_of(connection, round_id) if one["geom"]
    ]
    ids = [one["marker_id"] for one in page["observations"]]
    repairs = select(repair_order).where(repair_order.c.marker_id.in_(ids))
    rows = [
        plain(row) for row in connection.execute(repairs.order_by(repair_order.c.id)).mappings()
    ]
    numbers = {one["marker_id"]: one["marker_no"] for one in page["observations"]}
    shown = connection.execute(
        select(photo.c.marker_id, photo.c.public_sha256, photo.c.caption, photo.c.taken_at)
        .where(photo.c.marker_id.in_(ids))
        .order_by(photo.c.id.desc())
        .limit(_MOST_PHOTOS)
    ).all()
    photos = [
        (
            read_file(connection, row.public_sha256),
            " ".join(filter(None, (numbers[row.marker_id], row.caption, row.taken_at))),
        )
        for row in shown
    ]
    return RoundPapers(page, shapes, rows, photos)


def report_docx(papers: RoundPapers, made_at: datetime) -> bytes:
    """The report: text, tables, map, plot of verdicts, photographs, signatures."""
    page = papers.page
    record, progress = page["round"], page["progress"]
    document = Document(f"{record['name']}报告", made_at, look=REPORT)
    _head(document, page)
    document.heading("二、检查情况")
    document.text(
        f"应检界桩 {progress['markers']} 颗：双方一致 {progress['agree']} 颗，核定"
        f" {progress['decided']} 颗，仅一方检查 {progress['one_sided']} 颗，矛盾"
        f" {progress['conflict']} 颗，未检查 {progress['missing']} 颗。"
    )
    document.table(("界桩编号", "结果", *_sides_head(page)), _observation_rows(page))
    decided = [one for one in page["observations"] if one["decision"]]
    if decided:
        document.heading("三、矛盾与核定")
        document.table(
            ("界桩编号", "核定状况", "核定位置结论", "说明", "同意人", "日期"),
            [_decision_row(one) for one in decided],
        )
    document.heading("四、界线与界桩图")
    document.picture(_map(papers), _MAP_CM, "界线、界桩与检查路线（非标准画法，不作划界依据）")
    plot = _plot(page)
    if plot is not None:
        document.picture(plot, _PLOT_CM, "各次检查的位移与限差之比；圆内为限差以内")
    if papers.repairs:
        document.heading("五、修复任务")
        document.table(
            ("界桩编号", "原因", "管理方", "状态", "开立", "修复", "见证人", "结案"),
            [_repair_row(one) for one in papers.repairs],
        )
    if papers.photos:
        document.heading("六、照片")
        for content, caption in papers.photos:
            document.picture(content, _PHOTO_CM, caption)
    document.heading("七、签字")
    document.table(
        ("当事方", "签字人", "职务", "日期"),
        [
            [
                _party(page, one["party"]),
                one["name"],
                one["role"] or "",
                str(one["signed_on"] or ""),
            ]
            for one in page["signatures"]
        ]
        or [["—", "尚未签字", "", ""]],
        small=False,
    )
    return document.content()


def _head(document: Document, page: Mapping[str, Any]) -> None:
    record = page["round"]
    number = f"第 {record['number']} 轮" if record["number"] else "—"
    lines = "、".join(" ".join(filter(None, (o["name"], o["section"]))) for o in page["lines"])
    parties = "、".join(f"{one['name']}（{one['code']}）" for one in page["parties"])
    document.heading("一、基本情况")
    document.form(
        [
            ("界线", lines),
            ("当事方", parties),
            ("类别", _KINDS[record["kind"]], "轮次", number),
            (
                "应检日期",
                str(record["due_on"] or "—"),
                "完成日期",
                str(record["completed_on"] or "—"),
            ),
            ("起因", record["event"] or "条例第十二条：每五年联合检查一次"),
            ("实施方案", record["plan"] or "—"),
            ("备案机关", record["filed_with"] or "—", "备案", _filing(record)),
        ],
        (1.0, 2.2, 1.0, 2.2),
    )
    if page["teams"]:
        document.table(
            ("当事方", "负责人", "成员"),
            [
                [_party(page, one["party"]), one["leader"] or "", one["members"] or ""]
                for one in page["teams"]
            ],
        )


def _filing(record: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (str(record["filed_on"] or ""), record["filing_no"]))) or "—"


def _party(page: Mapping[str, Any], code: str) -> str:
    return next((f"{o['name']}" for o in page["parties"] if o["code"] == code), code)


def _sides_head(page: Mapping[str, Any]) -> list[str]:
    return [f"{one['name']}" for one in page["parties"]]


def _observation_rows(page: Mapping[str, Any]) -> list[list[str]]:
    return [
        [
            one["marker_no"],
            _STATES[one["state"]],
            *(_told(one["sides"].get(party["code"])) for party in page["parties"]),
        ]
        for one in page["observations"]
    ]


def _told(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "—"
    moved = f"{row['distance_m']:.2f} m" if row["distance_m"] is not None else ""
    day = str(row["observed_on"] or "")
    verdict = _judged(row["verdict"])
    return " ".join(filter(None, (day, _word(row["condition"]), verdict, moved)))


def _judged(verdict: str | None) -> str:
    return verdict_words(verdict, "zh") if verdict else ""


def _word(condition: str | None) -> str:
    term = find_term("conditions", condition) if condition else None
    return term.zh if term else condition or ""


def _decision_row(one: Mapping[str, Any]) -> list[str]:
    taken = one["decision"]
    agreed = (taken["agreed_by"] or "").replace("|", "、")
    return [
        one["marker_no"], _word(taken["condition"]), _judged(taken["verdict"]),
        taken["note"], agreed, str(taken["decided_on"] or ""),
    ]  # fmt: skip


def _repair_row(one: Mapping[str, Any]) -> list[str]:
    reason = find_term("marker_states", one["reason"])
    return [
        one["marker_no"], reason.zh if reason else one["reason"], one["managing_party"] or "",
        _REPAIRS[one["state"]], str(one["opened_on"] or ""), str(one["worked_on"] or ""),
        one["witness"] or "", str(one["closed_on"] or ""),
    ]  # fmt: skip


def _map(papers: RoundPapers) -> bytes:
    page = papers.page
    verdicts = {
        one["marker_id"]: (one["decision"] or {}).get("verdict")
        or next((s["verdict"] or "" for s in one["sides"].values()), "")
        for one in page["observations"]
    }
    marks = [
        Mark(one["marker_no"], one["lon"], one["lat"], verdicts.get(one["marker_id"], ""))
        for one in page["route"]
    ]
    shape = shapely.union_all(papers.shapes) if papers.shapes else None
    route = [(one["lon"], one["lat"]) for one in page["route"]]
    return draw_line(Scene(page["round"]["name"], shape, marks, route=route))


def _plot(page: Mapping[str, Any]) -> bytes | None:
    """Displacements in units of their tolerance, east to the right, north up."""
    rows = [
        row
        for one in page["observations"]
        for row in one["sides"].values()
        if row["east_m"] is not None and row["tolerance_m"]
    ]
    if not rows:
        return None
    figure, axes = new_figure(5.0, 4.4)
    turn = np.linspace(0.0, 2.0 * np.pi, 200)
    axes.plot(np.cos(turn), np.sin(turn), color="#57606a", linewidth=1.0)
    for verdict in dict.fromkeys(row["verdict"] for row in rows):
        chosen = [row for row in rows if row["verdict"] == verdict]
        colour, shape = drawn_mark(verdict)
        axes.scatter(
            [row["east_m"] / row["tolerance_m"] for row in chosen],
            [row["north_m"] / row["tolerance_m"] for row in chosen],
            s=22,
            color=colour,
            marker=shape,
            label=legend_words(verdict),
        )
    axes.set_aspect("equal", adjustable="datalim")
    axes.margins(0.2)
    axes.axhline(0.0, color="#d0d7de", linewidth=0.5)
    axes.axvline(0.0, color="#d0d7de", linewidth=0.5)
    axes.set_xlabel(spoken("东向位移 / 限差", "east / tolerance"), **font(fontsize=8))
    axes.set_ylabel(spoken("北向位移 / 限差", "north / tolerance"), **font(fontsize=8))
    axes.legend(prop={"family": font()["family"], "size": 8})
    return png(figure)


def records_xlsx(papers: RoundPapers) -> bytes:
    """The record tables of a round: observations side by side, decisions, repairs, signatures."""
    page = papers.page
    signed = [
        [_party(page, one["party"]), one["name"], one["role"], str(one["signed_on"] or "")]
        for one in page["signatures"]
    ]
    return workbook(
        [
            Sheet("检查记录", ("界桩编号", "结果", *_sides_head(page)), _observation_rows(page)),
            Sheet(
                "核定",
                ("界桩编号", "核定状况", "核定位置结论", "说明", "同意人", "日期"),
                [_decision_row(one) for one in page["observations"] if one["decision"]],
            ),
            Sheet(
                "修复任务",
                ("界桩编号", "原因", "管理方", "状态", "开立", "修复", "见证人", "结案"),
                [_repair_row(one) for one in papers.repairs],
            ),
            Sheet("签字", ("当事方", "签字人", "职务", "日期"), signed),
        ]
    )
