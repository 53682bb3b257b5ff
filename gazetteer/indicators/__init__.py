"""Indicators of the plan (规划执行情况监测评估): targets, what is measured, the report."""

from gazetteer.indicators.evaluating import Indicator, Result, Stage, evaluate, indicators
from gazetteer.indicators.measuring import register_own_measures
from gazetteer.indicators.publishing import (
    NewPublication,
    list_publications,
    record_publication,
)
from gazetteer.indicators.report import write_report
from gazetteer.indicators.tables import publication

__all__ = [
    "Indicator",
    "NewPublication",
    "Result",
    "Stage",
    "evaluate",
    "indicators",
    "list_publications",
    "publication",
    "record_publication",
    "register_own_measures",
    "write_report",
]

register_own_measures()
