"""Which fields of a collection are plainly edited, and the lawful way of those that are not."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from data.reference.tables import kept, load_table

CREATION, DELETION, GEOMETRY = "_create", "_delete", "geometry"
"""Rows of `editable_fields` that are no property: new features, deleting them, the geometry."""
_YES: Final = "yes"
_NO: Final = "no"
_REQUIRED: Final = "required"


@dataclass(frozen=True, slots=True)
class LawfulWay:
    """How something changes that is not plainly edited, in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class EditableField:
    """What may be done with one field.

    Attributes:
        field: a property's name, or `_create`, `_delete`, `geometry`.
        create: yes, no or required: whether a new feature may or must have it.
        change: yes, no or draft: whether it is changed; `draft` only while the record is one.
        words: the code table whose words it holds; empty for free values.
        way: how it changes otherwise.
    """

    field: str
    create: str
    change: str
    words: str
    way: LawfulWay

    @property
    def created(self) -> bool:
        """Whether a new feature may have it."""
        return self.create != _NO

    @property
    def required(self) -> bool:
        """Whether a new feature must have it."""
        return self.create == _REQUIRED

    @property
    def read_only(self) -> bool:
        """Whether it is never written by an editor."""
        return self.create == _NO and self.change == _NO

    def changes(self, *, draft: bool) -> bool:
        """Whether it is changed in a record that is a draft, or not."""
        return self.change == _YES or (draft and self.change != _NO)


@kept
def _by_collection(folder: Path | None) -> Mapping[str, Mapping[str, EditableField]]:
    ways = {
        row["code"]: LawfulWay(row["code"], row["zh"], row["en"])
        for row in load_table("lawful_ways", folder)
    }
    found: dict[str, dict[str, EditableField]] = {}
    for row in load_table("editable_fields", folder):
        known = EditableField(
            row["field"], row["create"], row["change"], row["words"], ways[row["way"]]
        )
        found.setdefault(row["collection"], {})[known.field] = known
    return MappingProxyType({name: MappingProxyType(known) for name, known in found.items()})


def editable_fields(collection_id: str) -> Mapping[str, EditableField]:
    """The fields of a collection by name, `_create`, `_delete` and `geometry` among them."""
    return _by_collection()[collection_id]
