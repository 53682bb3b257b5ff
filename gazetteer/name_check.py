"""A proposed name held against the rules and the register (命名审查).

The rules themselves are pure (`gazetteer.rules`); here what they need to see is read from the
store: names that may be alike, features and divisions larger than the place, local names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select

from data.errors import NotFound, NotReady
from data.reference import load_table
from data.reference.tables import kept
from data.store import Store
from gazetteer.likeness import NamedRecord, Scope, specific_of
from gazetteer.names import clean_name, search_keys
from gazetteer.rules import (
    CheckedName,
    Former,
    Proposal,
    Surroundings,
    check_proposal,
    find_class,
)
from gazetteer.rules.alike import scope_of
from gazetteer.rules.structure import parts_of
from gazetteer.search import Lexicon, is_current, lexicon_of
from gazetteer.search.lexicon import significant
from gazetteer.search.running import run
from gazetteer.search.tables import DIVISION
from gazetteer.search.terms import LONGEST_GRAM, NEAR_SOUND, sought_family_terms
from gazetteer.tables import place

_LEVELS: Final = {"212": "region", "213": "prefecture", "214": "county", "215": "township"}
_CATEGORY_OF_STANDING: Final = {0: "212", 1: "213", 2: "214", 3: "215"}
_AFTER_DIGITS: Final = ":"
_MOST: Final = 2_000
_NATURAL: Final = "1"
_COUNTY_DIGITS: Final = 6
_IN_FORCE: Final = (
    "f.kind = 'standard' AND f.to_day IS NULL AND (f.status IS NULL OR f.status <> 'former')"
)
_FOUND: Final = (
    "SELECT f.feature, f.target_id, f.text, f.pinyin, f.family, f.division_code, f.category_code,"
    " f.standing, f.lon, f.lat FROM search_term t JOIN search_form f ON f.ordinal = t.ordinal"
    " WHERE t.term = ? AND "
)


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """A name that somebody wants to have checked, as it was typed.

    Attributes:
        name: the name.
        kind: a class of names or a category, by code or in words.
        division: a division's code or name.
        place_id: the place whose name it would replace.
        measures: sizes by measure, such as `area_m2`.
        measures_given: whether a document of protective measures is there (Art 25).
        category: a category code of the class; its first one by default.
    """

    name: str
    kind: str
    division: str
    place_id: int | None = None
    measures: Mapping[str, float] = field(default_factory=dict)
    measures_given: bool = False
    category: str = ""


def check_name(store: Store, question: NameQuestion) -> CheckedName:
    """Hold a name against the naming rules and the register.

    Raises:
        InvalidValue: the name, class or division is none.
        NotFound: there is no such place.
        NotReady: the index of names is being made.
    """
    with store.read() as connection:
        return check_in(connection, question, lexicon_of(store, connection))


def check_in(
    connection: Connection,
    question: NameQuestion,
    lexicon: Lexicon,
    pending: Sequence[NamedRecord] = (),
) -> CheckedName:
    """The same on a connection, with names that other applications propose."""
    if not is_current(connection):
        raise NotReady(
            "the text index is being made; ask again in a minute", "检索索引正在建立；请稍后再试"
        )
    name = clean_name(question.name)
    name_class, category = find_class(question.kind)
    entry = lexicon.resolve(question.division, field="in")
    proposal = Proposal(
        name=name,
        name_class=name_class,
        category_code=question.category or category,
        division_code=entry.code,
        division_names=lexicon.path_names(entry.code),
        measures=question.measures,
        former=_former(connection, question),
    )
    return check_proposal(proposal, _surroundings(connection, proposal, lexicon, pending))


def _former(connection: Connection, question: NameQuestion) -> Former | None:
    if question.place_id is None:
        return None
    row = connection.execute(
        select(place.c.name, place.c.heritage).where(place.c.id == question.place_id)
    ).one_or_none()
    if row is None:
        raise NotFound(
            f"there is no place {question.place_id}", f"没有编号为 {question.place_id} 的地名"
        )
    listed = bool(row.heritage)
    return Former(
        "place", question.place_id, row.name, listed, listed, measures=question.measures_given
    )


def _surroundings(
    connection: Connection, proposal: Proposal, lexicon: Lexicon, pending: Sequence[NamedRecord]
) -> Surroundings:
    alike = [*_alike(connection, proposal), *_national(proposal)]
    larger = list(_larger(connection, proposal))
    codes = {record.division_code for record in (*alike, *larger, *pending)}
    return Surroundings(
        alike=alike,
        pending=pending,
        larger=larger,
        local_names=_local_names(connection, proposal),
        paths={code: " › ".join(lexicon.path_names(code)) for code in codes},
        whole_nation=proposal.name_class.is_division,
    )


def _alike(connection: Connection, proposal: Proposal) -> Iterator[NamedRecord]:
    """Names of the class in the scope that share sound, families or specific part."""
    scope = scope_of(proposal)
    if scope is None:
        return
    area = scope.scope.area(proposal.division_code)
    keys = search_keys(proposal.name)
    specific = search_keys(specific_of(proposal.name)).pinyin
    terms = {f"h{NEAR_SOUND.key(sound)}" for sound in (keys.pinyin, specific) if sound}
    found = {(r.feature, r.id): r for term in terms for r in _of_term(connection, term, area)}
    begins = parts_of(proposal.name, proposal.category_code).specific
    if begins:
        term = f"^{begins[:LONGEST_GRAM]}"
        beginning = ("substr(f.folded, 1, ?) = ?", (len(begins), begins))
        found |= {(r.feature, r.id): r for r in _of_term(connection, term, area, beginning)}
    for term in sought_family_terms(keys.family)[:1]:
        same = ("f.family = ?", (keys.family,))
        found |= {(r.feature, r.id): r for r in _of_term(connection, term, area, same)}
    beginnings = scope.categories or proposal.name_class.categories
    yield from (r for r in found.values() if r.category_code.startswith(beginnings))


def _of_term(
    connection: Connection,
    term: str,
    area: str,
    more: tuple[str, tuple[Any, ...]] = ("1 = 1", ()),
) -> Iterator[NamedRecord]:
    """Names in force that have a term of the index, in an area of division codes."""
    sql, values = _FOUND + f"{_IN_FORCE} AND {more[0]}", more[1]
    if area:
        sql += " AND f.division_code >= ? AND f.division_code < ?"
        values = (*values, area, area + _AFTER_DIGITS)
    for row in run(connection, f"{sql} ORDER BY t.ordinal LIMIT {_MOST}", (term, *values)):
        feature, identity, text, pinyin, family, code, category, standing, lon, lat = row
        division = feature == DIVISION
        yield NamedRecord(
            "division" if division else "place",
            identity,
            text,
            pinyin,
            family,
            code or "",
            (_CATEGORY_OF_STANDING.get(standing, "") if division else category) or "",
            lon,
            lat,
        )


@kept
def _national_names(folder: Path | None = None) -> Mapping[str, tuple[NamedRecord, ...]]:
    """The nation's divisions of county level and above by the pinyin of whole and specific part."""
    found: dict[str, list[NamedRecord]] = {}
    category = {level: code for code, level in _LEVELS.items()}
    for row in load_table("national_divisions", folder):
        record = NamedRecord.of(row["name"], row["code"], category[row["level"]])
        specific = search_keys(specific_of(row["name"])).pinyin
        for key in {record.pinyin, specific, record.family} - {""}:
            found.setdefault(key, []).append(record)
    return {key: tuple(records) for key, records in found.items()}


