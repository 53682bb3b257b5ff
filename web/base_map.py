"""The base map that an office has chosen (底图): tiles of a web map tile service of another host.

Its address and key are settings, never part of the program. The page's policy opens for the
pictures of that host alone. A base map in GCJ-02 lies some hundred metres off: only one in
CGCS2000 or WGS 84 fits. Pure.
"""

import re
from dataclasses import dataclass
from typing import Self

from data import InvalidValue

MERCATOR, DEGREES = "mercator", "degrees"
_NAMES = {"TileMatrix": "z", "TileRow": "y", "TileCol": "x"}
_NEEDED = frozenset("zyx")
_SITE = re.compile(
    r"(https?)://([A-Za-z0-9.-]*(?:\{([0-9a-z])-([0-9a-z])\})?[A-Za-z0-9.-]*(?::\d+)?)/"
)
_KEY = re.compile(r"[A-Za-z0-9_.~-]{0,200}")


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A base map.

    Attributes:
        url: the address of a tile with `{z}`, `{y}`, `{x}`; `{0-7}` stands for several hosts.
        grid: `mercator` (EPSG:3857), or `degrees` (EPSG:4490, level n has 2^n tiles around).
        credit: whom to name on the map.
        sites: the hosts that its pictures come from.
    """

    url: str
    grid: str
    credit: str
    sites: tuple[str, ...]

    @classmethod
    def parse(cls, template: str, key: str, grid: str, credit: str) -> Self | None:
        """Read the settings; None where no base map is set.

        Args:
            template: an address with `{TileMatrix}`, `{TileRow}`, `{TileCol}` (or `{z}`, `{y}`,
                `{x}`) and `{key}`.
            key: what stands for `{key}`.
            grid: `mercator` or `degrees`.
            credit: whom to name, with the number of the map's approval (审图号) where it has one.

        Raises:
            InvalidValue: naming the setting.

        >>> parsed = BaseMap.parse("https://t{0-1}.example.org/{z}/{y}/{x}?tk={key}", "k", "", "")
        >>> parsed.url, parsed.sites if parsed else None
        ('https://t{0-1}.example.org/{z}/{y}/{x}?tk=k', ('https://t0.example.org', 'https://t1.example.org'))
        """
        if not template:
            return None
        if not _KEY.fullmatch(key):
            raise InvalidValue(
                "OVOO_BASE_MAP_KEY", "…", "letters and digits", "copy the key anew",
                "OVOO_BASE_MAP_KEY 只含字母和数字；请重新复制",
            )  # fmt: skip
        if grid not in {"", MERCATOR, DEGREES}:
            raise InvalidValue(
                "OVOO_BASE_MAP_GRID", grid, "it is mercator or degrees", "set one of these",
                "OVOO_BASE_MAP_GRID 应为 mercator 或 degrees",
            )  # fmt: skip
        url = template.replace("{key}", key)
        for name, short in _NAMES.items():
            url = url.replace(f"{{{name}}}", f"{{{short}}}")
        site = _SITE.match(url)
        if site is None or not all(f"{{{name}}}" in url for name in _NEEDED):
            raise InvalidValue(
                "OVOO_BASE_MAP", template, "an address with {TileMatrix}, {TileRow} and {TileCol}",
                "give one such as https://host/wmts?…&TILEMATRIX={TileMatrix}&tk={key}",
                "OVOO_BASE_MAP 应为含 {TileMatrix}、{TileRow}、{TileCol} 的地址",
            )  # fmt: skip
        return cls(url, grid or MERCATOR, credit, _sites(*site.groups()))

    @property
    def policy(self) -> str:
        """What the page's policy says of pictures."""
        return f"img-src 'self' data: blob: {' '.join(self.sites)}"


def _sites(scheme: str, host: str, first: str | None, last: str | None) -> tuple[str, ...]:
    if first is None or last is None:
        return (f"{scheme}://{host}",)
    span = f"{{{first}-{last}}}"
    letters = [chr(code) for code in range(ord(first), ord(last) + 1)]
    return tuple([f"{scheme}://{host.replace(span, letter)}" for letter in letters])
