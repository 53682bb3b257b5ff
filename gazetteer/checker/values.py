"""What the text checker speaks of: forms of names, mentions in a text, findings about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any


class FormKind(IntEnum):
    """What a form is to the thing it names; the lower, the better.

    `BARE` is a division's name without its generic term (包头), `TYPO` a form within one edit.
    """

    STANDARD = 0
    BARE = 1
    SHORT = 2
    ALIAS = 3
    VARIANT = 4
    FORMER = 5
    TYPO = 6


class Strength(IntEnum):
    """How far a form is a name by itself.

    `COMMON` is a word of everyday language and `WEAK` too short: both need something beside
    them that says so. `MEDIUM` and `STRONG` are names wherever they stand.
    """

    NONE = 0
    COMMON = 1
    WEAK = 2
    MEDIUM = 3
    STRONG = 4


class Kind(StrEnum):
    """What is wrong with a mention."""

    FORMER = "former"
    VARIANT = "variant"
    SHORT = "short"
    MISSPELT = "misspelt"
    ROMANIZATION = "romanization"
    PARENT = "parent"


class Level(StrEnum):
    """How sure it is: `error` must be changed, `doubt` a person must look at, `note` is told."""

    ERROR = "error"
    DOUBT = "doubt"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Named:
    """A place or division that a text may mean, as the register has it.

    Attributes:
        feature: `place` or `division`.
        id: its id there.
        name: its standard name.
        code: of a division its own code, of a place that of the division it is in.
        standing: how high it stands, from the region (0) down; see `gazetteer.search.standing`.
        romanization: the registered one, None where there is none.
        romanization_mark: what that rests on, such as `agreed` or `memory`.
        sure: whether its status is standard.
        current: whether it is in force.
    """

    feature: str
    id: int
    name: str
    code: str | None
    standing: int
    romanization: str | None = None
    romanization_mark: str | None = None
    sure: bool = True
    current: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of the text that may be a name; offsets in characters of the whole text."""

    start: int
    end: int
    form: int
    kind: str
    weight: float

    @property
    def size(self) -> int:
        """Its length in characters."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in the text.

    Attributes:
        start, end: offsets in characters of the whole text.
        text: as it is written there.
        named: what it may mean, best first; empty for a place outside the register.
        form: what the written form is to the first of them.
        past: whether the words around say that the name is of the past.
    """

    start: int
    end: int
    text: str
    named: tuple[Named, ...]
    form: FormKind = FormKind.STANDARD
    past: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one span, and what should stand there.

    Attributes:
        kind, level: see `Kind` and `Level`.
        start, end: offsets in characters of the whole text.
        text: as it is written there.
        standard: what should stand there; empty where the register does not say.
        zh, en: the reason in words.
        named: the records it rests on.
    """

    kind: Kind
    level: Level
    start: int
    end: int
    text: str
    standard: str
    zh: str
    en: str
    named: tuple[Named, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The finding for programs, without its place in the document."""
        return {
            "kind": self.kind.value,
            "level": self.level.value,
            "text": self.text,
            "standard": self.standard or None,
            "zh": self.zh,
            "en": self.en,
            "records": [
                {"feature": one.feature, "id": one.id, "name": one.name} for one in self.named[:5]
            ],
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole text looked at: every mention and every finding, in order of place."""

    mentions: tuple[Mention, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
