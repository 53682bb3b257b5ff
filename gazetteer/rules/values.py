"""What goes into a check of a name, and what comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from data.reference import load_table
from data.reference.tables import kept
from gazetteer.likeness import NamedRecord
from gazetteer.rules.tables import NameClass

Words = str | tuple[str, str]
"""A word of a sentence: the same in both languages, or Chinese and English."""


class Severity(StrEnum):
    """How much a finding weighs.

    `blocks`: the name cannot be approved; `asks`: somebody must answer it before it can;
    `warns`: worth knowing; `manual`: no finding, but a question that only a person can judge.
    """

    BLOCKS = "blocks"
    ASKS = "asks"
    WARNS = "warns"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Former:
    """The name that a proposal replaces.

    Attributes:
        feature, id: the record that carries it.
        name: the name.
        heritage: whether it is marked as cultural heritage (地名文化遗产).
        listed: whether it stands on a protection list (保护名录).
        measures: whether a document of protective measures is there (Art 25).
    """

    feature: str
    id: int
    name: str
    heritage: bool = False
    listed: bool = False
    measures: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name that somebody wants.

    Attributes:
        name: NFC.
        name_class: the class of names it belongs to.
        category_code: its category (GB/T 18521), short or padded to five digits.
        division_code: where.
        division_names: the divisions it lies in, highest first.
        measures: sizes by measure, such as `area_m2`, `length_m`, `floors`.
        former: what it replaces; None for a new name.
    """

    name: str
    name_class: NameClass
    category_code: str
    division_code: str
    division_names: tuple[str, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    former: Former | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What of the register a check needs to see.

    Attributes:
        alike: names that may be alike, of the same class, from the scope or wider.
        pending: names that other applications propose.
        larger: natural features that reach beyond the division and carry its specific part.
        local_names: specific parts of names around it; None where nobody looked.
        paths: where a division lies in words, by its code.
        whole_nation: whether `alike` was looked for among the nation's names of the class.
    """

    alike: Sequence[NamedRecord] = ()
    pending: Sequence[NamedRecord] = ()
    larger: Sequence[NamedRecord] = ()
    local_names: frozenset[str] | None = None
    paths: Mapping[str, str] = field(default_factory=dict)
    whole_nation: bool = False

    def where(self, record: NamedRecord) -> str:
        """Where a record is, in words."""
        return self.paths.get(record.division_code) or record.division_code or "—"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule says about a name; `other` is the record it is about."""

    code: str
    severity: Severity
    article: str
    zh: str
    en: str
    source: str
    other: NamedRecord | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as it is sent."""
        found = {
            "code": self.code,
            "severity": str(self.severity),
            "article": self.article,
            "zh": self.zh,
            "en": self.en,
            "source": self.source,
        }
        if self.other is None:
            return found
        other = self.other
        return found | {
            "other": {
                "feature": other.feature,
                "id": other.id or None,
                "name": other.name,
                "division_code": other.division_code,
            }
        }


@dataclass(frozen=True, slots=True)
class ManualCheck:
    """A rule that only a person can judge."""

    code: str
    article: str
    zh: str
    en: str

    def as_json(self) -> dict[str, str]:
        """The question as it is sent."""
        return {"code": self.code, "article": self.article, "zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table `name_rules`: the weight, the article and the sentences of a finding."""

    code: str
    severity: Severity
    article: str
    zh: str
    en: str
    source: str

    def found(self, other: NamedRecord | None = None, /, **words: Words) -> Finding:
        """The finding with its words filled in."""
        zh = {name: w if isinstance(w, str) else w[0] for name, w in words.items()}
        en = {name: w if isinstance(w, str) else w[1] for name, w in words.items()}
        said = (self.zh.format_map(zh), self.en.format_map(en))
        return Finding(self.code, self.severity, self.article, *said, self.source, other)


@kept
def _rules(folder: Path | None = None) -> Mapping[str, Rule]:
    return {
        row["code"]: Rule(
            row["code"],
            Severity(row["severity"]),
            row["article"],
            row["zh"],
            row["en"],
            row["source"],
        )
        for row in load_table("name_rules", folder)
    }


def rule(code: str) -> Rule:
    """The rule of a code."""
    return _rules()[code]


def manual_checks(*, renaming: bool) -> tuple[ManualCheck, ...]:
    """What a person has to judge about every name; Art 10 only about a renaming."""
    return tuple(
        ManualCheck(one.code, one.article, one.zh, one.en)
        for one in _rules().values()
        if one.severity is Severity.MANUAL and (renaming or not one.article.endswith("Art 10"))
    )
