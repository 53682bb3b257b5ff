"""Every input that fuzzing keeps is taken, or refused by the program's own errors."""

from pathlib import Path

import pytest
from fuzz_targets import TARGETS

CORPORA = Path(__file__).parent / "fuzz_corpora"
KEPT = sorted(path for path in CORPORA.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", KEPT, ids=[f"{one.parent.name}-{one.name}" for one in KEPT])
def test_a_kept_input(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_each_target_has_seeds() -> None:
    assert {path.parent.name for path in KEPT} == set(TARGETS)
