"""Pictures say what the report says, in either language, and are the same twice."""

from datetime import date
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from boundary.assessment import AssessmentSettings, RegisteredMarker, assess
from boundary.diagnosis.findings import Json
from boundary.displacement_visits import creep
from boundary.observations import ObservationRow
from boundary.pictures import MarkerVisit, batch_picture, history_picture
from data.coordinates import LocalFrame

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 11, 23)


def report(moved_m: float = 1.5) -> Json:
    register = [
        RegisteredMarker(f"1521{k:03d}Q", 119.0 + 0.05 * k, 43.0, sigma_m=0.05, tolerance_m=0.2)
        for k in range(1, 6)
    ]
    rows = []
    for k, home in enumerate(register):
        vector = np.array([[0.6, 0.8]]) * (moved_m if k == 2 else 0.02)
        lon, lat = LocalFrame.at(home.lon, home.lat).moved(vector)
        cells = {"marker_no": home.marker_no, "lon": f"{lon[0]:.9f}", "lat": f"{lat[0]:.9f}",
                 "method": "CORS", "observed_at": "2026-05-03"}  # fmt: skip
        rows.append(ObservationRow(k + 2, cells))
    rows.append(ObservationRow(9, {"marker_no": "1521001Q", "condition": "丢失"}))
    return assess(register, rows, AssessmentSettings(today=TODAY)).as_json()


def texts(svg: bytes) -> str:
    root = ET.fromstring(svg)  # noqa: S314 - made here
    return " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))


def test_a_batch_names_its_verdicts_and_markers() -> None:
    said = texts(batch_picture(report(), "svg", title="巡查一组"))
    for part in ("巡查一组", " 移位 1", "在位 4", "1521003Q", "限差", "扣除已识别原因之后"):
        assert part in said
    english = texts(batch_picture(report(), "svg", language="en"))
    assert "displaced 1" in english
    assert "the diagnosed cause taken off" in english


def test_the_scale_of_vectors_is_said() -> None:
    near = texts(batch_picture(report(0.02), "svg", language="en"))
    far = texts(batch_picture(report(90.0), "svg", language="en"))
    assert "times as long" in near
    assert "cut short" in far
    assert "1521003Q: 90.0 m" in far


def test_boundary_lines_are_drawn_beneath() -> None:
    line = [(119.0, 43.0), (119.15, 43.02), (119.3, 43.0)]
    plain, lined = (batch_picture(report(), "svg", lines=lines) for lines in ([], [line]))
    assert plain != lined


@pytest.mark.parametrize("picture_format", ["svg", "png"])
def test_the_same_report_gives_the_same_bytes(picture_format: str) -> None:
    once, again = (batch_picture(report(), picture_format) for _ in range(2))  # type: ignore[arg-type]
    assert once == again
    start = b"\x89PNG" if picture_format == "png" else b"<?xml"
    assert once.startswith(start)


def test_a_report_without_positions_says_so() -> None:
    nothing = {"results": [one for one in report()["results"] if one["row"] == 9]}  # type: ignore[attr-defined]
    assert "没有可绘制的结果" in texts(batch_picture(nothing, "svg"))


def visits() -> list[MarkerVisit]:
    return [
        MarkerVisit(date(year, 7, 1), 0.03 * (year - 2018), 0.01, 0.025,
                    "in_place" if year < 2024 else "displaced")
        for year in range(2018, 2027)
    ]  # fmt: skip


def test_a_history_shows_every_visit_and_the_rate() -> None:
    seen = visits()
    rate = creep(
        np.array([v.observed_on.year + 0.5 for v in seen]),
        np.array([[v.east_m, v.north_m] for v in seen]),
        np.array([v.sigma_m for v in seen]),
    )
    said = texts(history_picture(seen[::-1], "svg", tolerance_m=0.2, rate=rate, title="1521003Q"))
    for part in ("1521003Q", "2018", "2026", "在位", "移位", "限差", "东 +30、北 +0 毫米/年"):
        assert part in said
    assert history_picture(seen, "png").startswith(b"\x89PNG")
    assert "no visit to draw" in texts(history_picture([], "svg", language="en"))
