"""What is said about a batch, and corrections that wait for a person's word."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction of typed text, for a person to confirm; nothing is ever corrected silently.

    `changes` lists (field, from, to); `sentence`s say why.
    """

    code: str
    changes: tuple[tuple[str, str, str], ...]
    zh: str
    en: str

    def as_json(self) -> Json:
        """The report's proposal; `field`, `from`, `to` join the changes, which stand beside."""
        columns = list(zip(*self.changes, strict=True))
        return {
            "code": self.code,
            "field": ", ".join(columns[0]),
            "from": ", ".join(columns[1]),
            "to": ", ".join(columns[2]),
            "changes": [{"field": f, "from": a, "to": b} for f, a, b in self.changes],
            "zh": self.zh,
            "en": self.en,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the whole batch, or about the register; `rows` are those concerned."""

    code: str
    zh: str
    en: str
    rows: tuple[int, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> Json:
        """The report's finding."""
        return {
            "code": self.code,
            "zh": self.zh,
            "en": self.en,
            "rows": list(self.rows),
            **_plain(self.details),
        }


def _plain(details: Mapping[str, object]) -> Json:
    return {
        key: (round(value, 6) if isfinite(value) else None) if isinstance(value, float) else value
        for key, value in details.items()
    }
