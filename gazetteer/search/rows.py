"""A form as the index gives it back."""

from collections.abc import Collection
from typing import Final, NamedTuple


class FormRow(NamedTuple):
    """The columns of `search_form` that matching and results need, in the order they are read."""

    ordinal: int
    feature: int
    target_id: int
    standing: int
    display: str
    text: str
    language: str
    kind: str
    plain: str
    folded: str
    pinyin: str
    initials: str
    family: str
    division_code: str | None
    category_code: str | None
    status: str | None
    heritage: bool
    lon: float | None
    lat: float | None

    @property
    def target(self) -> tuple[int, int]:
        """Feature and identity of what the form names."""
        return self.feature, self.target_id


COLUMNS: Final = FormRow._fields


def columns_of(unread: Collection[str] = ()) -> str:
    """The columns as a statement reads them from `f`; those that nobody will read are empty."""
    return ", ".join(f"'' AS {name}" if name in unread else f"f.{name}" for name in COLUMNS)
