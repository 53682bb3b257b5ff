"""The risk of lines (平安边界风险): an index from what is on record, as table, map and report."""

from boundary.risk.reading import (
    RiskQuery,
    all_risks,
    chosen_risks,
    line_risks,
    line_shapes,
    risk_features,
)
from boundary.risk.report import risk_csv, risk_docx
from boundary.risk.scoring import FORMULA, Factor, LineRisk, factors

__all__ = [
    "FORMULA",
    "Factor",
    "LineRisk",
    "RiskQuery",
    "all_risks",
    "chosen_risks",
    "factors",
    "line_risks",
    "line_shapes",
    "risk_csv",
    "risk_docx",
    "risk_features",
]
