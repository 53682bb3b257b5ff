"""Keeping what is listed (保护): measures, inspections, pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from data.actors import Actor
from data.errors import InvalidValue
from data.pictures import read_picture
from data.store import Store
from data.stored_files import keep_file
from gazetteer.heritage.entries import (
    CHANGEABLE,
    check_day,
    code_of,
    read_entry,
    require_keeper,
)
from gazetteer.heritage.tables import heritage, heritage_inspection, heritage_picture


@dataclass(frozen=True, slots=True)
class Visit:
    """An inspection; `condition` by any word of the table `heritage_conditions`."""

    inspected_on: date
    condition: str
    finding: str = ""
    wanted: str = ""


def change(
    store: Store, identity: int, version: int, changes: Mapping[str, str], actor: Actor
) -> None:
    """Change measures, custodian, the link to intangible heritage, or the remark.

    Raises:
        InvalidValue: another column is named.
        Conflict, NotFound, Forbidden: as `put_on_list` says.
    """
    for column in changes:
        if column not in CHANGEABLE:
            listed = ", ".join(CHANGEABLE)
            raise InvalidValue(
                column, changes[column], f"only {listed} change", "leave it out",
                f"只能更改：{listed}",
            )  # fmt: skip
    with store.write(actor.name, f"change heritage {identity}") as transaction:
        row = read_entry(transaction.connection, identity, version)
        require_keeper(transaction.connection, row, actor)
        values = {column: text or None for column, text in changes.items()}
        transaction.update(heritage, identity, version, values)


def inspect(store: Store, identity: int, visit: Visit, actor: Actor, today: date) -> int:
    """Record an inspection; its id.

    Raises:
        InvalidValue: an unknown condition, or a day after today.
        NotFound, Forbidden: as `put_on_list` says.
    """
    condition = code_of("condition", visit.condition, "heritage_conditions")
    check_day("inspected_on", visit.inspected_on, today)
    with store.write(actor.name, f"inspect heritage {identity}") as transaction:
        require_keeper(transaction.connection, read_entry(transaction.connection, identity), actor)
        return transaction.insert(
            heritage_inspection,
            {
                "heritage_id": identity,
                "inspected_on": visit.inspected_on,
                "inspected_by": actor.name,
                "condition": condition,
                "finding": visit.finding or None,
                "wanted": visit.wanted or None,
            },
        )


def add_picture(
    store: Store, identity: int, content: bytes, title: str, credit: str, actor: Actor
) -> int:
    """Keep a picture, and a public copy of it without what cameras write; its id.

    Raises:
        InvalidFile, FileTooLarge, UnknownFormat: it is no picture that can be read.
        InvalidValue: it has no title.
        NotFound, Forbidden: as `put_on_list` says.
    """
    if not title.strip():
        raise InvalidValue("title", title, "a picture has a title", "give it", "请填写图片标题")
    picture = read_picture(content)
    with store.write(actor.name, f"a picture of heritage {identity}") as transaction:
        require_keeper(transaction.connection, read_entry(transaction.connection, identity), actor)
        return transaction.insert(
            heritage_picture,
            {
                "heritage_id": identity,
                "title": title.strip(),
                "credit": credit or None,
                "sha256": keep_file(transaction, content),
                "public_sha256": keep_file(transaction, picture.public),
                "added_by": actor.name,
                "added_at": transaction.at,
            },
        )
