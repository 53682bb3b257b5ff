"""The release rules of a store: the shipped ones, what the office has set, single records."""

from typing import Final

from sqlalchemy import Connection, text

from data.reference.tables import SHIPPED, load_table
from data.releases import Level, Precision, Rule, State, parse_rule

STATE_KEY: Final = "release_state"
"""The key of `store_meta` whose value changes with the rules."""


def read_state(connection: Connection, main: str = "") -> State:
    """The rules as they stand.

    Args:
        connection: a reading connection.
        main: stands before the names of the tables themselves.
    """
    rules = {rule.table: rule for rule in shipped_rules()}
    rows = connection.execute(
        text(f"SELECT table_name, level, position, grid_deg FROM {main}release_rule")
    ).all()
    for name, level, position, grid_deg in rows:
        shipped = rules[name]
        rules[name] = Rule(name, Level(level), Precision(position), grid_deg, shipped.masked)
    excepted = connection.scalars(text(f"SELECT DISTINCT table_name FROM {main}record_release"))
    return State(rules, frozenset(excepted))


def shipped_rules() -> list[Rule]:
    """The rules that hold where an office has set none.

    An operator's own `release_levels.csv` does not count: copies and views in the store follow
    from the rules, which are therefore changed in the store, by `ovoo release set`.
    """
    return [parse_rule(row) for row in load_table("release_levels", SHIPPED)]
