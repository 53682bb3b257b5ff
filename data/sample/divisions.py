"""Division records: the region, its prefectures and counties, and the counties beside them."""

from collections.abc import Mapping
from typing import Final

from shapely import MultiPolygon

from data.reference import division
from data.sample.coverage import dissolve
from data.sample.packages import SampleInput
from data.sample.records import DivisionRecord

LEVELS: Final = ("region", "prefecture", "county")
_DIGITS: Final = {"region": 2, "prefecture": 4, "county": 6}


def code_at(level: str, code: str) -> str:
    """The code of the division of that level to which a county belongs (GB/T 2260).

    >>> code_at("prefecture", "152522"), code_at("region", "152522")
    ('152500', '150000')
    """
    return code[: _DIGITS[level]].ljust(6, "0")


def build_divisions(
    source: SampleInput, shapes: Mapping[str, MultiPolygon], region_code: str
) -> tuple[DivisionRecord, ...]:
    """Every division of the region, parents first, then the neighbouring counties.

    Args:
        source: outlines and names.
        shapes: county polygons by 6-digit code, the region's and its neighbours'.
        region_code: 6-digit code of the region.
    """
    names = source.names | {outline.code: outline.name for outline in source.outlines}
    inside = {code: shape for code, shape in shapes.items() if in_region(code, region_code)}
    records = []
    for level in LEVELS:
        groups: dict[str, list[MultiPolygon]] = {}
        for code, shape in inside.items():
            groups.setdefault(code_at(level, code), []).append(shape)
        records += [
            _record(source, code, level, names, parts[0] if len(parts) == 1 else dissolve(parts))
            for code, parts in sorted(groups.items())
        ]
    beside = {code: shape for code, shape in shapes.items() if code not in inside}
    records += [
        _record(source, code, "county", names, shape, own=False) for code, shape in beside.items()
    ]
    return tuple(records)


def in_region(code: str, region_code: str) -> bool:
    """Whether a county's code lies in the region."""
    return code_at("region", code) == region_code


def _record(
    source: SampleInput,
    code: str,
    level: str,
    names: Mapping[str, str],
    shape: MultiPolygon,
    *,
    own: bool = True,
) -> DivisionRecord:
    """One record; the code table's name and romanization stand before the outline's name."""
    listed = division(code)
    outline = f"outline {source.outline_source}"
    parent = {"region": "", "prefecture": "region", "county": "prefecture"}[level]
    return DivisionRecord(
        code=code,
        name=listed.name if listed else names.get(code, code),
        level=level,
        romanization=listed.romanization if listed else "",
        romanization_mark=listed.romanization_mark if listed else "",
        parent_code=code_at(parent, code) if parent else "",
        in_region=own,
        source=f"{listed.source}; {outline}" if listed else f"name and {outline}",
        licence=source.outline_licence,
        geom=shape,
    )
