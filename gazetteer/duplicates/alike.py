"""Pairs of names that the law wants told apart (重名、同音), among records that one reads. Pure.

The scopes are those of 地名管理条例 Art 9 (L753), as standards.md §4.4 lists them. Existing
duplicates are not unlawful; the list says where a new or changed name has to keep clear, and
which records register one thing twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from gazetteer.likeness import DuplicateKind, NamedRecord, Scope, ScopeRule, likeness
from gazetteer.names import fold, split_name

TWICE: Final = ("216", "276")
"""A village as an area, and its committee as a body."""
_COMMITTEE_LEVEL: Final = "village"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two records whose names are alike in the scope that the law names.

    `within` is the beginning of the division codes that both share, empty for the nation.
    """

    kind: DuplicateKind
    scope: Scope
    within: str
    first: NamedRecord
    second: NamedRecord
    zh: str
    en: str
    source: str


_SAID: Final[Mapping[DuplicateKind, tuple[str, str]]] = {
    DuplicateKind.SAME_NAME: ("同名", "the same name"),
    DuplicateKind.SAME_SOUND_AND_TONE: ("同音同调", "the same sound and tone"),
    DuplicateKind.SAME_SOUND: ("同音异调", "the same sound, another tone"),
    DuplicateKind.SAME_FAMILY: (
        "同一蒙古语词的不同译写",
        "spellings of the same Mongolian words",
    ),
    DuplicateKind.DOUBLE_REGISTRATION: (
        "同一村（居）以区域（216）和组织（276）重复登记",
        "one village registered as an area (216) and as a body (276)",
    ),
}


def pairs_alike(records: Sequence[NamedRecord], rules: Iterable[ScopeRule]) -> Iterator[Duplicate]:
    """Every pair of records that are alike in the scope of a rule, rule by rule.

    Args:
        records: in the order of results; whole areas of the rules' scopes.
        rules: those without categories (whether a feature is famous is told by its class, which
            records do not have) find nothing.
    """
    for rule in rules:
        if rule.categories:
            yield from _under(
                rule, [r for r in records if r.category_code.startswith(rule.categories)]
            )


def _under(rule: ScopeRule, records: Iterable[NamedRecord]) -> Iterator[Duplicate]:
    groups: dict[tuple[str, str, str], list[NamedRecord]] = {}
    for record in records:
        area = rule.scope.area(record.division_code)
        groups.setdefault((area, "pinyin", record.pinyin), []).append(record)
        if record.family:
            groups.setdefault((area, "family", record.family), []).append(record)
    for (area, key, _), group in groups.items():
        for first, second in combinations(group, 2):
            kind = _kind(first, second, by_family=key == "family")
            if kind:
                zh, en = _SAID[kind]
                said = (f"{zh}：{rule.zh}", f"{en}: {rule.en}")
                yield Duplicate(kind, rule.scope, area, first, second, *said, rule.source)


def _kind(first: NamedRecord, second: NamedRecord, *, by_family: bool) -> DuplicateKind | None:
    """How two names of one group are alike; None where another group says it already."""
    if (first.feature, first.id) == (second.feature, second.id):
        return None
    if by_family and first.pinyin == second.pinyin:
        return None
    return likeness(first, second)


def registered_twice(records: Iterable[NamedRecord]) -> Iterator[Duplicate]:
    """An area and a body of one village in one township, whatever committee the name ends with."""
    townships: dict[str, list[NamedRecord]] = {}
    for record in records:
        if record.category_code.startswith(TWICE):
            area = Scope.TOWNSHIP.area(record.division_code)
            townships.setdefault(area, []).append(record)
    zh, en = _SAID[DuplicateKind.DOUBLE_REGISTRATION]
    for area, villages in townships.items():
        for first, second in _doubled(villages):
            kind = DuplicateKind.DOUBLE_REGISTRATION
            yield Duplicate(kind, Scope.TOWNSHIP, area, first, second, zh, en, "C3")


def _doubled(villages: Sequence[NamedRecord]) -> Iterator[tuple[NamedRecord, NamedRecord]]:
    if len({one.category_code[:3] for one in villages}) == 1:
        return  # most registers hold areas or bodies only: nothing to take apart
    groups: dict[str, list[NamedRecord]] = {}
    for record in villages:
        groups.setdefault(village_of(record.name), []).append(record)
    for group in groups.values():
        for first, second in combinations(group, 2):
            if first.category_code[:3] != second.category_code[:3]:
                yield first, second


def village_of(name: str) -> str:
    """A village's name without what it is called as an area or a body.

    >>> village_of("巴彦塔拉嘎查村民委员会"), village_of("前进村民委员会")
    ('巴彦塔拉', '前进')
    """
    specific = fold(name)
    while (parts := split_name(specific)).generic and parts.generic.level == _COMMITTEE_LEVEL:
        specific = parts.specific
    return specific.removesuffix("村") if len(specific) > 2 else specific  # noqa: PLR2004 - 新村
