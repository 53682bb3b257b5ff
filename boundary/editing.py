"""How lines, markers and inspections are edited as features: what describes them, nothing agreed.

A reference position, an agreed line and an inspection stay as they are (Order 353, Art 6 and 7);
`data/reference/editable_fields.csv` names the lawful way of each field.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from boundary.authority import division_path
from boundary.collections import INSPECTIONS, LINES, MARKERS
from boundary.lines.keeping import parties_of
from boundary.markers.versions import marker_parties
from data.actors import Role
from data.editing import Editor

_EDITORS: Final = (Role.EDITOR, Role.ADMINISTRATOR)
_Record = Mapping[str, Any]


def editors() -> Mapping[str, Editor]:
    """The editors of this floor's collections by the collection's id."""
    paths = ((LINES, _line_path), (MARKERS, _marker_path), (INSPECTIONS, _no_path))
    return {collection.id: Editor(collection, _EDITORS, of) for collection, of in paths}


def _line_path(connection: Connection, record: _Record) -> list[list[str]]:
    return [division_path(connection, parties_of(record))]


def _marker_path(connection: Connection, record: _Record) -> list[list[str]]:
    return [division_path(connection, marker_parties(connection, record))]


def _no_path(_connection: Connection, _record: _Record) -> list[list[str]]:
    """Nothing of an inspection is edited by anyone."""
    return [[]]
