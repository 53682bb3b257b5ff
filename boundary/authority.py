"""Who may act on a line or a marker: the governments on its sides, and whoever contains them."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from boundary.tables import line, marker
from data.actors import Actor, Role
from data.releases import Sight, sight_of_roles
from gazetteer.tables import division

_SIDES = ("party_a", "party_b", "party_c")
_DEPTH = 6
"""A division lies in at most as many others: township, county, prefecture, region, and two more."""
_PROVINCE_DIGITS, _PREFECTURE_DIGITS, _COUNTY_DIGITS = 2, 4, 6


def division_path(connection: Connection, codes: Iterable[str | None]) -> list[str]:
    """The divisions and everything that contains them, each once, the divisions first.

    The register's own hierarchy counts; a code that it does not know lies in those that GB/T 2260
    derives from its digits.
    """
    path = list(dict.fromkeys(code for code in codes if code))
    level = path
    for _ in range(_DEPTH):
        level = [code for code in _parents(connection, level) if code not in path]
        if not level:
            break
        path += level
    return path


def _parents(connection: Connection, codes: Sequence[str]) -> list[str]:
    if not codes:
        return []
    statement = select(division.c.code, division.c.parent_code).where(
        division.c.code.in_(codes), division.c.valid_to.is_(None)
    )
    known = {row.code: row.parent_code for row in connection.execute(statement)}
    parents = [known[code] if code in known else _by_digits(code) for code in codes]
    return list(dict.fromkeys(parent for parent in parents if parent))


def _by_digits(code: str) -> str | None:
    """The code of the division next above, by the digits of GB/T 2260.

    >>> _by_digits("152921100"), _by_digits("152921"), _by_digits("152900"), _by_digits("150000")
    ('152921', '152900', '150000', None)
    """
    if not code.isdigit() or len(code) < _COUNTY_DIGITS:
        return None
    if len(code) > _COUNTY_DIGITS and code[_COUNTY_DIGITS:].strip("0"):
        return code[:_COUNTY_DIGITS]
    for digits in (_PREFECTURE_DIGITS, _PROVINCE_DIGITS):
        if code[digits:_COUNTY_DIGITS].strip("0"):
            return code[:digits].ljust(_COUNTY_DIGITS, "0")
    return None


def require(
    connection: Connection,
    actor: Actor,
    roles: Iterable[Role],
    codes: Iterable[str | None],
    act: str,
) -> None:
    """Refuse an act on what belongs to these divisions to whom none of the roles is given.

    Raises:
        Forbidden: naming the act, the roles and the first division.
    """
    actor.require(roles, division_path(connection, codes), act)


def sight_of(connection: Connection, actor: Actor) -> Sight:
    """What an actor may see: by each role, the divisions under those where it is held.

    The same hierarchy counts as for who may act: the register's, else that of the codes' digits.
    """
    parents = dict(
        connection.execute(
            select(division.c.code, division.c.parent_code).where(division.c.valid_to.is_(None))
        ).all()
    )
    known = set(connection.scalars(select(division.c.code).distinct()))
    for table, names in ((line, _SIDES), (marker, (*_SIDES, "managing_party"))):
        for name in names:
            known.update(connection.scalars(select(table.c[name]).distinct()))
    known.discard(None)
    roles = [(grant.role, _under(grant.division_code, known, parents)) for grant in actor.grants]
    return sight_of_roles(actor.name, roles)


def _under(
    top: str | None, known: Iterable[str], parents: Mapping[str, str | None]
) -> frozenset[str] | None:
    """The codes that a division holds, and its own; None for every division."""
    if top is None:
        return None
    held = {top}
    for code in known:
        path: list[str] = []
        above: str | None = code
        while above and above not in held and above not in path:
            path.append(above)
            above = parents[above] if above in parents else _by_digits(above)
        if above in held:
            held.update(path)
    return frozenset(held)


def names_of(connection: Connection, codes: Iterable[str | None]) -> dict[str, str]:
    """Names of divisions by code, as far as the register has them."""
    wanted = sorted({code for code in codes if code})
    if not wanted:
        return {}
    statement = select(division.c.code, division.c.name).where(
        division.c.code.in_(wanted), division.c.valid_to.is_(None)
    )
    return {row.code: row.name for row in connection.execute(statement)}
