"""Marker sheets (界桩登记表) and tables of markers (界桩成果表) as DOCX and XLSX."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from boundary.markers.sheets import RESULT_FIELDS, SheetRow, heading, sheet_fields
from boundary.papers import Sheet, draw_sketch, workbook
from data.documents import REPORT, Document
from data.reference import restoration_kind

_SKETCH_CM, _PHOTO_CM = 9.0, 11.0
_PARTIES = (("a", "甲方"), ("b", "乙方"), ("c", "丙方"))
_AZIMUTHS = {"grid": "坐标方位角", "magnetic": "磁方位角", "true": "真方位角"}
_SYNTHETIC = "本表含合成示例数据，不是真实界桩。Synthetic sample data."


def sheets_xlsx(rows: Sequence[SheetRow], *, codes: bool = False) -> bytes:
    """Marker sheets as one table, a row each, that can be loaded again.

    Args:
        rows: the markers.
        codes: heads by the short codes of the census databases where there are any.
    """
    fields = sheet_fields()
    table = [[row.values[field.name] or None for field in fields] for row in rows]
    header = [heading(field, codes=codes) for field in fields]
    return workbook([Sheet("界桩登记表", header, table)])


def results_xlsx(rows: Sequence[SheetRow], *, codes: bool = False) -> bytes:
    """A line's table of markers (界桩成果表) as XLSX."""
    fields = sheet_fields(RESULT_FIELDS)
    table = [[row.values[field.name] or None for field in fields] for row in rows]
    header = [heading(field, codes=codes) for field in fields]
    return workbook([Sheet("界桩成果表", header, table)])


def results_docx(title: str, rows: Sequence[SheetRow], made_at: datetime) -> bytes:
    """A line's table of markers (界桩成果表) as DOCX, on lying pages."""
    document = Document(f"{title}界桩成果表", made_at, landscape=True, look=REPORT)
    header = ("界桩编号", "类型", "经度", "纬度", "纵坐标 X（米）", "横坐标 Y（米）", "高程（米）",
              "图幅号", "所在地", "备注")  # fmt: skip
    table = [
        [
            row.values["marker_no"],
            "".join(filter(None, (row.values["kind"], row.values["faces"]))),
            _dms(row.values["lon"]),
            _dms(row.values["lat"]),
            row.values["x_north"],
            row.values["y_east"],
            row.values["height_m"],
            row.values["sheet_no"],
            "；".join(filter(None, (row.values[f"location{n}"] for n in (1, 2, 3)))),
            row.values["remark"],
        ]
        for row in rows
    ]
    document.table(header, table, (1.0, 1.4, 1.6, 1.6, 1.25, 1.35, 0.9, 0.9, 1.8, 1.3))
    systems = "、".join(dict.fromkeys(row.values["crs"] for row in rows if row.values["crs"]))
    datums = "、".join(
        dict.fromkeys(row.values["height_datum"] for row in rows if row.values["height_datum"])
    )
    document.note(
        f"坐标系：{systems or '—'}；平面坐标为各界桩所在 3 度带高斯-克吕格坐标，横坐标含带号。"
        f"高程基准：{datums or '未注明'}。共 {len(rows)} 颗。",
    )
    _say_synthetic(document, rows)
    return document.content()


def sheets_docx(
    rows: Sequence[SheetRow],
    histories: Mapping[int, Sequence[Mapping[str, Any]]],
    pictures: Mapping[int, Sequence[tuple[bytes, str]]],
    made_at: datetime,
    names: Mapping[str, str],
) -> bytes:
    """Marker sheets (界桩登记表) as DOCX, each on its own page.

    Args:
        rows: the markers.
        histories: versions by marker id, as `history_of` gives them.
        pictures: public copies of photographs with captions, by marker id.
        made_at: when the document is made.
        names: names of divisions by code.
    """
    document = Document("界桩登记表", made_at, look=REPORT)
    for number, row in enumerate(rows):
        if number:
            document.new_page()
        identity = row.record["id"]
        _sheet(document, row, histories.get(identity, ()), pictures.get(identity, ()), names)
    return document.content()


