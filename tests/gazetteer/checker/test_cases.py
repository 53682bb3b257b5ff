"""The table of cases, on both stores."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gazetteer.checker import CheckedDocument


def cases() -> list[tuple[str, str]]:
    lines = Path(__file__).with_name("cases.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("|")][2:]
    return [(row[0].strip(), row[1].strip()) for row in rows]


def test_the_table_has_enough_cases() -> None:
    assert len(cases()) >= 40


@pytest.mark.parametrize(("text", "said"), cases())
def test_case(check: Callable[[str], CheckedDocument], text: str, said: str) -> None:
    found = [
        f"{one.kind} {one.level} {one.text} → {one.standard}".strip()
        for one in check(text).checked.findings
    ]
    assert "; ".join(found) == said.replace("–", "")
