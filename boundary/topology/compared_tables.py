"""A comparison of two sources as XLSX: adjacencies, outlines, lines."""

from boundary.papers import Sheet, workbook
from boundary.papers.workbook import Cell
from boundary.topology.comparing import VERDICTS, Adjacency, LineComparison, OutlineComparison
from boundary.topology.sources import Compared

_LEVELS = {"province": "省级", "prefecture": "地级", "county": "县级"}


def compared_xlsx(found: Compared) -> bytes:
    """Three tables: shared lines of the first source, outlines, and the verdict on each line."""
    names = found.names

    def adjacency(one: Adjacency) -> list[Cell]:
        return [
            one.code_a, names.get(one.code_a, ""), one.code_b, names.get(one.code_b, ""),
            _LEVELS[one.level], round(one.length_m / 1000, 3), one.parts, one.segments,
        ]  # fmt: skip

    def outline(one: OutlineComparison) -> list[Cell]:
        return [
            one.code, names.get(one.code, ""), round(one.first_km2, 4), round(one.second_km2, 4),
            round(one.iou, 4), round(one.median_m, 4), round(one.p95_m, 4), round(one.most_m, 4),
            one.vertices, one.neighbours,
        ]  # fmt: skip

    def line(one: LineComparison) -> list[Cell]:
        return [
            one.code_a, names.get(one.code_a, ""), one.code_b, names.get(one.code_b, ""),
            VERDICTS[one.verdict][0], _number(one.median_m), _number(one.p95_m),
            _number(one.most_m), one.vertices, round(one.changed_km2, 4),
            _number(one.lon, 6), _number(one.lat, 6),
        ]  # fmt: skip

    return workbook(
        [
            Sheet(
                "相邻", ("代码甲", "名称甲", "代码乙", "名称乙", "级别", "公里", "段数", "直线段"),
                [adjacency(one) for one in found.first_lines],
            ),
            Sheet(
                "轮廓",
                ("代码", "名称", "面积一（km²）", "面积二（km²）", "交并比", "中位偏差（米）",
                 "95%偏差（米）", "最大偏差（米）", "顶点数", "邻接数"),
                [outline(one) for one in found.outlines],
            ),
            Sheet(
                "界线",
                ("代码甲", "名称甲", "代码乙", "名称乙", "结论", "中位偏差（米）", "95%偏差（米）",
                 "最大偏差（米）", "顶点数", "变化面积（平方公里）", "经度", "纬度"),
                [line(one) for one in found.lines],
            ),
        ]
    )  # fmt: skip


def _number(value: float, digits: int = 1) -> float | None:
    return None if value != value else round(value, digits)  # noqa: PLR0124 - NaN
