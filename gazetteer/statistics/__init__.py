"""Counts of names (地名统计): by division, class, status, script, heritage and year."""

from gazetteer.statistics.asking import ask
from gazetteer.statistics.counting import count_names, is_counted, recount
from gazetteer.statistics.showing import counts_csv, counts_json
from gazetteer.statistics.summary import summarize
from gazetteer.statistics.values import DIMENSIONS, LEVELS, Counts, Question

__all__ = [
    "DIMENSIONS",
    "LEVELS",
    "Counts",
    "Question",
    "ask",
    "count_names",
    "counts_csv",
    "counts_json",
    "is_counted",
    "recount",
    "summarize",
]
