"""How well names are found and judged in running text; docs/text-checker.md states the figures."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from marked_texts import Score, read_marked, score

from gazetteer.checker import CheckedDocument

HERE = Path(__file__).parent
DOCS = HERE.parents[2] / "docs" / "text-checker.md"
TEXTS = ("tuned", "heldback")


def scores(check: Callable[[str], CheckedDocument], name: str) -> tuple[Score, Score]:
    text, marks = read_marked(HERE / f"{name}.md")
    checked = check(text).checked
    # A text's blank lines are no pieces: offsets are those of the lines joined again.
    assert "\n\n" not in text
    mentions = score(
        {(mark.start, mark.end) for mark in marks},
        {(one.start, one.end) for one in checked.mentions},
    )
    wanted = {(m.end, m.kind, m.standard) for m in marks if m.kind not in {"", "past"}}
    said = {(one.end, one.kind.value, one.standard) for one in checked.findings}
    return mentions, score(wanted, said)


def test_there_are_three_hundred_mentions() -> None:
    assert sum(len(read_marked(HERE / f"{name}.md")[1]) for name in TEXTS) >= 300


@pytest.mark.parametrize("name", TEXTS)
def test_names_are_found_and_judged(check: Callable[[str], CheckedDocument], name: str) -> None:
    mentions, findings = scores(check, name)
    assert min(mentions.precision, mentions.recall) >= 0.98
    assert findings.precision == 1.0
    assert findings.recall >= 0.84


@pytest.mark.parametrize("name", TEXTS)
def test_the_page_states_these_figures(check: Callable[[str], CheckedDocument], name: str) -> None:
    mentions, findings = scores(check, name)
    row = next(
        line
        for line in DOCS.read_text(encoding="utf-8").splitlines()
        if line.startswith(f"| `{name}.md`")
    )
    stated = re.findall(r"\d\.\d{3}", row)
    measured = (
        mentions.precision, mentions.recall, findings.precision, findings.recall
    )  # fmt: skip
    assert stated == [f"{figure:.3f}" for figure in measured]
