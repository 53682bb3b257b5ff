"""Draft agreement and tables for lines after a change of divisions (DOCX, XLSX)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import shapely
from pyproj import Geod

from boundary.changes.reading import Previewed
from boundary.changes.values import KINDS, MARKER_KINDS, LineEffect
from boundary.lines.course import draft_course
from boundary.lines.wording import describe
from boundary.papers import Mark, Scene, Sheet, draw_line, workbook
from boundary.papers.workbook import Cell
from boundary.topology.planes import run_of
from boundary.topology.values import metres_zh
from data.coordinates import GRS80
from data.documents import REPORT, Document

_LEVELS = {"province": "省级", "prefecture": "地级", "county": "县级", "township": "乡级"}
_MAP_CM = 14.0
_GEOD = Geod(a=GRS80.semi_major_m, rf=GRS80.inverse_flattening)


def changes_docx(seen: Previewed, made_at: datetime) -> bytes:
    """A draft agreement (协议书草稿): lines before and after, markers, surveys, signatures."""
    steps = seen.changes.steps
    document = Document("行政区划变更涉及界线变更协议书（草稿）", made_at, look=REPORT)
    document.text(
        f"依据 {steps.document or '行政区划变更决定'}（自 {steps.effective_on} 起）。"
        "本稿由登记簿与轮廓推算，须经各方勘定、签订并报备案后生效（条例第九条）。"
    )
    for number, effect in enumerate(seen.changes.effects, start=1):
        _tell(document, seen, effect, number)
    document.heading("勘定事项")
    document.table(
        ("序号", "事项"),
        [[str(k), zh] for k, (zh, _) in enumerate(seen.changes.surveys, start=1)] or [["—", "无"]],
        (1.0, 8.0),
    )
    if seen.changes.undecided:
        document.heading("不能推定的界线")
        document.table(("界线", "原因"), [[str(k), zh] for k, zh, _ in seen.changes.undecided],
                       (1.0, 8.0))  # fmt: skip
    document.heading("各方签字")
    parties = sorted({code for one in seen.changes.effects for code in _parties(one)})
    document.table(
        ("当事方", "代表", "职务", "日期", "盖章"),
        [[seen.names.get(code, code), "", "", "", ""] for code in parties]
        or [["", "", "", "", ""]],
        small=False,
    )
    return document.content()


def _parties(effect: LineEffect) -> Sequence[str]:
    return effect.parties or tuple(code for piece in effect.pieces for code in piece.parties)


def _named(codes: Sequence[str], names: Mapping[str, str]) -> str:
    return "—".join(f"{names.get(code, code)}（{code}）" for code in codes) or "无"


def _tell(document: Document, seen: Previewed, effect: LineEffect, number: int) -> None:
    old, names = effect.line, seen.names
    title = old.name if old else f"{_named(effect.parties, names)} 新界线"
    document.heading(f"{number}. {title}：{KINDS[effect.kind][0]}", 2)
    before = (_named(old.parties, names), _LEVELS[old.level]) if old else ("无", "—")
    ended = ("见下表", "") if effect.pieces else ("无（终止）", "")
    after = (_named(effect.parties, names), _LEVELS[effect.level]) if effect.parties else ended
    document.form(
        [
            ("原当事方", before[0], "原级别", before[1]),
            ("现当事方", after[0], "现级别", after[1]),
        ],
        (1.0, 3.0, 0.8, 0.8),
    )  # fmt: skip
    if effect.pieces:
        document.table(
            ("代码（暂定）", "当事方", "级别", "长度", "来源"),
            [
                [
                    piece.code or "待定", _named(piece.parties, names), _LEVELS[piece.level],
                    metres_zh(float(_GEOD.geometry_length(piece.shape))),
                    "原协议界线" if piece.agreed else "按轮廓草拟，须勘定",
                ]
                for piece in effect.pieces
            ],
        )  # fmt: skip
        for piece in effect.pieces:
            if not piece.agreed:
                course = draft_course(shapely.MultiLineString(run_of(piece.shape)), (), GRS80)
                document.text(f"走向说明（草稿）：{describe(course[0])}")
                scene = Scene(_named(piece.parties, names), piece.shape, ())
                document.picture(draw_line(scene), _MAP_CM, "示意图，非标准画法，不作划界依据")
    if effect.markers:
        document.table(
            ("界桩编号", "处理", "现界线代码"),
            [
                [one.marker.marker_no, MARKER_KINDS[one.kind][0], one.line_code or "—"]
                for one in effect.markers
            ],
        )
    if old and effect.markers:
        marks = [Mark(m.marker.marker_no, m.marker.lon, m.marker.lat) for m in effect.markers]
        document.picture(
            draw_line(Scene(old.name, old.shape, marks)), _MAP_CM, "原界线与界桩（示意）"
        )


def changes_xlsx(seen: Previewed) -> bytes:
    """The tables: lines, pieces, markers, surveys."""
    names = seen.names
    effects = seen.changes.effects
    lines: list[list[Cell]] = [
        [
            one.line.code if one.line else "", one.line.name if one.line else "",
            KINDS[one.kind][0], _named(one.line.parties, names) if one.line else "",
            _named(one.parties, names) if one.parties else "",
            _LEVELS[one.line.level] if one.line else "", _LEVELS[one.level],
        ]
        for one in effects
    ]  # fmt: skip
    pieces: list[list[Cell]] = [
        [
            one.line.name if one.line else "", piece.code or "待定", _named(piece.parties, names),
            _LEVELS[piece.level], round(float(_GEOD.geometry_length(piece.shape)), 1),
            "原协议界线" if piece.agreed else "按轮廓草拟，须勘定",
        ]
        for one in effects
        for piece in one.pieces
    ]  # fmt: skip
    markers: list[list[Cell]] = [
        [
            one.line.name if one.line else "", m.marker.marker_no, MARKER_KINDS[m.kind][0],
            m.line_code or "", m.marker.lon, m.marker.lat,
        ]
        for one in effects
        for m in one.markers
    ]  # fmt: skip
    surveys: list[list[Cell]] = [[zh] for zh, _ in seen.changes.surveys]
    return workbook(
        [
            Sheet(
                "界线", ("代码", "界线", "变更", "原当事方", "现当事方", "原级别", "现级别"), lines
            ),
            Sheet(
                "分段与新界线",
                ("原界线", "代码（暂定）", "当事方", "级别", "长度（米）", "来源"),
                pieces,
            ),
            Sheet("界桩", ("原界线", "界桩编号", "处理", "现界线代码", "经度", "纬度"), markers),
            Sheet("勘定事项", ("事项",), surveys),
        ]
    )
