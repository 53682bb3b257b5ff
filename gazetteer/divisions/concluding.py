"""Past changes concluded from a file of a code list's editions, for a region that has no table."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from data.errors import Fault, FaultsFound, InvalidFile, NotFound
from data.formats import LOAD_LIMITS, open_table
from data.reference import DivisionChange
from gazetteer.divisions.derivation import derive_changes
from gazetteer.succession import CodeHistory, Successor

_RULES: Final = {
    "revision": (
        re.compile(r"\d{4}(0[1-9]|1[0-2])", re.ASCII),
        "an edition is YYYYMM",
        "版次应为 YYYYMM",
    ),
    "code": (re.compile(r"\d{6}", re.ASCII), "a code has six digits", "代码应为六位数字"),
    "name": (re.compile(r".+"), "a division has a name", "缺少名称"),
}
_TABLE: Final = tuple(DivisionChange.__slots__)


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """What a code was from one edition to another, and what it is in the newest.

    Attributes:
        first, last: the editions, `YYYYMM`.
        name: of the code in each of them.
        successor: in the newest edition, with the reason of each step.
    """

    first: str
    last: str
    name: str
    successor: Successor

    def as_json(self) -> dict[str, Any]:
        """As a JSON object."""
        found = self.successor
        return {
            "first": self.first,
            "last": self.last,
            "name": self.name,
            "successor": {"code": found.code, "name": found.name} if found.code else None,
            "how": found.how.value,
            "steps": [
                {"edition": one.edition, "code": one.code, "name": one.name, "how": one.how.value}
                for one in found.steps
            ],
            "candidates": [{"code": code, "name": name} for code, name in found.candidates],
        }


def read_editions(path: Path) -> CodeHistory:
    """The editions of a table with the columns `revision` (YYYYMM), `code` (six digits), `name`.

    Changes that the code table `division_history` states decide where they apply.

    Raises:
        InvalidFile: a column is missing, or no row is there.
        FaultsFound: naming every wrong cell.
    """
    with open_table(path, limits=LOAD_LIMITS) as table:
        missing = [name for name in _RULES if name not in table.columns]
        if missing:
            raise InvalidFile(
                f"there is no column {', '.join(missing)}; editions need {', '.join(_RULES)}",
                f"缺少列 {'、'.join(missing)}；需要 {'、'.join(_RULES)}",
            )
        places = {name: table.columns.index(name) for name in _RULES}
        numbered = [
            (row.number, {name: row.cells[at] for name, at in places.items()}) for row in table.rows
        ]
    faults = [fault for number, row in numbered for fault in _faults(number, row)]
    if faults:
        raise FaultsFound(faults)
    if not numbered:
        raise InvalidFile(f"{path.name} has no rows", f"{path.name} 没有数据行")
    return CodeHistory.of(row for _, row in numbered)


def _faults(number: int, row: Mapping[str, str]) -> list[Fault]:
    return [
        Fault("invalid-value", number, name, row[name], zh, en)
        for name, (rule, en, zh) in _RULES.items()
        if not rule.fullmatch(row[name])
    ]


def history_table(history: CodeHistory) -> str:
    """The changes between the editions as the code table `division_history`, in CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_TABLE)
    for change in derive_changes(history):
        values = {name: getattr(change, name) for name in _TABLE}
        values["approved_on"] = change.approved_on or ""
        values["derived"] = "yes" if change.derived else "no"
        writer.writerow(values.values())
    return text.getvalue()


def spans_of(history: CodeHistory, code: str) -> Sequence[CodeSpan]:
    """What a code was in each of the editions that have it, oldest first.

    Raises:
        NotFound: none has it.
    """
    found = [
        (edition, history.name(code, edition), history.successor(code, edition))
        for edition in history.editions
    ]
    spans = []
    for (name, _), group in groupby(found, key=lambda one: (one[1], one[2] and one[2].code)):
        editions = list(group)
        successor = editions[0][2]
        if name is not None and successor is not None:
            spans.append(CodeSpan(editions[0][0], editions[-1][0], name, successor))
    if not spans:
        raise NotFound(f"no edition has the code {code}", f"各版中均无代码 {code}")
    return spans
