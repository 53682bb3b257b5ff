"""Names that the law wants told apart (重名、同音): the same, alike in sound, one Mongolian word.

The scopes are those of 地名管理条例 Art 9 (L753), as standards.md §4.4 lists them. Existing
duplicates are not unlawful; the list says where a new or changed name has to keep clear, and
which records register one thing twice.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from sqlalchemy import Connection, select

from data.store import Store
from gazetteer.likeness import (
    DuplicateKind,
    NamedRecord,
    Scope,
    ScopeRule,
    likeness,
    scope_rules,
)
from gazetteer.names import fold, split_name
from gazetteer.search import search_form
from gazetteer.search.tables import DIVISION

_TELL_EVERY: Final = 5_000
_AFTER_DIGITS: Final = ":"
_DOUBLED: Final = ("216", "276")
_COMMITTEE_LEVEL: Final = "village"
_DIVISION_CATEGORY: Final = {0: "212", 1: "213", 2: "214", 3: "215"}


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


def _untold(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def duplicates(
    store: Store, within: str = "", told: Callable[[str, int, int], None] = _untold
) -> Iterator[Duplicate]:
    """Every pair of names in force that are alike in their scope, scope by scope.

    Args:
        store: whose index of names is current.
        within: only records whose division code begins so; names outside it are not compared.
        told: is told now and then what is done, how much of it, and of how much (0: unknown).
    """
    records: list[NamedRecord] = []
    with store.read() as connection:
        for record in _records(connection, within):
            records.append(record)
            if len(records) % _TELL_EVERY == 0:
                told("names", len(records), 0)
    rules = scope_rules()
    for number, rule in enumerate(rules):
        told("scopes", number, len(rules) + 1)
        if not rule.categories:
            continue  # whether a feature is famous is told by its class, which records do not have
        chosen = [r for r in records if r.category_code.startswith(rule.categories)]
        yield from _alike(chosen, rule)
    yield from _doubled(r for r in records if r.category_code.startswith(_DOUBLED))


def _records(connection: Connection, within: str) -> Iterator[NamedRecord]:
    """Standard names in Han characters of what is in force, in the order of results."""
    form = search_form.c
    statement = (
        select(
            form.feature, form.target_id, form.text, form.pinyin, form.family, form.standing,
            form.division_code, form.category_code, form.lon, form.lat,
        )
        .where(form.kind == "standard", form.pinyin != "", form.to_day.is_(None))
        .where(form.status.is_distinct_from("former"))
        .order_by(form.ordinal)
    )  # fmt: skip
    if within:  # codes are digits, so a beginning is a range, which an index leads to
        code = form.division_code
        statement = statement.where(code >= within, code < within + _AFTER_DIGITS)
    for row in connection.execute(statement.execution_options(yield_per=10_000)):
        division = row.feature == DIVISION
        category = _DIVISION_CATEGORY.get(row.standing, "") if division else row.category_code
        yield NamedRecord(
            "division" if division else "place",
            row.target_id,
            row.text,
            row.pinyin,
            row.family,
            row.division_code or "",
            category or "",
            row.lon,
            row.lat,
        )


def _alike(records: Iterable[NamedRecord], rule: ScopeRule) -> Iterator[Duplicate]:
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


def _doubled(records: Iterable[NamedRecord]) -> Iterator[Duplicate]:
    """An area and a body of one village in one township, whatever committee the name ends with."""
    groups: dict[tuple[str, str], list[NamedRecord]] = {}
    for record in records:
        area = Scope.TOWNSHIP.area(record.division_code)
        groups.setdefault((area, village_of(record.name)), []).append(record)
    zh, en = _SAID[DuplicateKind.DOUBLE_REGISTRATION]
    for (area, _), group in groups.items():
        for first, second in combinations(group, 2):
            if first.category_code[:3] != second.category_code[:3]:
                kind = DuplicateKind.DOUBLE_REGISTRATION
                yield Duplicate(kind, Scope.TOWNSHIP, area, first, second, zh, en, "C3")


def village_of(name: str) -> str:
    """A village's name without what it is called as an area or a body.

    >>> village_of("巴彦塔拉嘎查村民委员会"), village_of("前进村民委员会")
    ('巴彦塔拉', '前进')
    """
    specific = fold(name)
    while (parts := split_name(specific)).generic and parts.generic.level == _COMMITTEE_LEVEL:
        specific = parts.specific
    return specific.removesuffix("村") if len(specific) > 2 else specific  # noqa: PLR2004 - 新村
