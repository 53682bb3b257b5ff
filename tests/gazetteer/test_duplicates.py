"""Names that are alike where the law wants them told apart."""

import pytest

from data.store import Store
from gazetteer.duplicates import duplicates, village_of
from gazetteer.likeness import DuplicateKind, Scope
from gazetteer.search import rebuild
from gazetteer.tables import division, place

K = DuplicateKind
PLACES = [
    # villages of one county, and one of another
    ("新建村", "21610", "150423100201"),
    ("新建村", "21610", "150423101202"),
    ("新建村", "21610", "150424100201"),
    ("星建村", "21610", "150423102203"),
    ("薪建村", "21610", "150423103204"),
    ("巴彦塔拉嘎查", "21610", "150423104205"),
    ("白音他拉嘎查", "21610", "150423105206"),
    # one village twice
    ("前进村", "21610", "150423100207"),
    ("前进村民委员会", "27610", "150423100207"),
    # natural features have no scope
    ("大青山", "13400", "150423"),
    ("大青山", "13400", "150423"),
    # no longer in use
    ("新建村", "21610", "150423106208"),
]
TOWNSHIPS = [
    ("150421206", "乌兰哈达苏木"),
    ("150526212", "乌兰哈达苏木"),
    ("230123100", "乌兰哈达苏木"),
]


@pytest.fixture
def register(store: Store) -> Store:
    with store.write("tester", "alike") as transaction:
        transaction.insert_many(
            division, ({"code": c, "name": n, "level": "township"} for c, n in TOWNSHIPS)
        )
        transaction.insert_many(
            place,
            (
                {
                    "name": name,
                    "category_code": category,
                    "division_code": code,
                    "status": "former" if number == len(PLACES) else "standard",
                }
                for number, (name, category, code) in enumerate(PLACES, start=1)
            ),
        )
        rebuild(transaction)
    return store


def test_every_kind_of_likeness_in_its_scope(register: Store) -> None:
    found = {
        (d.kind, d.scope, d.within, frozenset({d.first.name, d.second.name}))
        for d in duplicates(register)
    }
    assert found == {
        (K.SAME_NAME, Scope.PROVINCE, "15", frozenset({"乌兰哈达苏木"})),
        (K.SAME_NAME, Scope.COUNTY, "150423", frozenset({"新建村"})),
        (K.SAME_SOUND_AND_TONE, Scope.COUNTY, "150423", frozenset({"新建村", "薪建村"})),
        (K.SAME_FAMILY, Scope.COUNTY, "150423", frozenset({"巴彦塔拉嘎查", "白音他拉嘎查"})),
        (
            K.DOUBLE_REGISTRATION,
            Scope.TOWNSHIP,
            "150423100",
            frozenset({"前进村", "前进村民委员会"}),
        ),
    }


def test_a_pair_names_its_rule_and_both_records(register: Store) -> None:
    first = next(d for d in duplicates(register) if d.scope is Scope.PROVINCE)
    assert first.source == "L753 Art 9"
    assert "乡镇" in first.zh
    assert "townships" in first.en
    assert first.first.id != first.second.id


def test_only_within_a_division(register: Store) -> None:
    assert list(duplicates(register, within="150424")) == []


@pytest.mark.parametrize(
    ("name", "village"),
    [
        ("巴彦塔拉嘎查", "巴彦塔拉"),
        ("巴彦塔拉嘎查委员会", "巴彦塔拉"),
        ("前进村", "前进"),
        ("前进村村民委员会", "前进"),
        ("新村", "新村"),
        ("幸福社区居民委员会", "幸福"),
    ],
)
def test_a_village_is_known_under_each_of_its_titles(name: str, village: str) -> None:
    assert village_of(name) == village


def test_another_tone_is_told_apart(store: Store) -> None:
    with store.write("tester", "tones") as transaction:
        names = (("宁城村", "150423100201"), ("凝城村", "150423100202"), ("拧城村", "150423100203"))
        transaction.insert_many(
            place,
            (
                {"name": n, "category_code": "21610", "division_code": c, "status": "standard"}
                for n, c in names
            ),
        )
        rebuild(transaction)
    kinds = {frozenset({d.first.name, d.second.name}): d.kind for d in duplicates(store)}
    assert kinds[frozenset({"宁城村", "凝城村"})] is K.SAME_SOUND_AND_TONE
