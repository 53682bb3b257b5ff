"""Every refusal names the value that is wrong, in Chinese as in English."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import errors
from data.errors import Fault, InvalidValue, OvooError

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("data", "gazetteer", "boundary", "web")
TEXTS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60)


@given(TEXTS.filter(str.strip))
def test_a_wrong_value_is_named_in_both_languages(value: str) -> None:
    refused = InvalidValue("lat", value, "a latitude is within ±90", "correct it", "纬度有误")
    assert repr(value) in refused.message
    assert value in refused.zh
    assert refused.clauses_zh == "纬度有误"


@given(TEXTS.filter(str.strip), st.sampled_from([None, 3]), st.sampled_from([None, "纬度"]))
def test_a_fault_names_its_value_in_both_languages(
    value: str, row: int | None, column: str | None
) -> None:
    fault = Fault(
        "invalid-value", row, column, value, "应为数字；请更正", "is a number; correct it"
    )
    assert value in fault.sentence("zh")
    assert value in fault.sentence() or repr(value) in fault.sentence()


@pytest.mark.parametrize(
    ("value", "zh", "told"),
    [
        ("3", "每次 1 至 30 张", "每次 1 至 30 张（所给：3）"),
        ("3", "共 3 张", "共 3 张"),
        ("1.5", "共1.5米", "共1.5米"),
        ("1", "共 1.5 米", "共 1.5 米（所给：1）"),
        ("  ", "缺少名称", "缺少名称"),
        ("x\ty", "缺少名称", "缺少名称（所给：x\\ty）"),
        ("甲" * 99, f"“{'甲' * 50}”过长", f"“{'甲' * 50}”过长"),
        ("甲" * 99, "过长", f"过长（所给：{'甲' * 77}...）"),
    ],
)
def test_a_value_is_named_once_and_as_a_word(value: str, zh: str, told: str) -> None:
    assert InvalidValue("f", value, "rule", "way out", zh).zh == told


def kinds_of_error() -> set[str]:
    """The errors of two sentences; `InvalidValue` and `Fault` name their value by themselves."""
    kinds = {OvooError}
    for kind in list(kinds):
        kinds |= _below(kind)
    return {kind.__name__ for kind in kinds} - {"InvalidValue"}


def _below(kind: type[OvooError]) -> set[type[OvooError]]:
    own = set(kind.__subclasses__())
    return own.union(*map(_below, own))


def sentences() -> Iterator[tuple[str, ast.JoinedStr, ast.expr]]:
    """Where, the English and the Chinese of each error whose English names something."""
    kinds = kinds_of_error()
    for path in sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")):
        if "node_modules" in path.parts:
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or len(call.args) < 2:
                continue
            name = ast.unparse(call.func).rpartition(".")[2]
            english, chinese = call.args[:2]
            if name in kinds and isinstance(english, ast.JoinedStr):
                yield f"{path.relative_to(ROOT)}:{call.lineno}", english, chinese


def named(sentence: ast.expr) -> int:
    """How many things a sentence names."""
    return len({ast.unparse(n) for n in ast.walk(sentence) if isinstance(n, ast.FormattedValue)})


def test_a_refusal_names_in_chinese_what_it_names_in_english() -> None:
    found = list(sentences())
    assert len(found) > 150
    assert errors.NotFound.__name__ in kinds_of_error()
    fewer = [
        where
        for where, english, chinese in found
        if isinstance(chinese, ast.JoinedStr | ast.Constant) and named(chinese) < named(english)
    ]
    assert fewer == []