def _sheet(
    document: Document,
    row: SheetRow,
    history: Sequence[Mapping[str, Any]],
    pictures: Sequence[tuple[bytes, str]],
    names: Mapping[str, str],
) -> None:
    value = row.values
    document.form(_head(value), (1.1, 1.6, 1.1, 1.6, 1.0, 1.4))
    document.heading("方位物", 3)
    document.table(("序号", "名称或位置", "方位角", "方位角类型", "距离（米）"), _ties(row))
    document.form(
        [
            ("位置描述", value["position_description"]),
            (
                "变更历史记录",
                "\n".join(filter(None, (value["change_history"], *map(_told, history)))),
            ),
            ("备注", value["remark"]),
        ],
        (1.0, 5.0),
    )
    document.heading("签字", 3)
    document.table(
        ("当事方", "行政区", "技术人员", "勘界办人员", "签字日期"),
        [
            [name, _division(value[f"party_{party}"], names)]
            + [value[f"{field}_{party}"] for field in _SIGNED]
            for party, name in _PARTIES
        ],
    )
    document.form([("登记时间", value["registered_on"], "托管", value["custody"], "托管单位",
                    value["custody_unit"])])  # fmt: skip
    sketch = draw_sketch(value["marker_no"], [dict(tie) for tie in row.ties])
    if sketch is not None:
        document.picture(sketch, _SKETCH_CM, "位置略图（按登记的方位角与距离绘制）")
    for content, caption in pictures:
        document.picture(content, _PHOTO_CM, caption)
    _say_synthetic(document, [row])


_SIGNED = ("technician", "official", "signed_on")


def _division(code: str, names: Mapping[str, str]) -> str:
    return f"{names[code]}（{code}）" if code in names else code


def _head(value: Mapping[str, str]) -> list[Sequence[str]]:
    return [
        ("界桩编号", value["marker_no"], "界桩代码", value["marker_code"], "界桩名称",
         value["marker_name"]),
        ("空间标识码", value["spatial_id"], "界线代码", value["line_code"], "界线名称",
         value["line_name"]),
        ("界桩等级", value["level"], "界桩类型", value["kind"], "面型", value["faces"]),
        ("材质", value["material"], "物联网", value["smart"], "管理方", value["managing_party"]),
        ("经度", _dms(value["lon"]), "纬度", _dms(value["lat"]), "坐标系", value["crs"]),
        ("纵坐标 X", value["x_north"], "横坐标 Y", value["y_east"], "图幅号", value["sheet_no"]),
        ("高程（米）", value["height_m"], "高程基准", value["height_datum"], "测量日期",
         value["surveyed_on"]),
        ("测量方法", value["survey_method"], "中误差（米）", value["sigma_m"], "限差（米）",
         value["tolerance_m"]),
        ("所在地 1", value["location1"]),
        ("所在地 2", value["location2"]),
        ("所在地 3", value["location3"]),
    ]  # fmt: skip


def _ties(row: SheetRow) -> list[list[str]]:
    return [
        [
            str(tie["ordinal"]),
            tie["name"],
            "" if tie["azimuth_deg"] is None else _azimuth(tie["azimuth_deg"]),
            _AZIMUTHS.get(tie["azimuth_kind"] or "", ""),
            "" if tie["distance_m"] is None else f"{tie['distance_m']:g}",
        ]
        for tie in row.ties
    ] or [["—", "未登记", "", "", ""]]


def _told(version: Mapping[str, Any]) -> str:
    kind = restoration_kind(version["kind"])
    parts = [
        str(version["happened_on"]),
        kind.zh if kind else version["kind"],
        f"参加方 {'、'.join(version['parties'])}" if version["parties"] else "",
        f"见证人 {version['witness']}" if version["witness"] else "",
        f"依据 {version['agreement']}" if version["agreement"] else "",
        f"测量 {version['survey_method']}" if version["survey_method"] else "",
    ]
    return "，".join(filter(None, parts))


def _dms(text: str) -> str:
    """Degrees as degrees, minutes and seconds with four decimals (3 mm).

    >>> _dms("112.000000001"), _dms("40.999999999")
    ('112°00′00.0000″', '41°00′00.0000″')
    """
    if not text:
        return ""
    units = round(abs(float(text)) * 36_000_000)
    degrees, rest = divmod(units, 36_000_000)
    minutes, seconds = divmod(rest, 600_000)
    return f"{'-' if float(text) < 0 else ''}{degrees}°{minutes:02d}′{seconds / 10_000:07.4f}″"


def _azimuth(azimuth_deg: float) -> str:
    """An azimuth in degrees, minutes and seconds.

    >>> _azimuth(280.5), _azimuth(359.99999)
    ('280°30′00″', '0°00′00″')
    """
    minutes, seconds = divmod(round(azimuth_deg * 3600) % 1_296_000, 60)
    return f"{minutes // 60}°{minutes % 60:02d}′{seconds:02d}″"


def _say_synthetic(document: Document, rows: Sequence[SheetRow]) -> None:
    if any(row.record["synthetic"] for row in rows):
        document.note(_SYNTHETIC)
