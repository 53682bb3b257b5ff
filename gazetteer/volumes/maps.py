"""A division drawn: outline, parts, neighbours, names, scale, north (行政区划图).

Order 353, Art 14: drawings like this are no reference for a boundary; each says so.
"""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import shapely
from sqlalchemy import Connection, select

from data import styles_as_attributes
from gazetteer.errors import FontsMissing
from gazetteer.search.lexicon import DivisionEntry, Lexicon
from gazetteer.tables import division
from gazetteer.volumes.entries import Book

NO_REFERENCE: Final = "本图界线不作为划界依据 Boundaries on this map are no reference"
_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".fonts"))
_FONTS: Final = {
    "NotoSansCJK-Regular.ttc": "fonts-noto-cjk",
    "NotoSansMongolian-Regular.ttf": "fonts-noto-core",
}
_PALETTE: Final = ("#f6e7c1", "#dcead0", "#d5e4ef", "#f3d9d3", "#e6dcf0", "#fdeccd", "#d3ebe5")
_ZONE_DEG: Final = 3.0
_STEPS_KM: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_MOST_LABELS: Final = 160


@dataclass(frozen=True, slots=True)
class Notice:
    """What a map says of its lines (Order 353, Art 14).

    Attributes:
        official: the official drawing (详图) that its lines follow, as the office names it; empty
            for a map of the register's own shapes, which is no reference for a boundary.
        review_number: the number of its review (审图号), where the office has one.
    """

    official: str = ""
    review_number: str = ""

    @property
    def text(self) -> str:
        """The sentence under the map.

        >>> Notice("自治区行政区域界线详图集", "蒙S(2026)001号").text
        '本图界线依据 Boundaries after：自治区行政区域界线详图集　审图号：蒙S(2026)001号'
        """
        said = f"本图界线依据 Boundaries after：{self.official}" if self.official else NO_REFERENCE
        return f"{said}　审图号：{self.review_number}" if self.review_number else said


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a map shows: shapes in degrees by name and code."""

    own: Any
    parts: list[tuple[str, str, Any]]
    around: list[tuple[str, Any]]
    mongolian: dict[str, str]


@cache
def fonts() -> dict[str, Path]:
    """The fonts that a map needs, where this machine has them.

    Raises:
        FontsMissing: naming the packages to install.
    """
    found: dict[str, Path] = {}
    for name in _FONTS:
        for folder in _FOLDERS:
            match = next(iter(sorted(Path(folder).rglob(name))), None)
            if match:
                found.setdefault(name, match)
    missing = sorted({package for name, package in _FONTS.items() if name not in found})
    if missing:
        raise FontsMissing(missing)
    return found


def read_sheet(connection: Connection, lexicon: Lexicon, known: DivisionEntry) -> Sheet:
    """The shapes of a division, of its parts and of the divisions around it."""
    c = division.c
    rows = connection.execute(
        select(c.code, c.name, c.level, c.parent_code, c.geom).where(
            c.geom.is_not(None), c.valid_to.is_(None)
        )
    ).all()
    shapes = {row.code: (row, shapely.from_wkb(row.geom)) for row in rows}
    own = shapes[known.code][1] if known.code in shapes else None
    below = lexicon.children.get(known.code, frozenset())
    parts = [(code, shapes[code][0].name, shapes[code][1]) for code in sorted(below & set(shapes))]
    around = [
        (row.name, shape)
        for code, (row, shape) in sorted(shapes.items())
        if row.level == known.level and code != known.code and own is not None
        and shape.intersects(own.buffer(0.02))
    ]  # fmt: skip
    return Sheet(own, parts, around, {})


def projection_of(bounds: tuple[float, float, float, float]) -> str:
    """A projection that fits: the Gauss-Krüger meridian nearby, for a wide division Albers.

    >>> projection_of((111, 40, 113, 42)).split()[0]
    '+proj=tmerc'
    """
    west, south, east, north = bounds
    middle = (west + east) / 2
    if east - west <= 2 * _ZONE_DEG:
        meridian = round(middle / _ZONE_DEG) * _ZONE_DEG
        return f"+proj=tmerc +lon_0={meridian} +k=1 +x_0=500000 +ellps=GRS80 +units=m"
    rise = (north - south) / 6
    return (
        f"+proj=aea +lat_1={south + rise:.2f} +lat_2={north - rise:.2f}"
        f" +lat_0={(south + north) / 2:.2f} +lon_0={middle:.2f} +ellps=GRS80 +units=m"
    )


def draw(
    book: Book, sheet: Sheet, kind: str, notice: Notice = Notice(), *, index: bool = True
) -> bytes:
    """The map as `pdf`, `svg` or `png`; with an index of names beside it."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fonts()
    with mpl.rc_context(
        {"svg.hashsalt": "ovoo", "font.family": "Noto Sans CJK SC", "pdf.fonttype": 3}
    ):
        figure = Figure(figsize=(16.5, 11.7) if index else (11.0, 8.6))
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.03, 0.06, 0.72 if index else 0.94, 0.84))
        _draw_map(axes, book, sheet)
        figure.text(0.03, 0.94, f"{book.division.name}行政区划图", fontsize=26, weight="bold")
        figure.text(0.03, 0.915, " › ".join(book.path), fontsize=10, color="#555555")
        color = "#333333" if notice.official else "#8a1f14"
        figure.text(0.03, 0.025, notice.text, fontsize=9, color=color)
        if index:
            _draw_index(figure, book, sheet)
        file = io.BytesIO()
        metadata = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {}}[kind]
        figure.savefig(file, format=kind, dpi=150, metadata=metadata)
    return styles_as_attributes(file.getvalue()) if kind == "svg" else file.getvalue()


