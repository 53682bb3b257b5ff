"""The story of a heritage name, written in Markdown by its keepers."""

from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from data.actors import Actor
from data.errors import Conflict, InvalidValue
from data.store import Store
from gazetteer.heritage.entries import read_entry, require_keeper
from gazetteer.heritage.tables import heritage_story

MOST_CHARACTERS: Final = 60_000
_COLUMNS: Final = ("id", "text", "written_by", "written_on", "version")


def read_story(connection: Connection, identity: int) -> dict[str, Any] | None:
    """An entry's story as it was written; None where nobody has written one."""
    statement = select(*(heritage_story.c[name] for name in _COLUMNS)).where(
        heritage_story.c.heritage_id == identity
    )
    row = connection.execute(statement).mappings().one_or_none()
    return {name: row[name] for name in _COLUMNS} if row is not None else None


def write_story(
    store: Store, identity: int, version: int, text: str, actor: Actor, today: date
) -> int:
    """Write or rewrite an entry's story; its new version.

    Args:
        store: an open store.
        identity: the entry.
        version: of the story that the writer saw; 0 where there was none.
        text: Markdown.
        actor: who writes; a keeper of the entry's list.
        today: the calendar day in China.

    Raises:
        InvalidValue: the text is empty or too long.
        Conflict: somebody else has written meanwhile.
        NotFound: there is no such entry.
        Forbidden: the actor does not keep its list.
    """
    if not text.strip() or len(text) > MOST_CHARACTERS:
        raise InvalidValue(
            "text", text[:40], f"a story has 1 to {MOST_CHARACTERS} characters", "write it",
            f"故事应为 1 至 {MOST_CHARACTERS} 字",
        )  # fmt: skip
    values = {"text": text.strip(), "written_by": actor.name, "written_on": today}
    with store.write(actor.name, f"write the story of heritage {identity}") as transaction:
        connection = transaction.connection
        require_keeper(connection, read_entry(connection, identity), actor)
        known = read_story(connection, identity)
        if (known is None) != (version == 0):
            raise Conflict(
                f"the story of heritage {identity} has changed: read it again",
                f"名录条目 {identity} 的故事已被更改；请重新读取",
            )
        if known is None:
            transaction.insert(heritage_story, {"heritage_id": identity, **values})
            return 1
        return transaction.update(heritage_story, known["id"], version, values)
