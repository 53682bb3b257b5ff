"""The table of `docs/status.md`, run case by case, and what must hold of any evidence."""

import csv
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundary.status import Act, Decision, Report, StatusRules, derive
from data.reference import load_table, restoration_kind, terms

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = (ROOT / "docs/status.md").read_text(encoding="utf-8")
CASES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in DOCUMENT.split("## Cases")[1].splitlines()
    if line.startswith("| ")
][1:]


def day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


def said(text: str) -> str:
    return "" if text == "-" else text


def evidence(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {"reports": [], "acts": [], "decisions": []}
    for number, part in enumerate(filter(None, (one.strip() for one in text.split(";"))), start=1):
        on, who, *rest = part.split()
        if who == "act":
            kind = restoration_kind(rest[0])
            assert kind is not None
            found["acts"].append(Act(number, day(on), kind.code, kind.lapses))
        elif who == "decided":
            found["decisions"].append(
                Decision(number, date.fromisoformat(on), said(rest[0]), said(rest[1]))
            )
        else:
            more = dict(one.split("=") for one in rest if "=" in one)
            grade = next((one for one in rest if one in {"survey", "handheld", "phone"}), "")
            found["reports"].append(
                Report(
                    number, day(on), said(rest[0]), said(rest[1]), who, grade,
                    int(more.get("ties", 0)), "proof" in rest,
                    int(more["round"]) if "round" in more else None,
                )
            )  # fmt: skip
    return found


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_the_documented_cases(case: list[str]) -> None:
    _, text, state, condition, verdict, is_open, rules = case
    found = derive(**evidence(text))
    assert (found.state, found.condition, found.verdict) == (state, said(condition), said(verdict))
    assert found.open is (is_open == "yes")
    assert set(rules.split()) <= set(found.rules)
    assert len(found.evidence) == len([one for one in text.split(";") if one.strip()])


def test_the_rules_in_the_document_are_those_of_the_table() -> None:
    documented = dict(re.findall(r"^\| (S\d+) \| (.+) \|$", DOCUMENT, re.MULTILINE))
    assert documented == {row["code"]: row["en"] for row in load_table("status_rules")}
    used = {rule for case in CASES for rule in case[6].split()}
    assert used == set(documented)


def test_every_state_has_a_case() -> None:
    # A sensor's fault is the reason of an order, never what a marker is.
    told = {case[2] for case in CASES} | {"sensor_fault"}
    assert told == {term.code for term in terms("marker_states")}


def test_the_numbers_are_those_of_the_table() -> None:
    with (ROOT / "data/reference/boundary_rules.csv").open(encoding="utf-8") as file:
        numbers = {row["code"]: float(row["value"]) for row in csv.DictReader(file)}
    assert StatusRules.of(numbers) == StatusRules()


REPORTS = st.builds(
    Report,
    id=st.integers(1, 10_000),
    on=st.none() | st.dates(date(2000, 1, 1), date(2026, 1, 1)),
    condition=st.sampled_from(["", *(term.code for term in terms("conditions"))]),
    verdict=st.sampled_from(["", "in_place", "suspect", "displaced", "cannot_tell", "resubmit"]),
    reporter=st.sampled_from(["", "A", "B"]),
    grade=st.sampled_from(["", "survey", "handheld", "phone"]),
    ties=st.integers(0, 4),
    proof=st.booleans(),
)
ACTS = st.builds(
    lambda number, on, kind: Act(number, on, kind.code, kind.lapses),
    st.integers(1, 100),
    st.dates(date(2000, 1, 1), date(2026, 1, 1)),
    st.sampled_from([k for t in terms("restoration_kinds") if (k := restoration_kind(t.code))]),
)


@given(st.lists(REPORTS, max_size=8), st.lists(ACTS, max_size=3), st.randoms())
def test_any_evidence_gives_one_status_whatever_its_order(
    reports: list[Report], acts: list[Act], chance: Any
) -> None:
    reports = list({one.id: one for one in reports}.values())
    acts = list({one.id: one for one in acts}.values())
    found = derive(reports, acts)
    chance.shuffle(reports)
    chance.shuffle(acts)
    assert derive(reports, acts) == found
    assert found.state in {term.code for term in terms("marker_states")}
    assert (found.state == "conflicting") == found.open or found.state == "scrapped"
    assert len(found.evidence) == len(reports) + len(acts)


@given(st.lists(REPORTS, max_size=8))
def test_a_repair_after_everything_leaves_nothing_standing(reports: list[Report]) -> None:
    last = max((one.day for one in reports), default=date(2000, 1, 1))
    repair = Act(1, last + timedelta(days=1), "reset", "all")
    assert derive(reports, [repair]).state == "restored"


@given(st.lists(REPORTS, max_size=6))
def test_nothing_is_lost_without_proof_or_two_searches(reports: list[Report]) -> None:
    if derive(reports).condition == "lost":
        absent = [one for one in reports if one.condition in {"lost", "not_found"}]
        searches = {one.day for one in absent if one.ties >= 2}
        assert any(one.proof for one in absent) or len(searches) >= 2
