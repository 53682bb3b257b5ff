"""Which marker a row means: by its printed number, or by position where the number is missing.

Distances are straight lines between earth-centred positions: nearest in raw degrees is wrong for
2 to 9 points in a hundred at these latitudes.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.coordinates import Ellipsoid, earth_centred_m

Floats = NDArray[np.float64]
MatchKind = Literal["number", "nearest", "none"]
_NOISE = re.compile(r"[\s\-_·.#/\\（）()]|界桩|号|NO", re.IGNORECASE)
_TYPE_LETTER = re.compile(r"^(\d{4,})[a-eq]$")


def number_key(text: str) -> str:
    """A printed number as it is compared: width, case, spaces and hyphens folded; never stored.

    Examples:
        >>> number_key("１５２１００１Ｑ") == number_key("1521-001 q")
        True
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


@dataclass(frozen=True, slots=True)
class Named:
    """What the index needs of a marker: printed number, line code and name."""

    marker_no: str
    line_code: str = ""
    line_name: str = ""


@dataclass(frozen=True, slots=True)
class NearestMatches:
    """For each point: index of the nearest marker, its distance in metres and d₂/d₁."""

    index: NDArray[np.intp]
    distance_m: Floats
    ratio: Floats

    def accepted(self, gate_m: Floats, least_ratio: float) -> NDArray[np.bool_]:
        """Where the nearest is within the gate of its method and far nearer than the second."""
        return (self.distance_m <= gate_m) & (self.ratio >= least_ratio)


class MarkerIndex:
    """Markers by folded number and by place; built once for a register."""

    def __init__(
        self, names: Sequence[Named], lon: Floats, lat: Floats, ellipsoid: Ellipsoid
    ) -> None:
        from scipy.spatial import cKDTree

        self._names = names
        self._ellipsoid = ellipsoid
        self._places = earth_centred_m(lon, lat, ellipsoid)
        self._tree = cKDTree(self._places)
        self._numbers: dict[str, list[int]] = defaultdict(list)
        self._bare: dict[str, list[int]] = defaultdict(list)
        for i, name in enumerate(names):
            key = number_key(name.marker_no)
            self._numbers[key].append(i)
            letter = _TYPE_LETTER.match(key)
            if letter:
                self._bare[letter[1]].append(i)

    def by_number(self, number: str, line: str = "") -> tuple[int, ...]:
        """Markers with a printed number, of one line if it is named; without the type letter if
        the number lacks it."""  # noqa: D205, D209 - one thought
        key = number_key(number)
        found = self._numbers.get(key) or self._bare.get(key, [])
        if line and len(found) > 1:
            wanted = number_key(line)
            on_line = [i for i in found if wanted in self._line_keys(i)]
            found = on_line or found
        return tuple(found)

    def _line_keys(self, i: int) -> set[str]:
        name = self._names[i]
        return {number_key(name.line_code), number_key(name.line_name)} - {""}

    def nearest(self, lon: Floats, lat: Floats) -> NearestMatches:
        """The nearest marker of each point in degrees; NaN points get distance infinity."""
        points = earth_centred_m(lon, lat, self._ellipsoid)
        asked = np.isfinite(points).all(axis=1)
        distance = np.full((len(points), 2), np.inf)
        index = np.zeros((len(points), 2), dtype=np.intp)
        if asked.any():
            distance[asked], index[asked] = self._tree.query(points[asked], k=2)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = distance[:, 1] / distance[:, 0]
        ratio[~np.isfinite(distance[:, 0])] = 0.0
        ratio[np.isnan(ratio)] = 1.0  # two markers in one place, both at distance nothing
        return NearestMatches(index[:, 0], distance[:, 0], ratio)

    def within(self, lon: float, lat: float, radius_m: float) -> tuple[int, ...]:
        """Markers within a radius of one point in degrees, nearest first."""
        point = earth_centred_m(lon, lat, self._ellipsoid)[0]
        found = self._tree.query_ball_point(point, radius_m)
        return tuple(sorted(found, key=lambda i: self._distance_m(i, point)))

    def around(self, lon: Floats, lat: Floats, count: int) -> tuple[int, ...]:
        """The markers nearest to points in degrees, `count` beside each, without repeats."""
        points = earth_centred_m(lon, lat, self._ellipsoid)
        asked = min(count + 1, len(self._places))
        found = self._tree.query(points, k=np.arange(1, asked + 1))[1]
        return tuple(int(i) for i in np.unique(found))

    def nearest_of(
        self, choices: Sequence[int], lon: float, lat: float
    ) -> tuple[int, float, float]:
        """The nearest of some markers to a point: its index, distance in metres and d₂/d₁."""
        point = earth_centred_m(lon, lat, self._ellipsoid)[0]
        ranked = sorted((self._distance_m(i, point), i) for i in choices)
        ratio = ranked[1][0] / max(ranked[0][0], 1e-9) if len(ranked) > 1 else np.inf
        return ranked[0][1], ranked[0][0], float(ratio)

    def _distance_m(self, i: int, point: Floats) -> float:
        return float(np.linalg.norm(self._places[i] - point))

    def similar_numbers(self, number: str) -> tuple[int, ...]:
        """Markers whose number differs by one character: wrong, left out, added or swapped."""
        key = number_key(number)
        found = {i for near in _one_edit(key) for i in self._numbers.get(near, ())}
        return tuple(sorted(found))


def _one_edit(key: str) -> set[str]:
    letters = "0123456789abcdeq"
    cuts = [(key[:i], key[i:]) for i in range(len(key) + 1)]
    return {
        *(a + b[1:] for a, b in cuts if b),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
        *(a + c + b[1:] for a, b in cuts if b for c in letters),
        *(a + c + b for a, b in cuts for c in letters),
    } - {key}
