"""The fingerprints of section 2.3: what each datum error shows, at nine places."""

import numpy as np
import pytest
from numpy.typing import NDArray

from boundary.diagnosis.fingerprints import Ground, fingerprint
from data.coordinates import CGCS2000, LocalFrame, ReferenceSystem, zone_meridian_near

Vector = tuple[float, float]
# place: lon, lat, BJ54 degrees, BJ54 plane, XA80 degrees, XA80 plane, Krassovsky only, IAG75 only,
# epoch 2026.9, GCJ-02, BD-09
TABLE: dict[str, tuple[float, float, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector]] = {  # noqa: E501
    "Ejina": (101.07, 41.96, (-17, -46), (-20, 36), (-105, -28), (-105, -26), (-2, 82), (0, 2.2), (.86, -.16), (187, 208), (726, 870)),  # noqa: E501
    "Alxa Left": (105.67, 38.85, (-30, -36), (-28, 41), (-109, -20), (-109, -18), (2, 76), (0, 2.0), (.85, -.20), (358, 51), (929, 691)),  # noqa: E501
    "Ordos": (109.78, 39.60, (-41, -36), (-43, 41), (-112, -16), (-112, -14), (-3, 78), (0, 2.0), (.84, -.23), (488, 110), (1036, 811)),  # noqa: E501
    "Hohhot": (111.75, 40.84, (-46, -39), (-44, 41), (-113, -14), (-113, -12), (2, 80), (0, 2.1), (.83, -.25), (583, 160), (1137, 814)),  # noqa: E501
    "Hulunbuir": (119.77, 49.21, (-66, -57), (-67, 39), (-116, -5), (-116, -3), (-1, 96), (0, 2.5), (.78, -.31), (534, 216), (1002, 908)),  # noqa: E501
}  # fmt: skip


def shown(
    place: str, code: str, *, plane: bool, system: ReferenceSystem = CGCS2000
) -> NDArray[np.float64]:
    lon, lat = TABLE[place][:2]
    meridian = np.array([zone_meridian_near(lon, 3) if plane else np.nan])
    ground = Ground(
        LocalFrame.at(lon, lat), meridian, np.array([2026.9]), np.array([2012.0]), CGCS2000
    )
    found = fingerprint(code, ground)
    assert found is not None
    return np.asarray(found[0][0], float)


@pytest.mark.parametrize("place", list(TABLE))
def test_fingerprints(place: str) -> None:
    row = TABLE[place]
    assert shown(place, "beijing54", plane=False) == pytest.approx(row[2], abs=0.6)
    assert shown(place, "beijing54", plane=True) == pytest.approx(row[3], abs=0.6)
    assert shown(place, "xian80", plane=False) == pytest.approx(row[4], abs=1.1)
    assert shown(place, "xian80", plane=True) == pytest.approx(row[5], abs=1.1)
    assert shown(place, "krassovsky", plane=True) == pytest.approx(row[6], abs=0.6)
    assert shown(place, "iag75", plane=True) == pytest.approx(row[7], abs=0.1)
    assert shown(place, "epoch", plane=False) == pytest.approx(row[8], abs=0.006)


@pytest.mark.parametrize("place", ["Hohhot", "Hulunbuir"])
def test_map_offsets(place: str) -> None:
    lon, lat = TABLE[place][:2]
    del lon, lat
    assert shown(place, "gcj02", plane=False) == pytest.approx(TABLE[place][9], abs=1.0)
    assert shown(place, "bd09", plane=False) == pytest.approx(TABLE[place][10], abs=1.0)


def test_the_register_side_has_the_other_sign() -> None:
    there = shown("Hohhot", "beijing54", plane=False)
    back = shown("Hohhot", "register_beijing54", plane=False)
    assert back == pytest.approx(-there, abs=0.1)
    assert shown("Hohhot", "register_epoch", plane=False)[0] == pytest.approx(-0.371, abs=0.01)


def test_elsewhere_chinese_errors_are_not_looked_for() -> None:
    wgs84 = ReferenceSystem.parse("EPSG:4326")
    ground = Ground(
        LocalFrame.at(-3.2, 55.9), np.array([np.nan]), np.array([2026.9]), np.array([np.nan]), wgs84
    )
    for code in ("epoch", "beijing54", "xian80", "register_xian80", "gcj02", "bd09"):
        assert fingerprint(code, ground) is None
    assert fingerprint("free", ground) is not None
