"""The index of all names that a text is checked against, made once for a state of the register.

It holds what matching needs, in arrays: the forms of names in Chinese characters as an
Aho-Corasick automaton, hashes of forms within one edit, hashes of names in Latin letters. What
is said of a name (its standard form, its division) is read from the store when it is found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from data.reference import load_table
from gazetteer.checker.characters import is_han, plain
from gazetteer.checker.hashing import Hashes, neighbourhoods
from gazetteer.checker.owners import (
    OUTSIDE,
    Form,
    Owners,
    code_number,
    read_divisions,
    read_places,
    stated_former,
)
from gazetteer.checker.values import FormKind, Strength
from gazetteer.checker.words import words
from gazetteer.names import fold, scripts_of, split_name
from gazetteer.names.scripts import HAN, LATIN
from gazetteer.search.standing import COUNTY, PREFECTURE, TOWNSHIP, division_standing

LONGEST_FORM: Final = 24
"""No name in use is longer; longer texts in the register are descriptions."""
_SHORTEST_NEAR, _SHORTEST_NEAR_PLACE = 3, 4
_LONGEST_NEAR: Final = 12
_SURE_SIZE, _MEDIUM_SIZE = 4, 3


@dataclass(frozen=True, slots=True)
class References:
    """For each form, the owners it belongs to and what it is to each (compressed rows)."""

    starts: NDArray[np.int32]
    owners: NDArray[np.int32]
    kinds: NDArray[np.uint8]

    def of(self, form: int) -> list[tuple[int, FormKind]]:
        """The owners of a form, each with what the form is to it; the best first."""
        span = slice(self.starts[form], self.starts[form + 1])
        pairs = zip(self.owners[span].tolist(), self.kinds[span].tolist(), strict=True)
        return [(owner, FormKind(kind)) for owner, kind in pairs]


@dataclass(frozen=True, slots=True)
class HashTable:
    """Hashes in order, each with a number; several may share a hash."""

    hashes: Hashes
    numbers: NDArray[np.int32]

    @classmethod
    def of(cls, hashes: Hashes, numbers: NDArray[np.int32]) -> "HashTable":
        """The table of pairs in any order."""
        order = np.argsort(hashes, kind="stable")
        return cls(hashes[order], numbers[order])

    def find(self, wanted: int) -> list[int]:
        """The numbers of a hash."""
        key = np.uint64(wanted)
        left, right = np.searchsorted(self.hashes, key), np.searchsorted(self.hashes, key, "right")
        return [int(number) for number in self.numbers[left:right]]


@dataclass(frozen=True, slots=True)
class OwnerColumns:
    """The columns of `Owners` as arrays."""

    feature: NDArray[np.uint8]
    id: NDArray[np.int64]
    code: NDArray[np.int64]
    standing: NDArray[np.uint8]
    current: NDArray[np.bool_]
    sure: NDArray[np.bool_]

    @classmethod
    def of(cls, owners: Owners) -> "OwnerColumns":
        """The arrays of lists."""
        return cls(
            np.array(owners.feature, dtype=np.uint8),
            np.array(owners.id, dtype=np.int64),
            np.array(owners.code, dtype=np.int64),
            np.array(owners.standing, dtype=np.uint8),
            np.array(owners.current, dtype=bool),
            np.array(owners.sure, dtype=bool),
        )


@dataclass(frozen=True, slots=True)
class NamesIndex:
    """Everything that a text is matched against.

    Attributes:
        forms: the Han forms, plain, by number.
        sizes: of each form, its length in characters.
        strengths: of each form, a `Strength`.
        high: of each form, whether it is that of a division down to the township.
        references: whose form it is.
        owners: the things named.
        automaton: finds forms in a text; its values are their numbers.
        near_divisions, near_places: hashes within one edit of the standard names of divisions and
            of places, numbered by form.
        latin: references of names in Latin letters.
        latin_numbers: the numbers of those names by their folded texts.
    """

    forms: list[str]
    sizes: list[int]
    strengths: NDArray[np.uint8]
    high: NDArray[np.bool_]
    references: References
    owners: OwnerColumns
    automaton: Any
    near_divisions: HashTable
    near_places: HashTable
    latin: References
    latin_numbers: dict[str, int]

    def best_kind(self, form: int) -> FormKind:
        """What a form is to the owner it fits best."""
        return FormKind(self.references.kinds[self.references.starts[form]])

    def is_bare(self, form: int) -> bool:
        """Whether a form is at best a division's name without its generic term."""
        return self.best_kind(form) is FormKind.BARE


def build_index(connection: Connection) -> NamesIndex:
    """Read every name of the store and make the index; some seconds for 265,800 places."""
    owners = Owners()
    forms = [*read_divisions(connection, owners)]
    in_force = {
        f"{code:012}"[:6]: owner
        for owner, code in enumerate(owners.code)
        if owners.current[owner] and code % 10**6 == 0
    }
    forms += read_places(connection, owners)
    forms += stated_former(in_force)
    forms += _outside(owners, set(owners.code))
    return index_of(owners, forms)


