"""Every row of names.md, on both stores."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from data.store import Store
from gazetteer.name_check import NameQuestion, check_name
from gazetteer.tables import place

TABLE = Path(__file__).parent / "names.md"


@dataclass(frozen=True)
class Expected:
    name: str
    kind: str
    division: str
    replaces: str
    findings: tuple[str, ...]


def expected_rows() -> list[Expected]:
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = re.split(r" ?\| ?", line.strip())[1:-1] if line.startswith("| ") else []
        if len(cells) == 5 and not cells[0].startswith("name "):
            codes = tuple(sorted(filter(None, re.split(r",\s*", cells[4].strip()))))
            found.append(Expected(*(cell.strip() for cell in cells[:4]), codes))
    return found


ROWS = expected_rows()


def identity(store: Store, name: str) -> int:
    with store.read() as connection:
        return int(connection.execute(select(place.c.id).where(place.c.name == name)).scalar_one())


def test_the_table_holds_at_least_80_names() -> None:
    assert len(ROWS) >= 80
    assert len(
        {row[:4] for row in ((r.name, r.kind, r.division, r.replaces) for r in ROWS)}
    ) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{row.kind}-{row.division}")
def test_the_rules_say_what_the_table_says(register: Store, row: Expected) -> None:
    former = identity(register, row.replaces) if row.replaces else None
    checked = check_name(register, NameQuestion(row.name, row.kind, row.division, former))
    assert tuple(sorted({finding.code for finding in checked.findings})) == row.findings
