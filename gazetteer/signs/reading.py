"""One sign's check as the register stands now."""

from typing import Any

from sqlalchemy import Connection, select

from data.errors import NotFound
from gazetteer.signs.standards import check_sign
from gazetteer.signs.tables import sign


def sign_check(connection: Connection, identity: int) -> dict[str, Any]:
    """What is wrong with the text of a sign.

    Raises:
        NotFound: there is no such sign.
    """
    row = connection.execute(select(sign).where(sign.c.id == identity)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no sign {identity}", f"没有编号为 {identity} 的标志")
    state, faults = check_sign(connection, dict(row))
    shown = ("id", "sign_no", "name", "text_han", "text_roman", "text_minority")
    return {
        **{name: row[name] for name in shown},
        "text_state": state.value,
        "faults": [one.as_json() for one in faults],
    }
