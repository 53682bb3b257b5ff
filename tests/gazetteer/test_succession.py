"""Codes through time: the right name at any date, and today's successor."""

import csv
from pathlib import Path

import pytest

from data.reference import DivisionChange, division_history
from gazetteer.succession import CodeHistory, How

EDITIONS = {
    "198012": "150000 内蒙古自治区|152300 哲里木盟|152301 通辽市|152321 通辽县"
    "|152322 科尔沁左翼中旗|152821 临河县|152125 额尔古纳右旗|152126 额尔古纳左旗|150404 郊区",
    "199412": "150000 内蒙古自治区|152300 哲里木盟|152301 通辽市|152322 科尔沁左翼中旗"
    "|152801 临河市|152105 根河市|152106 额尔古纳市|150404 松山区",
    "199912": "150000 内蒙古自治区|150500 通辽市|150502 科尔沁区|150521 科尔沁左翼中旗"
    "|152801 临河市|152105 根河市|152106 额尔古纳市|150404 松山区"
    "|150501 市辖区|150571 通辽经济技术开发区",
    "201608": "150000 内蒙古自治区|150500 通辽市|150521 科尔沁左翼中旗"
    "|150802 临河区|152105 根河市|152106 额尔古纳市|150404 松山区",
    "201904": "150000 内蒙古自治区|150500 通辽市|150502 科尔沁区|150521 科尔沁左翼中旗"
    "|150802 临河区|152105 根河市|152106 额尔古纳市|150404 松山区",
}


def stated(old_code: str, old_name: str, new_code: str, new_name: str) -> DivisionChange:
    names = (old_code, old_name, new_code, new_name)
    return DivisionChange("", "", "replaced", *names, None, "", False, "D", "a test")


LEAGUE = stated("152300", "哲里木盟", "150500", "通辽市")


def history(known: tuple[DivisionChange, ...] = (LEAGUE,)) -> CodeHistory:
    rows = [
        {"revision": edition, "code": entry[:6], "name": entry[7:]}
        for edition, listed in EDITIONS.items()
        for entry in listed.split("|")
    ]
    return CodeHistory.of(rows, known)


@pytest.mark.parametrize(
    ("code", "edition", "today", "name", "how"),
    [
        ("150000", "198012", "150000", "内蒙古自治区", How.UNCHANGED),
        ("150404", "198012", "150404", "松山区", How.RENAMED),
        ("152300", "198012", "150500", "通辽市", How.STATED),
        ("152322", "198012", "150521", "科尔沁左翼中旗", How.SAME_NAME),
        ("152821", "198012", "150802", "临河区", How.SAME_SPECIFIC),
        ("152301", "198012", "150502", "科尔沁区", How.ONLY_ONE),
        ("152321", "198012", "150502", "科尔沁区", How.ONLY_ONE),
        ("150502", "199912", "150502", "科尔沁区", How.UNCHANGED),
        ("152125", "198012", "", "", How.OPEN),
        ("150501", "199912", "", "", How.NO_DIVISION),
        ("150571", "199912", "", "", How.NO_DIVISION),
    ],
)
def test_todays_successor_and_why(code: str, edition: str, today: str, name: str, how: How) -> None:
    found = history().successor(code, edition)
    assert found is not None
    assert (found.code, found.name, found.how) == (today, name, how)


def test_what_two_old_ones_claim_stays_open_with_its_candidates() -> None:
    found = history().successor("152126", "198012")
    assert found is not None
    assert found.candidates == (("152105", "根河市"), ("152106", "额尔古纳市"))


def test_a_stated_change_decides() -> None:
    known = stated("152126", "额尔古纳左旗", "152105", "根河市")
    found = history((known,)).successor("152126", "198012")
    assert found is not None
    assert (found.code, found.name, found.how) == ("152105", "根河市", How.STATED)


def test_the_steps_in_between() -> None:
    found = history().successor("152821", "198012")
    assert found is not None
    assert [(step.edition, step.name) for step in found.steps] == [
        ("199412", "临河市"),
        ("201608", "临河区"),
    ]


def test_an_unknown_code_has_no_successor() -> None:
    assert history().successor("159999", "198012") is None
    assert history().name("159999", "198012") is None


# Six changes of 1983 and 1994 that names alone leave open; the code table states them.
OPEN = {"152121", "152124", "152401", "152427", "152125", "152126"}


@pytest.mark.shared
def test_any_code_at_any_of_the_82_dates(shared: Path) -> None:
    folder = shared / "data" / "divisions"
    with (folder / "im_gb2260_revisions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with (folder / "im_divisions_mca2026.csv").open(encoding="utf-8") as file:
        today = {r["code"][:6]: r["name"] for r in csv.DictReader(file) if r["level"] in "123"}
    leagues = [change for change in division_history() if change.old_code.endswith("00")]
    told = CodeHistory.of(rows)
    alone = CodeHistory.of(rows, leagues)
    assert len(told.editions) == 82
    left_open = set()
    for row in rows:
        assert told.name(row["code"], row["revision"]) == row["name"]
        found = told.successor(row["code"], row["revision"])
        assert found is not None
        if found.how is How.NO_DIVISION:
            continue
        assert today[found.code] == found.name
        by_names = alone.successor(row["code"], row["revision"])
        if by_names is not None and by_names.how is How.OPEN:
            left_open.add(row["code"])
        elif by_names is not None:
            assert by_names.code == found.code
    assert left_open <= OPEN
