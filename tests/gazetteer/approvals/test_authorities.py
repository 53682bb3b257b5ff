"""Who decides about which class, with whom it is filed, which clock the announcement runs on."""

import pytest

from data.errors import InvalidValue
from data.reference import load_table
from gazetteer.approvals.authorities import Bodies, Body, authorities, authority_of, bodies_of
from gazetteer.approvals.clocks import clock_rules
from gazetteer.approvals.steps import steps
from gazetteer.division_path import Division
from gazetteer.errors import NoAuthority
from gazetteer.rules import name_class, name_classes

REGION = Division("150000", "内蒙古自治区", "region")
CITY = Division("150100", "呼和浩特市", "prefecture")
DISTRICT = [Division("150102", "新城区", "county"), CITY, REGION]
COUNTY = [Division("150122", "托克托县", "county"), CITY, REGION]
TOWNSHIP = [Division("150122100", "双河镇", "township"), *COUNTY]


def bodies(code: str, path: list[Division], kind: str = "naming") -> Bodies:
    return bodies_of(authority_of(name_class(code), kind), path, None, "")


HOHHOT, REGIONAL = "呼和浩特市人民政府", "内蒙古自治区人民政府"


@pytest.mark.parametrize(
    ("code", "path", "approving", "where", "filing", "filed_in", "clock"),
    [
        ("street", COUNTY, "托克托县人民政府", "150122", HOHHOT, "150100", "approval"),
        ("street", TOWNSHIP, "托克托县人民政府", "150122", HOHHOT, "150100", "approval"),
        # the government of the city names the streets of its districts
        ("street", DISTRICT, HOHHOT, "150100", REGIONAL, "150000", "approval"),
        (
            "building", COUNTY, "托克托县住房和城乡建设主管部门", "150122",
            "托克托县地名主管部门", "150122", "filing",
        ),
        ("division-township", COUNTY, REGIONAL, "150000", "国务院", None, "approval"),
        ("division-county", COUNTY, "国务院", None, None, None, "approval"),
        ("natural-famous", COUNTY, "国务院", None, None, None, "approval"),
    ],
)  # fmt: skip
def test_bodies(
    code: str,
    path: list[Division],
    approving: str,
    where: str | None,
    filing: str | None,
    filed_in: str | None,
    clock: str,
) -> None:
    found = bodies(code, path)
    assert (found.approving.zh, found.approving.division_code) == (approving, where)
    assert (found.filing.zh if found.filing else None) == filing
    assert (found.filing.division_code if found.filing else None) == filed_in
    assert clock_rules()[found.authority.announcement_clock].start == clock


def test_the_law_leaves_open_who_decides_about_a_facility() -> None:
    row = authority_of(name_class("transport"), "naming")
    with pytest.raises(InvalidValue, match="approving_body"):
        bodies_of(row, COUNTY, None, "")
    stated = Body("呼和浩特市交通运输局", "", "150100")
    assert bodies_of(row, COUNTY, stated, "").approving == stated
    with pytest.raises(InvalidValue):
        bodies_of(row, COUNTY, Body("外省交通厅", "", "230000"), "")


@pytest.mark.parametrize(
    "code", ["memorial", "zone", "natural", "committee-seat", "natural-village"]
)
def test_a_class_without_an_authority_is_refused(code: str) -> None:
    with pytest.raises(NoAuthority, match="approval_authorities") as caught:
        authority_of(name_class(code), "naming")
    assert "批准" in caught.value.zh


def test_a_body_of_a_level_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidValue, match="region level"):
        bodies("division-township", COUNTY[:2])


def test_no_class_has_two_rows_and_every_row_knows_its_classes_and_clocks() -> None:
    seen: set[tuple[str, str]] = set()
    for row in authorities():
        for code in row.classes:
            assert code in name_classes()
            for kind in row.kinds:
                assert (code, kind) not in seen
                seen.add((code, kind))
        assert row.announcement_clock in clock_rules()
        assert (row.filing_clock in clock_rules()) is (row.filing_level != "none")
        kinds = {term["code"] for term in load_table("paper_kinds")}
        assert {*row.papers_required, *row.papers_asked} <= kinds


def test_every_step_leads_from_known_states_to_a_known_state() -> None:
    tables = {"case": "approval_states", "filing": "filing_states"}
    tables["announcement"] = "announcement_states"
    for step in steps().values():
        known = {row["code"] for row in load_table(tables[step.part])}
        assert {*step.sources, step.target} <= known, step.code
        assert {*step.apart_from} <= {*steps()}
