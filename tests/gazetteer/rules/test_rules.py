"""What the table of names cannot show: thresholds, articles, operator's lists, kinds of errors."""

from pathlib import Path

import pytest

from data.errors import InvalidValue, NotFound
from data.reference import load_table
from data.store import Store
from gazetteer.likeness import NamedRecord, Scope
from gazetteer.name_check import NameQuestion, check_name
from gazetteer.rules import (
    Former,
    Proposal,
    Severity,
    Surroundings,
    check_proposal,
    class_of_category,
    find_class,
    name_class,
)
from gazetteer.rules import tables as rule_tables
from gazetteer.rules.alike import MOST_ALIKE


def proposal(name: str, kind: str = "street", **more: object) -> Proposal:
    found, category = find_class(kind)
    return Proposal(name, found, category, "150102", **more)  # type: ignore[arg-type]


def test_each_finding_says_its_article_its_weight_and_itself_in_both_languages() -> None:
    checked = check_proposal(proposal("巴黎路"), Surroundings())
    (finding,) = checked.findings
    assert (finding.code, finding.severity) == ("foreign-name", Severity.BLOCKS)
    assert finding.article == "L753 Art 9"
    assert "巴黎" in finding.zh
    assert "巴黎" in finding.en
    assert checked.blocked
    assert checked.as_json()["outcome"] == "blocks"


def test_the_weightiest_finding_stands_first() -> None:
    checked = check_proposal(proposal("毛泽东1河"), Surroundings())
    weights = [finding.severity for finding in checked.findings]
    assert weights == sorted(weights, key=list(Severity).index)
    assert {f.code for f in checked.findings} == {"leader-name", "digits", "generic-misfit"}


def test_what_a_person_must_judge_stands_beside_the_findings() -> None:
    new = check_proposal(proposal("丁香路"), Surroundings())
    assert [question.code for question in new.manual] == ["clear-meaning", "fits-reality"]
    former = Former("place", 1, "旧路")
    renamed = check_proposal(proposal("丁香路", former=former), Surroundings())
    assert "name-and-reality" in [question.code for question in renamed.manual]
    assert new.outcome == "clear"


def test_measures_lift_the_bar_on_a_listed_name() -> None:
    former = Former("place", 1, "旧路", heritage=True, listed=True)
    barred = check_proposal(proposal("丁香路", former=former), Surroundings())
    assert [f.code for f in barred.findings] == ["rename-listed-heritage"]
    assert barred.findings[0].article == "L753 Art 25"
    former = Former("place", 1, "旧路", heritage=True, listed=True, measures=True)
    asked = check_proposal(proposal("丁香路", former=former), Surroundings())
    assert [f.code for f in asked.findings] == ["rename-heritage"]


def test_another_application_for_the_name_is_told() -> None:
    pending = [NamedRecord.of("丁香路", "150103", "2351")]
    checked = check_proposal(proposal("丁香路"), Surroundings(pending=pending))
    assert [f.code for f in checked.findings] == ["same-name-pending"]


def test_an_application_elsewhere_is_no_matter() -> None:
    pending = [NamedRecord.of("丁香路", code, "2351") for code in ("150202", "150121", "")]
    checked = check_proposal(proposal("丁香路"), Surroundings(pending=pending))
    assert checked.findings == ()


def test_a_crowd_of_likenesses_is_cut() -> None:
    alike = [
        NamedRecord("place", number, "丁香路", "dingxianglu", "", "150102", "2351")
        for number in range(1, 100)
    ]
    checked = check_proposal(proposal("丁香路"), Surroundings(alike=alike))
    assert len(checked.findings) == MOST_ALIKE