def _national(proposal: Proposal) -> Iterable[NamedRecord]:
    if proposal.category_code not in _LEVELS or proposal.category_code == "215":
        return ()
    keys = search_keys(proposal.name)
    specific = search_keys(specific_of(proposal.name)).pinyin
    names = _national_names()
    wanted = {keys.pinyin, specific, keys.family} - {""}
    found = {(r.division_code, r.name): r for key in wanted for r in names.get(key, ())}
    return [r for r in found.values() if not _in_register(r, proposal)]


def _in_register(record: NamedRecord, proposal: Proposal) -> bool:
    """The register itself tells of its own region's divisions."""
    return record.division_code[:2] == proposal.division_code[:2]


def _larger(connection: Connection, proposal: Proposal) -> Iterator[NamedRecord]:
    """Natural features with the division's specific part that lie in a division above it."""
    if not proposal.name_class.is_division:
        return
    specific = parts_of(proposal.name, proposal.category_code).specific
    for feature in _of_term(connection, f"={specific}", ""):
        code = significant(feature.division_code)
        # Of a feature without a division nothing says how far it reaches, nor that it is near.
        above = 0 < len(code) < _COUNTY_DIGITS and proposal.division_code.startswith(code)
        if feature.category_code.startswith(_NATURAL) and above:
            yield feature


def _local_names(connection: Connection, proposal: Proposal) -> frozenset[str] | None:
    """Specific parts of names in the county that sound like that of a facility."""
    parts = parts_of(proposal.name, proposal.category_code)
    area = Scope.COUNTY.area(proposal.division_code)
    found: set[str] = set()
    for bare in {parts.specific, parts.specific.strip("东西南北中新")} - {""}:
        sound = search_keys(bare).pinyin
        if not sound:
            continue
        names = _of_term(connection, f"h{NEAR_SOUND.key(sound)}", area)
        own = proposal.former.id if proposal.former else 0
        found |= {specific_of(n.name) for n in names if n.id != own or n.feature != "place"}
    return frozenset(found)
