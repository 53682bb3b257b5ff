"""What the register holds, as the checker's index needs it: things and the forms of their names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, select

from data.reference import division_history
from gazetteer.checker.values import FormKind
from gazetteer.names import split_name
from gazetteer.search.standing import COUNTY, TOWNSHIP, division_standing, place_standing
from gazetteer.tables import division, place, place_name

PLACE, DIVISION, OUTSIDE = 0, 1, 2
"""What an owner is: `feature`. Divisions outside the register have their code as id."""

_KINDS: Final = {
    "standard": FormKind.STANDARD,
    "short": FormKind.SHORT,
    "alias": FormKind.ALIAS,
    "variant": FormKind.VARIANT,
    "former": FormKind.FORMER,
    "local": FormKind.STANDARD,
}
_SHORTEST_BARE: Final = 2


@dataclass(slots=True)
class Owners:
    """Things that have names, in columns; an owner is its place in them."""

    feature: list[int] = field(default_factory=list)
    id: list[int] = field(default_factory=list)
    code: list[int] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)
    current: list[bool] = field(default_factory=list)
    sure: list[bool] = field(default_factory=list)

    def add(
        self,
        feature: int,
        identity: int,
        code: str | None,
        standing: int,
        *,
        current: bool,
        sure: bool,
    ) -> int:
        """Add an owner and return its place."""
        self.feature.append(feature)
        self.id.append(identity)
        self.code.append(code_number(code))
        self.standing.append(standing)
        self.current.append(current)
        self.sure.append(sure)
        return len(self.id) - 1


Form = tuple[str, int, FormKind]
"""A text, its owner's place, what it is to it."""


def code_number(code: str | None) -> int:
    """A division code as a number of 12 digits, 0 for none.

    >>> code_number("150502"), code_number("150502001"), code_number(None)
    (150502000000, 150502001000, 0)
    """
    return int(code.ljust(12, "0")[:12]) if code and code.isascii() and code.isdigit() else 0


def read_divisions(connection: Connection, owners: Owners) -> Iterator[Form]:
    """Every division with its names: in full, bare, romanized; ended ones as former."""
    c = division.c
    rows = connection.execute(
        select(c.id, c.code, c.name, c.level, c.romanization, c.valid_to).order_by(c.id)
    ).all()
    for row in rows:
        current = row.valid_to is None
        standing = division_standing(row.level)
        owner = owners.add(DIVISION, row.id, row.code, standing, current=current, sure=True)
        yield row.name, owner, FormKind.STANDARD if current else FormKind.FORMER
        if current:
            yield from _bare(row.name, owner, standing)
        if row.romanization and current:
            yield row.romanization, owner, FormKind.STANDARD


def _bare(name: str, owner: int, standing: int) -> Iterator[Form]:
    """包头 for 包头市; not 科尔沁 for 科尔沁左翼中旗, which leaves out what tells it apart."""
    parts = split_name(name)
    if standing <= COUNTY and parts.generic and not parts.modifiers:
        whole = parts.generic.text in {"自治区", "省", "市", "盟", "县", "旗", "区"}
        if whole and len(parts.specific) >= _SHORTEST_BARE:
            yield parts.specific, owner, FormKind.BARE


def read_places(connection: Connection, owners: Owners) -> Iterator[Form]:
    """Every place with all its names."""
    p, n = place.c, place_name.c
    rows = connection.execute(
        select(p.id, p.name, p.division_code, p.category_code, p.status, p.valid_to, p.romanization)
    )
    by_id: dict[int, int] = {}
    for identity, name, code, category, status, ended, romanization in rows:
        current = ended is None and status != "former"
        standing = place_standing(category, None)
        owner = owners.add(
            PLACE, identity, code, standing, current=current, sure=status == "standard"
        )
        by_id[identity] = owner
        yield name, owner, FormKind.STANDARD if current else FormKind.FORMER
        if romanization and current:
            yield romanization, owner, FormKind.STANDARD
        if current and standing <= COUNTY:
            yield from _bare(name, owner, standing)
    names = connection.execute(select(n.place_id, n.text, n.kind, n.status, n.valid_to))
    for identity, text, kind, status, ended in names:
        owner = by_id.get(identity, -1)
        if owner >= 0:
            yield text, owner, _kind(kind, status, ended, owners.current[owner])


def _kind(kind: str, status: str | None, ended: object, current: bool) -> FormKind:  # noqa: FBT001 - a column's value
    if ended is not None or status == "former" or not current:
        return FormKind.FORMER
    return _KINDS.get(kind, FormKind.VARIANT)


def stated_former(codes: Mapping[str, int]) -> Iterator[Form]:
    """Former names of divisions that the table `division_history` states.

    Args:
        codes: the owners of divisions in force by their codes.
    """
    for change in division_history():
        owner = codes.get(change.new_code)
        if change.old_name and owner is not None:
            yield change.old_name, owner, FormKind.FORMER


def is_division(standing: int) -> bool:
    """Whether a standing is that of a division, down to the township."""
    return standing <= TOWNSHIP