@pytest.mark.parametrize(
    ("value", "codes"), [(900.0, ["generic-size"]), (1500.0, []), (99_000.0, ["generic-size"])]
)
def test_a_locality_sets_the_sizes_of_generic_terms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: float, codes: list[str]
) -> None:
    (tmp_path / "generic_thresholds.csv").write_text(
        "generic,class,measure,minimum,maximum,mark,source\n"
        "大街,street,length_m,1000,20000,K,a test\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("OVOO_REFERENCE", str(tmp_path))
    sized = proposal("丁香大街", measures={"length_m": value})
    checked = check_proposal(sized, Surroundings())
    assert [f.code for f in checked.findings] == codes


def test_an_operator_replaces_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "listed_names.csv").write_text(
        "name,kind,note,mark,source\n丁香,company,,K,a test\n", encoding="utf-8"
    )
    monkeypatch.setenv("OVOO_REFERENCE", str(tmp_path))
    checked = check_proposal(proposal("丁香路"), Surroundings())
    assert [f.code for f in checked.findings] == ["company-name"]
    assert not check_proposal(proposal("巴黎路"), Surroundings()).findings


def test_no_leader_is_listed_who_is_not_marked_an_example() -> None:
    for row in load_table("listed_names"):
        assert "example row" in row["source"], row["name"]


@pytest.mark.parametrize(
    ("text", "code", "category"),
    [
        ("street", "street", "2351"),
        ("街路巷", "street", "2351"),
        ("2351", "street", "2351"),
        ("23510", "street", "2351"),
        ("桥梁", "transport", "2361"),
        ("bridges", "transport", "2361"),
        ("乡级", "division-township", "215"),
        ("嘎查", "committee-seat", "216"),
        ("风景名胜区（点）", "park", "253"),
    ],
)
def test_a_class_is_found_by_any_of_its_words(text: str, code: str, category: str) -> None:
    found, of = find_class(text)
    assert (found.code, of) == (code, category)


def test_what_is_no_class_is_refused_with_the_list() -> None:
    with pytest.raises(InvalidValue, match="street"):
        find_class("spaceship")
    with pytest.raises(InvalidValue):
        name_class("spaceship")
    assert class_of_category("9") is None


def test_every_rule_that_no_person_judges_stands_in_the_document() -> None:
    text = (Path(__file__).parents[3] / "docs" / "naming-rules.md").read_text(encoding="utf-8")
    codes = [row["code"] for row in load_table("name_rules") if row["severity"] != Severity.MANUAL]
    assert [code for code in codes if f"`{code}`" not in text] == []


def test_bad_questions_are_refused(register: Store) -> None:
    with pytest.raises(InvalidValue, match="in = "):
        check_name(register, NameQuestion("丁香路", "street", "999999"))
    with pytest.raises(InvalidValue, match="letters"):
        check_name(register, NameQuestion(" ", "street", "150102"))
    with pytest.raises(NotFound):
        check_name(register, NameQuestion("丁香路", "street", "150102", 99_999))


@pytest.mark.parametrize(
    ("scope", "one", "other", "together"),
    [
        (Scope.BUILT_UP, "150102", "150105001", True),
        (Scope.BUILT_UP, "150102", "150121", False),
        (Scope.BUILT_UP, "150121", "150121101", True),
        (Scope.BUILT_UP, "152501", "152502", False),  # cities under a league are no districts
        (Scope.PROVINCE, "150421206", "152526212", True),
        (Scope.PROVINCE, "150421206", "230123100", False),
        (Scope.NATION, "150421206", "230123100", True),
    ],
)
def test_areas_of_scopes(scope: Scope, one: str, other: str, together: bool) -> None:  # noqa: FBT001
    assert scope.holds(one, other) is together


def test_tables_of_terms_know_their_classes() -> None:
    for row in load_table("name_scopes"):
        for code in row["classes"].split("|"):
            assert code in rule_tables.name_classes()


def test_every_rule_that_no_person_judges_is_looked_for() -> None:
    """By its code, in the program's text: each function, each kind of likeness names its rule."""
    folder = Path(rule_tables.__file__).parent
    modules = [*folder.glob("*.py"), folder.parent / "likeness.py"]
    text = "".join(path.read_text(encoding="utf-8") for path in modules)
    rows = load_table("name_rules")
    judged = {row["code"] for row in rows if row["severity"] == "manual"}
    unknown = [row["code"] for row in rows if f'"{row["code"]}"' not in text]
    assert set(unknown) <= judged
