"""A computed romanization, which is a suggestion and never official."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class RomanizationSuggestion:
    """What a rule or a table makes of a name, for a person to check.

    The romanization of a minority-language name follows its approved form; that of a Chinese
    name follows the rules, whose readings only a person confirms. So there is no way to turn
    a suggestion into an approved romanization but to enter it as one.

    Attributes:
        text: the romanization, with tone marks where the method writes them.
        method: by which rule it was made.
        notes: what a person should look at, in English.
    """

    text: str
    method: str
    notes: tuple[str, ...] = ()

    label_en: ClassVar[str] = "suggested romanization (not approved)"

    def __str__(self) -> str:
        return f"{self.text} — {self.label_en}"