def _draw_map(axes: Any, book: Book, sheet: Sheet) -> None:
    import geopandas

    shapes = [shape for _, _, shape in sheet.parts] or ([sheet.own] if sheet.own else [])
    axes.set_aspect("equal")
    axes.set_axis_off()
    if not shapes:
        axes.text(0.5, 0.5, "登记中没有该区划的图形", ha="center", fontsize=16)
        return
    own = geopandas.GeoSeries([sheet.own or shapes[0]], crs="EPSG:4490")
    west, south, east, north = map(float, own.total_bounds)
    target = projection_of((west, south, east, north))
    flat = own.to_crs(target)
    west, south, east, north = flat.total_bounds
    room = 0.07 * max(east - west, north - south)
    axes.set_xlim(west - room, east + room)
    axes.set_ylim(south - room, north + room)
    _draw_around(axes, sheet, target)
    parts = geopandas.GeoSeries(shapes, crs="EPSG:4490").to_crs(target)
    colours = [_PALETTE[n % len(_PALETTE)] for n in range(len(parts))]
    parts.plot(ax=axes, color=colours, edgecolor="#9a8aa5", linewidth=0.7, zorder=2)
    flat.boundary.plot(ax=axes, color="#75517f", linewidth=2.2, zorder=3)
    if sheet.parts:
        _label_parts(axes, sheet, parts)
    _draw_places(axes, book, target)
    _draw_scale(axes, (west - room, south - room, east + room, north + room))


def _draw_around(axes: Any, sheet: Sheet, target: str) -> None:
    import geopandas

    if not sheet.around:
        return
    around = geopandas.GeoSeries([shape for _, shape in sheet.around], crs="EPSG:4490")
    flat = around.to_crs(target)
    flat.plot(ax=axes, color="#f2efe8", edgecolor="#c9c2b4", linewidth=0.8, zorder=1)
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    frame = shapely.box(west, south, east, north)
    for (name, _), shape in zip(sheet.around, flat, strict=True):
        seen = shape.intersection(frame)
        if not seen.is_empty and seen.area > 0.004 * frame.area:
            point = seen.representative_point()
            axes.text(point.x, point.y, name, fontsize=9, color="#8c8578", ha="center", zorder=4)