def index_of(owners: Owners, forms: Iterable[Form]) -> NamesIndex:
    """The index of forms of names and their owners."""
    han: dict[str, dict[int, FormKind]] = {}
    latin: dict[str, dict[int, FormKind]] = {}
    for text, owner, kind in forms:
        table, key = _keyed(text, han, latin)
        if table is None or not 1 < len(key) <= LONGEST_FORM * (2 if table is latin else 1):
            continue
        known = table.setdefault(key, {})
        known[owner] = min(kind, known.get(owner, kind))
    texts = list(han)
    columns = OwnerColumns.of(owners)
    references = _references(han.values())
    strengths = np.array(
        [_strength(text, _best_standing(refs, owners)) for text, refs in han.items()],
        dtype=np.uint8,
    )
    owner_standing = columns.standing[references.owners]
    high = np.minimum.reduceat(owner_standing, references.starts[:-1]) <= TOWNSHIP
    return NamesIndex(
        texts,
        list(map(len, texts)),
        strengths,
        high,
        references,
        columns,
        make_automaton(texts, strengths),
        *_near_tables(texts, references, columns),
        _references(latin.values()),
        {text: number for number, text in enumerate(latin)},
    )


_Table = dict[str, dict[int, FormKind]]


def _keyed(text: str, han: _Table, latin: _Table) -> tuple[_Table | None, str]:
    """The table a text belongs to, by its script, and its key there."""
    key = plain(text)
    if is_han(key):
        return han, key
    scripts = scripts_of(key)
    if HAN in scripts:
        return han, "".join(key.split())
    return (latin, fold(text)) if scripts == (LATIN,) else (None, "")


def _references(rows: Iterable[dict[int, FormKind]]) -> References:
    starts, owners, kinds = [0], [], []
    for row in rows:
        for owner, kind in sorted(row.items(), key=lambda pair: pair[1]):
            owners.append(owner)
            kinds.append(kind)
        starts.append(len(owners))
    return References(
        np.array(starts, dtype=np.int32),
        np.array(owners, dtype=np.int32),
        np.array(kinds, dtype=np.uint8),
    )


def _best_standing(row: dict[int, FormKind], owners: Owners) -> int:
    return min(owners.standing[owner] for owner in row)


def _strength(text: str, standing: int) -> Strength:
    """How far a form is a name by itself; see `Strength`."""
    if text in words().common and standing > PREFECTURE:
        return Strength.COMMON
    size = len(text)
    generic = split_name(text).generic
    if generic and generic.kind == "division" and size >= _MEDIUM_SIZE:
        specific = text.removesuffix(generic.text)
        return (
            Strength.WEAK
            if specific in words().common and _vague(generic.text)
            else (Strength.STRONG)
        )
    if size >= _SURE_SIZE:
        return Strength.STRONG
    if size >= _MEDIUM_SIZE or standing <= COUNTY:
        return Strength.MEDIUM
    return Strength.WEAK


def _vague(generic: str) -> bool:
    """Whether a generic term is one that common words take as well: 社区, 区."""
    return generic == "区"


def make_automaton(texts: list[str], strengths: NDArray[np.uint8]) -> Any:
    """The automaton that finds the forms, those left out that are no names."""
    from ahocorasick import Automaton

    automaton = Automaton()
    for number, text in enumerate(texts):
        if strengths[number]:
            automaton.add_word(text, number)
    if len(automaton):
        automaton.make_automaton()
    return automaton


def _near_tables(
    texts: list[str], references: References, owners: OwnerColumns
) -> tuple[HashTable, HashTable]:
    """The tables of the forms that a misspelling may be meant for."""
    best = references.starts[:-1]
    owner, kind = references.owners[best], references.kinds[best]
    standard = (kind <= FormKind.BARE) & owners.current[owner]
    inside = standard & (owners.feature[owner] != OUTSIDE)
    high = owners.standing[owner] <= TOWNSHIP
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    fits = inside & (sizes <= _LONGEST_NEAR)
    divisions = fits & high & (sizes >= _SHORTEST_NEAR)
    places = fits & ~high & (sizes >= _SHORTEST_NEAR_PLACE)
    return _near_table(texts, divisions), _near_table(texts, places)


def _near_table(texts: list[str], chosen: NDArray[np.bool_]) -> HashTable:
    numbers = np.nonzero(chosen)[0]
    hashes, forms = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for places, found in neighbourhoods([texts[number] for number in numbers]):
        hashes.append(found)
        forms.append(numbers[places])
    return HashTable.of(np.concatenate(hashes), np.concatenate(forms).astype(np.int32))


def _outside(owners: Owners, known: set[int]) -> list[Form]:
    """Divisions of the rest of the country, which a register of one region does not hold."""
    found: list[Form] = []
    for row in load_table("outside_divisions"):
        code = code_number(row["code"])
        if code in known:
            continue
        level = "region" if code % 10**10 == 0 else "prefecture" if code % 10**8 == 0 else "county"
        standing = division_standing(level)
        owner = owners.add(OUTSIDE, code, row["code"], standing, current=True, sure=True)
        found.append((row["name"], owner, FormKind.STANDARD))
        specific = split_name(row["name"]).specific
        if level == "prefecture" and len(specific) > 1:
            found.append((specific, owner, FormKind.BARE))
    return found
