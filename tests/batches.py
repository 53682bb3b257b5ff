"""Files of inspections, sound or wrong in a way that is known, and what is made of them."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from boundary.assessment import Assessment, AssessmentSettings, RegisteredMarker, assess
from boundary.diagnosis import DiagnosisRules
from boundary.diagnosis.fingerprints import Ground, fingerprint
from boundary.observations import ObservationRow
from data.coordinates import CGCS2000, LocalFrame, Region, gauss_kruger_forward

STEPPE = Region(97.1, 37.4, 126.1, 53.4)
TODAY = date(2026, 11, 23)
Cells = dict[str, str]


def marker(number: int) -> RegisteredMarker:
    lon, lat = 103.0 + 0.022 * number, 39.0 + 0.013 * number
    return RegisteredMarker(f"1514{number:03d}Q", lon, lat, sigma_m=0.05, tolerance_m=0.15)


REGISTER = [marker(number) for number in range(1, 900)]


def shown(number: int, cause: str) -> NDArray[np.float64]:
    """What a cause shows at a marker, metres east and north."""
    home = REGISTER[number - 1]
    ground = Ground(
        LocalFrame.at(home.lon, home.lat), np.array([np.nan]), np.array([2026.5]),
        np.array([np.nan]), CGCS2000,
    )  # fmt: skip
    found = fingerprint(cause, ground)
    assert found is not None
    return np.asarray(found[0][0], float)


def rows(numbers: Iterable[int], cause: str = "none", seed: int = 1, **cells: str) -> list[Cells]:
    """Visits to some markers by one surveyor on one day, all with one cause."""
    rng = np.random.default_rng(seed)
    out = []
    for number in numbers:
        home = REGISTER[number - 1]
        vector = shown(number, cause) + rng.normal(0, 0.05, 2)
        lon, lat = LocalFrame.at(home.lon, home.lat).moved(vector[None, :])
        out.append(
            {
                "marker_no": home.marker_no, "lon": f"{lon[0]:.9f}", "lat": f"{lat[0]:.9f}",
                "method": "CORS", "surveyor": "甲", "observed_at": "2026-07-01", **cells,
            }
        )  # fmt: skip
    return out


def moved(visit: Cells, east_m: float, north_m: float) -> Cells:
    """A visit that found its marker elsewhere."""
    frame = LocalFrame.at(float(visit["lon"]), float(visit["lat"]))
    lon, lat = frame.moved(np.array([[east_m, north_m]]))
    return {**visit, "lon": f"{lon[0]:.9f}", "lat": f"{lat[0]:.9f}"}


def in_pairs(visits: Sequence[Cells]) -> list[Cells]:
    """The same written as dd.mmss, degrees and pairs of digits."""

    def written(text: str) -> str:
        degrees, rest = divmod(round(float(text) * 3600, 5), 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{int(degrees)}.{int(minutes):02d}{round(seconds * 1e5):07d}"

    return [{**one, "lon": written(one["lon"]), "lat": written(one["lat"])} for one in visits]


def in_plane(
    visits: Sequence[Cells], meridian_deg: float, stated: str, prefix: str = "", scale: float = 1.0
) -> list[Cells]:
    """The same in metres by a central meridian, under a system stated rightly or wrongly."""
    out = []
    for visit in visits:
        east, north = (
            float(x)
            for x in gauss_kruger_forward(
                float(visit["lon"]), float(visit["lat"]), meridian_deg, CGCS2000.datum.ellipsoid
            )
        )
        metres = {
            "x_north": f"{north * scale:.3f}",
            "y_east": f"{prefix}{(east - 500_000) * scale + 500_000:.3f}",
        }
        kept = {name: text for name, text in visit.items() if name not in {"lon", "lat"}}
        out.append({**kept, **metres, "crs": f"CGCS2000 {stated}"})
    return out


def run(cells: Sequence[Cells], rules: DiagnosisRules | None = None) -> Assessment:
    """Assess a file; its first row is the second, after the head."""
    settings = AssessmentSettings(today=TODAY, region=STEPPE, diagnosis=rules or DiagnosisRules())
    return assess(REGISTER, [ObservationRow(i, row) for i, row in enumerate(cells, 2)], settings)
