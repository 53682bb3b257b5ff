"""Files whose rows do not all say the same: what each part is told, to the last number.

Noise is 0.05 m and drawn with a seed; what a cause shows, a meridian or an offset is known from how
the file was made.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from batches import REGISTER, Cells, in_pairs, in_plane, moved, rows, run, shown

from boundary.assessment import Assessment, Finding, MarkerResult
from boundary.diagnosis import DiagnosisRules
from data.coordinates import CGCS2000, LocalFrame, gauss_kruger_forward, gauss_kruger_inverse

Vector = tuple[float, float]


@dataclass(frozen=True)
class Told:
    """A finding: its rows, cause and runner-up, what is predicted, meridians."""

    rows: range
    cause: str
    second: str
    predicted_m: Vector
    meridian_deg: float | None = None
    code: str = "diagnosis"


def of(cause: str, numbers: range) -> Vector:
    """What a cause shows at most of some markers."""
    east, north = np.median([shown(number, cause) for number in numbers], axis=0)
    return float(east), float(north)


def of_meridian(stated_deg: float, true_deg: float, numbers: range) -> Vector:
    """Where plane coordinates of one meridian come to lie under another."""
    apart = []
    for number in numbers:
        home, ellipsoid = REGISTER[number - 1], CGCS2000.datum.ellipsoid
        metres = gauss_kruger_forward(home.lon, home.lat, true_deg, ellipsoid)
        lon, lat = gauss_kruger_inverse(*metres, stated_deg, ellipsoid)
        apart.append(LocalFrame.at(home.lon, home.lat).residuals([lon], [lat])[0])
    east, north = np.median(apart, axis=0)
    return float(east), float(north)


def of_pairs(numbers: range) -> Vector:
    """Where dd.mmss comes to lie when it is read as decimal degrees."""
    apart = []
    for number in numbers:
        home = REGISTER[number - 1]
        seconds = [round(value * 3600) for value in (home.lon, home.lat)]
        lon, lat = (s // 3600 + s // 60 % 60 / 100 + s % 60 / 10_000 for s in seconds)
        apart.append(LocalFrame.at(home.lon, home.lat).residuals([lon], [lat])[0])
    east, north = np.median(apart, axis=0)
    return float(east), float(north)


STATED = "3度带 中央子午线105"
FILES: dict[str, tuple[list[Cells], list[Told], str]] = {
    "two rows in pairs of digits among seven": (
        rows(range(1, 8)) + in_pairs(rows(range(20, 22))),
        [Told(range(9, 11), "dms", "dms+free", of_pairs(range(20, 22)))],
        "iiiiiiirr",
    ),
    "one row in pairs of digits among seven": (
        rows(range(1, 8)) + in_pairs(rows(range(20, 21))),
        [Told(range(9, 10), "dms", "dms+epoch", of_pairs(range(20, 21)))],
        "iiiiiiir",
    ),
    "another meridian than stated, and three as stated": (
        in_plane(rows(range(1, 7)), 102, STATED) + in_plane(rows(range(20, 23)), 105, STATED),
        [Told(range(2, 8), "zone", "zone+free", of_meridian(105, 102, range(1, 7)), 102)],
        "rrrrrriii",
    ),
    "as stated, and three by another meridian": (
        in_plane(rows(range(1, 7)), 105, STATED) + in_plane(rows(range(20, 23)), 102, STATED),
        [Told(range(8, 11), "zone", "zone+free", of_meridian(105, 102, range(20, 23)), 102)],
        "iiiiiirrr",
    ),
    "two wrong meridians": (
        in_plane(rows(range(1, 6)), 102, "3度带 中央子午线108")
        + in_plane(rows(range(20, 23)), 105, "3度带 中央子午线108"),
        [
            Told(range(2, 7), "zone", "zone+free", of_meridian(108, 102, range(1, 6)), 102),
            Told(range(7, 10), "zone", "zone+free", of_meridian(108, 105, range(20, 23)), 105),
        ],
        "rrrrrrrr",
    ),
    "half of one session in an old datum": (
        rows(range(1, 8)) + rows(range(20, 25), "xian80"),
        [Told(range(9, 14), "xian80", "free", of("xian80", range(20, 25)))],
        "iiiiiiirrrrr",
    ),
    "one row of a session as in an old datum": (
        rows(range(1, 8)) + rows(range(20, 21), "beijing54"),
        [
            Told(range(9, 10), "beijing54", "free", of("beijing54", range(20, 21)),
                 code="look_alike")
        ],
        "iiiiiiis",
    ),
    "one row of a session as on a map of the web": (
        rows(range(1, 8)) + rows(range(20, 21), "bd09"),
        [Told(range(9, 10), "bd09", "epoch", of("bd09", range(20, 21)), code="look_alike")],
        "iiiiiiir",
    ),
    "a part as on a map of the web, one marker of it moved": (
        rows(range(1, 8)) + rows(range(20, 24), "bd09")
        + [moved(one, 8, 3) for one in rows(range(24, 25), "bd09")],
        [Told(range(9, 13), "bd09", "gcj02", of("bd09", range(20, 24)))],
        "iiiiiiirrrrs",
    ),
}  # fmt: skip
VERDICTS = {"in_place": "i", "resubmit": "r", "suspect": "s"}


def told_by(found: Assessment) -> list[Finding]:
    return [one for one in found.findings if one.code in {"diagnosis", "look_alike"}]


@pytest.mark.parametrize("sampled", [200, 8])
@pytest.mark.parametrize("name", FILES)
def test_each_part_is_told(name: str, sampled: int) -> None:
    """Also where causes are ranked by an even sample of eight rows."""
    cells, expected, verdicts = FILES[name]
    found = run(cells, DiagnosisRules(rows_scored=sampled))
    assert "".join(VERDICTS[one.verdict] for one in found.results) == verdicts
    said = told_by(found)
    assert [one.code for one in said] == [one.code for one in expected]
    for one, told in zip(said, expected, strict=True):
        details = {key: value for key, value in one.details.items() if isinstance(value, float)}
        assert one.rows == tuple(told.rows)
        assert (one.details["cause"], one.details["second"]) == (told.cause, told.second)
        assert 0.9 < details["probability"] < 1.0 or details["probability"] == pytest.approx(1.0)
        assert 0.0 < details["second_probability"] < 1.0001 - details["probability"]
        predicted = (details["predicted_east_m"], details["predicted_north_m"])
        seen = [results(found)[row] for row in told.rows]
        if told.cause == "dms":  # the seconds of the register are not whole
            assert [row.proposal.code for row in seen if row.proposal] == ["dms"] * len(seen)
            assert predicted == pytest.approx(told.predicted_m, abs=12.0)
        else:
            assert predicted == pytest.approx(told.predicted_m, abs=0.2)
        shown_m = np.median([(row.east_m, row.north_m) for row in seen], axis=0)
        assert (details["found_east_m"], details["found_north_m"]) == pytest.approx(shown_m)
        left_m = np.median([row.remaining_m for row in seen])
        assert details["leftover_m"] == pytest.approx(left_m, abs=0.02)
        meridians = [told.meridian_deg] if told.meridian_deg else None
        assert one.details.get("meridians_deg") == meridians


def results(found: Assessment) -> dict[int, MarkerResult]:
    return {one.row: one for one in found.results}


@pytest.mark.parametrize(("numbers", "sure"), [((4, 4), False), ((4, 5), True)])
def test_two_markers_assert_what_one_seen_twice_supposes(
    numbers: tuple[int, int], *, sure: bool
) -> None:
    visits = [one for seed, n in enumerate(numbers) for one in rows([n], "xian80", seed=seed)]
    (said,) = told_by(run(visits))
    assert said.details["cause"] == "xian80"
    assert ("可能是" not in said.zh, "may be" not in said.en) == (sure, sure)
