"""Place-name signs (地名标志): the register, checks of their texts, inspections, repairs."""

from gazetteer.signs.collection import SIGNS
from gazetteer.signs.inspecting import Judged, judge_file, name_sign_columns, sign_files
from gazetteer.signs.loading import signs_loader
from gazetteer.signs.reading import sign_check
from gazetteer.signs.repairs import (
    STATES,
    RepairsQuery,
    change_repair,
    list_repairs,
    read_repair,
)
from gazetteer.signs.standards import recheck
from gazetteer.signs.tables import sign, sign_inspection, sign_repair

__all__ = [
    "SIGNS",
    "STATES",
    "Judged",
    "RepairsQuery",
    "change_repair",
    "judge_file",
    "list_repairs",
    "name_sign_columns",
    "read_repair",
    "recheck",
    "sign",
    "sign_check",
    "sign_files",
    "sign_inspection",
    "sign_repair",
    "signs_loader",
]
