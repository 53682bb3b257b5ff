"""Indicators of the plan (规划指标): measured from the register, held against their targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from data.errors import InvalidValue
from data.reference import load_table
from gazetteer.division_path import path_of
from gazetteer.measures import Measured, Scope, measure
from gazetteer.tables import division


class Stage(StrEnum):
    """Which targets hold: those of the middle of the plan (中期), or of its end (终期)."""

    MID = "mid"
    FINAL = "final"


class Verdict(StrEnum):
    """What an indicator comes to."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_MEASURED = "not_measured"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator as the code table `indicators` has it; targets are shares of 1, or numbers."""

    code: str
    zh: str
    en: str
    measure: str
    unit: str
    direction: str
    mid_target: float
    target: float
    basis_zh: str
    mark: str
    source: str

    def target_at(self, stage: Stage) -> float:
        """The target of a stage."""
        return self.mid_target if stage is Stage.MID else self.target


@dataclass(frozen=True, slots=True)
class Result:
    """An indicator, what was measured, and what it comes to."""

    indicator: Indicator
    measured: Measured
    target: float

    @property
    def verdict(self) -> Verdict:
        """Met or not; not measured; or nothing there that could be measured."""
        if not self.measured.known:
            return Verdict.NOT_MEASURED
        value = self.measured.value
        if value is None:
            return Verdict.NOTHING
        fits = (
            value >= self.target if self.indicator.direction == "at_least" else value <= self.target
        )
        return Verdict.MET if fits else Verdict.NOT_MET

    def as_json(self) -> dict[str, Any]:
        """As a JSON object."""
        one, found = self.indicator, self.measured
        return {
            "code": one.code,
            "zh": one.zh,
            "en": one.en,
            "unit": one.unit,
            "direction": one.direction,
            "target": self.target,
            "value": None if found.value is None else round(found.value, 4),
            "part": found.part if found.known else None,
            "whole": found.whole,
            "verdict": str(self.verdict),
            "told_zh": found.zh,
            "told_en": found.en,
            "basis_zh": one.basis_zh,
            "source": one.source,
        }


def indicators() -> tuple[Indicator, ...]:
    """The indicators of the code table, in its order."""
    return tuple(
        Indicator(
            row["code"], row["zh"], row["en"], row["measure"], row["unit"], row["direction"],
            float(row["mid_target"]), float(row["target"]), row["basis_zh"], row["mark"],
            row["source"],
        )
        for row in load_table("indicators")
    )  # fmt: skip


def evaluate(connection: Connection, scope: Scope, stage: Stage) -> tuple[Result, ...]:
    """Every indicator, measured in a scope.

    Raises:
        InvalidValue: the division is none of the register, or the period ends before it begins.
    """
    if scope.since is not None and scope.since > scope.as_of:
        raise InvalidValue(
            "since", scope.since.isoformat(), f"the period ends on {scope.as_of}",
            "give an earlier day", f"起始日期应不晚于 {scope.as_of}",
        )  # fmt: skip
    if scope.within is not None and _name(connection, scope.within) is None:
        raise InvalidValue(
            "within", scope.within, "the register has no division of that code",
            "give a code such as 150100", f"登记中没有区划代码“{scope.within[:20]}”",
        )  # fmt: skip
    return tuple(
        Result(one, measure(connection, one.measure, scope), one.target_at(stage))
        for one in indicators()
    )


def _name(connection: Connection, code: str) -> str | None:
    found = path_of(connection, code)
    return found[0].name if found else None


def parts_of(connection: Connection, scope: Scope) -> Sequence[tuple[str, str]]:
    """Codes and names of the leagues in a scope, by code: what a report breaks its figures into."""
    rows = connection.execute(
        select(division.c.code, division.c.name)
        .where(
            division.c.level == "prefecture",
            division.c.in_region,
            division.c.valid_to.is_(None),
        )
        .order_by(division.c.code)
    )
    found = [(row.code, row.name) for row in rows]
    if scope.within is None or scope.within.endswith("0000"):
        return found
    return [one for one in found if one[0] == scope.within]


def scope_name(connection: Connection, scope: Scope) -> str:
    """What a scope is called: its division, or the region."""
    if scope.within is not None:
        return _name(connection, scope.within) or scope.within
    region = connection.scalar(
        select(division.c.name)
        .where(division.c.level == "region", division.c.in_region, division.c.valid_to.is_(None))
        .order_by(division.c.code)
        .limit(1)
    )
    return region or "全部区划"
