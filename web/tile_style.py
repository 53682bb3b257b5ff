"""A style for MapLibre, Mapbox clients and QGIS: the map's own signs over this service's tiles.

It names no file of another host: names are written in fonts of the reader's own machine, which
the style specification allows where no `glyphs` are named (MapLibre GL JS from 5.11 on).
"""

from typing import Any, Final

from data import Box
from data.reference import NEVER, verdict_sign, verdict_signs
from data.tiles import WEB_MERCATOR
from web.site import Lang

Layer = dict[str, Any]

_SOURCE: Final = "ovoo"
_WIDTHS: Final = {"province": 2.2, "prefecture": 1.6, "county": 1.1, "township": 0.8}
_DASHES: Final[dict[str, list[float]]] = {
    "province": [7, 2, 1, 2], "prefecture": [6, 2, 1, 2], "county": [5, 3], "township": [2, 3],
}  # fmt: skip
_FONTS: Final = ["Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "sans-serif"]


def map_style(root: str, lang: Lang, extent: Box, attribution: str) -> dict[str, Any]:
    """The style document.

    Args:
        root: the service's own address, ending in a slash.
        lang: the language of names, where there is a choice.
        extent: what the data cover.
        attribution: whom they come from.
    """
    source = {
        "type": "vector",
        "url": f"{root}tiles/{WEB_MERCATOR.id}?f=tilejson",
        **({"attribution": attribution} if attribution else {}),
    }
    return {
        "version": 8,
        "name": "Ovoo 敖包",
        "center": [(extent.min_x + extent.max_x) / 2, (extent.min_y + extent.max_y) / 2],
        "zoom": 4,
        "sources": {_SOURCE: source},
        "layers": [
            {"id": "background", "type": "background", "paint": {"background-color": "#eef1f4"}},
            *_areas(),
            *[_line(level) for level in reversed(_WIDTHS)],
            _points("places", 2.4, "#5b6573"),
            _points("signs", 2.6, "#2b6cb0"),
            _points("heritage", 3.6, "#8a3b12"),
            _markers(),
            _names("divisions_labels", lang, 14.0, [0, 0], "center"),
            _names("places", lang, 11.0, [0.6, 0], "left"),
        ],
    }


def _name(lang: Lang) -> list[Any]:
    chinese: list[Any] = ["get", "name"]
    if lang != "en":
        return chinese
    # QGIS leaves out labels by "coalesce".
    return ["case", ["has", "romanization"], ["get", "romanization"], chinese]


def _names(layer: str, lang: Lang, size_px: float, offset_em: list[float], anchor: str) -> Layer:
    """Names, the most important first: those that would cover one another give way."""
    return {
        "id": f"{layer}-names", "type": "symbol", "source": _SOURCE, "source-layer": layer,
        "layout": {
            "text-field": _name(lang), "text-font": _FONTS, "text-size": size_px,
            "text-offset": offset_em, "text-anchor": anchor,
            "symbol-sort-key": ["-", 0, ["get", "importance"]],
        },
        "paint": {"text-color": "#33383e", "text-halo-color": "#ffffff", "text-halo-width": 1.4},
    }  # fmt: skip


def _areas() -> list[Layer]:
    common = {"source": _SOURCE, "source-layer": "divisions"}
    inside = ["==", ["get", "in_region"], True]
    return [
        {
            **common, "id": "divisions", "type": "fill",
            "filter": ["all", ["==", ["get", "level"], "region"], inside],
            "paint": {"fill-color": "#fbfaf5"},
        },
        {
            **common, "id": "divisions-edge", "type": "line",
            "paint": {"line-color": "#d8cfc0", "line-width": ["interpolate", ["linear"],
                      ["get", "importance"], 50, 1, 200, 5]},
        },
    ]  # fmt: skip


def _line(level: str) -> Layer:
    return {
        "id": f"lines-{level}", "type": "line", "source": _SOURCE, "source-layer": "lines",
        "filter": ["==", ["get", "level"], level],
        "paint": {
            "line-color": "#7a4b6a", "line-width": _WIDTHS[level],
            "line-dasharray": _DASHES[level],
        },
    }  # fmt: skip


def _points(layer: str, radius_px: float, color: str) -> Layer:
    return {
        "id": layer, "type": "circle", "source": _SOURCE, "source-layer": layer,
        "paint": {
            "circle-radius": radius_px, "circle-color": color,
            "circle-stroke-color": "#ffffff", "circle-stroke-width": 1,
        },
    }  # fmt: skip


def _markers() -> Layer:
    signs = [sign for sign in verdict_signs() if sign.code != NEVER]
    colors = [part for sign in signs for part in (sign.code, sign.colour)]
    never = verdict_sign(NEVER).colour
    made = _points("markers", 4.5, never)
    made["paint"]["circle-color"] = ["match", ["get", "verdict"], *colors, never]
    return made