def _label_parts(axes: Any, sheet: Sheet, parts: Any) -> None:
    for (code, name, _), shape in zip(sheet.parts, parts, strict=True):
        point = shape.representative_point()
        axes.text(
            point.x, point.y, name, fontsize=11, weight="bold", ha="center", va="center",
            color="#3b3340", zorder=6,
        )  # fmt: skip
        if code in sheet.mongolian:
            _upright(axes, point.x, point.y, sheet.mongolian[code], 11)


def _upright(axes: Any, x: float, y: float, text: str, size: float) -> None:
    """A Mongolian word from top to bottom: shaped along the line, then turned clockwise."""
    from matplotlib.font_manager import FontProperties

    font = FontProperties(fname=str(fonts()["NotoSansMongolian-Regular.ttf"]), size=size)
    axes.annotate(
        text, (x, y), xytext=(0, -9), textcoords="offset points", rotation=-90,
        fontproperties=font, ha="center", va="top", color="#3b3340", zorder=6,
    )  # fmt: skip


def _draw_places(axes: Any, book: Book, target: str) -> None:
    from pyproj import Transformer

    placed = [one for one in book.entries if one.lon is not None and one.category_code[:2] != "21"]
    if not placed:
        return
    turned = Transformer.from_crs("EPSG:4490", target, always_xy=True)
    xs, ys = turned.transform([one.lon for one in placed], [one.lat for one in placed])
    axes.scatter(xs, ys, s=9, color="#37474f", zorder=5, linewidths=0)
    if len(placed) > _MOST_LABELS:
        return
    for one, x, y in zip(placed, xs, ys, strict=True):
        axes.annotate(one.name, (x, y), xytext=(3, 3), textcoords="offset points", fontsize=7,
                      color="#37474f", zorder=5)  # fmt: skip
        if one.mongolian:
            _upright(axes, x, y, one.mongolian, 8)


def _draw_scale(axes: Any, box: tuple[float, float, float, float]) -> None:
    west, south, east, north = box
    width = east - west
    length_km = max(step for step in _STEPS_KM if step * 1000 <= max(width * 0.25, 1000))
    length, x, y = length_km * 1000, west + width * 0.03, south + (north - south) * 0.03
    axes.plot([x, x + length], [y, y], color="#23282d", linewidth=3, zorder=8)
    axes.plot([x, x + length / 2], [y, y], color="#ffffff", linewidth=1.4, zorder=9)
    axes.text(x, y + width * 0.008, "0", fontsize=9, ha="center", zorder=8)
    axes.text(x + length, y + width * 0.008, f"{length_km} km", fontsize=9, ha="center", zorder=8)
    top = north - (north - south) * 0.03
    x = east - width * 0.04
    arrow = {"arrowstyle": "-|>", "linewidth": 1.6, "color": "#23282d"}
    axes.annotate("", (x, top - width * 0.02), (x, top - width * 0.09), arrowprops=arrow, zorder=8)
    axes.text(x, top, "N", fontsize=14, ha="center", va="center", zorder=8)


def _draw_index(figure: Any, book: Book, sheet: Sheet) -> None:
    """Legend and index of names, in columns on the right."""
    axes = figure.add_axes((0.77, 0.06, 0.21, 0.84))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.text(0, 0.985, "图例", fontsize=13, weight="bold")
    legend = (("#75517f", 2.2, "本区划界线"), ("#9a8aa5", 0.8, "所辖区划界线"))
    for number, (colour, width, words) in enumerate(legend):
        y = 0.96 - number * 0.022
        axes.plot([0, 0.12], [y, y], color=colour, linewidth=width)
        axes.text(0.16, y, words, fontsize=9, va="center")
    axes.scatter([0.06], [0.916], s=12, color="#37474f")
    axes.text(0.16, 0.916, "地名", fontsize=9, va="center")
    axes.text(0, 0.875, "地名索引", fontsize=13, weight="bold")
    names = [name for _, name, _ in sheet.parts] or [one.name for one in book.entries]
    shown = names[: 2 * 48]
    for number, name in enumerate(shown):
        column, row = divmod(number, 48)
        axes.text(column * 0.5, 0.85 - row * 0.0175, name[:12], fontsize=8)
    if len(names) > len(shown):
        axes.text(0, 0.0, f"… 共 {len(names)} 个", fontsize=8)
