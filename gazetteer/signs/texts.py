"""Whether what a sign shows is the standard name (标志文字检查). Pure: values in, values out.

GB 17733: a sign shows the standard characters and the romanization by the rules of 1984, names of
minority languages by the method of 1976 (standards.md §8.2); Order 753, Art 19.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from gazetteer.checker.latin import Phrase, judge
from gazetteer.checker.values import Level, Named
from gazetteer.names import mongolian_key, simplified

_RULE_ZH: Final = "GB 17733：标志应使用标准地名"
_RULE_EN: Final = "GB 17733: a sign shows the standard name"


class TextState(StrEnum):
    """What a check says of a sign's text as a whole."""

    RIGHT = "right"
    DOUBT = "doubt"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SignTexts:
    """What a sign shows; None where it shows none or nobody has noted it."""

    han: str | None = None
    roman: str | None = None
    minority: str | None = None


@dataclass(frozen=True, slots=True)
class Standard:
    """What it should show.

    Attributes:
        name: the standard name.
        romanization, romanization_mark: the registered one and what it rests on.
        minority: registered forms in Mongolian script.
        sure: whether the name's status is standard.
    """

    name: str
    romanization: str | None = None
    romanization_mark: str | None = None
    minority: tuple[str, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class SignFault:
    """One thing wrong: `code`, whether it is beyond doubt, what should stand there, why."""

    code: str
    level: Level
    written: str
    standard: str
    zh: str
    en: str

    def as_json(self) -> dict[str, Any]:
        """The fault for programs."""
        return {
            "code": self.code,
            "level": self.level.value,
            "written": self.written,
            "standard": self.standard,
            "zh": self.zh,
            "en": self.en,
        }


def check_texts(texts: SignTexts, standard: Standard | None) -> tuple[TextState, list[SignFault]]:
    """Hold a sign's texts against the standard name; without one nothing can be said.

    >>> check_texts(SignTexts(han="红山區"), Standard("红山区"))[0].value
    'wrong'
    """
    if standard is None or texts == SignTexts():
        return TextState.UNKNOWN, []
    faults = [*_characters(texts.han, standard), *_letters(texts.roman, standard)]
    faults += _script(texts.minority, standard)
    if any(one.level is Level.ERROR for one in faults):
        return TextState.WRONG, faults
    return (TextState.DOUBT if faults else TextState.RIGHT), faults


def _characters(written: str | None, standard: Standard) -> list[SignFault]:
    level = Level.ERROR if standard.sure else Level.DOUBT
    if not written:
        return [
            SignFault(
                "han-missing", Level.DOUBT, "", standard.name,
                f"未登记标志上的汉字；应为“{standard.name}”",
                f"no characters are noted; they should be {standard.name}",
            )
        ]  # fmt: skip
    if "".join(written.split()) == standard.name:
        return []
    traditional = simplified("".join(written.split())) == simplified(standard.name)
    why = "用字不规范" if traditional else "名称不符"
    return [
        SignFault(
            "han-characters" if traditional else "han-name", level, written, standard.name,
            f"{why}：标志为“{written}”，标准地名为“{standard.name}”；{_RULE_ZH}",
            f"the sign says {written}, the standard name is {standard.name}; {_RULE_EN}",
        )
    ]  # fmt: skip


def _letters(written: str | None, standard: Standard) -> list[SignFault]:
    if not written:
        return []
    named = Named(
        "place", 0, standard.name, None, 0, standard.romanization, standard.romanization_mark,
        sure=standard.sure,
    )  # fmt: skip
    found = judge(Phrase(0, len(written), " ".join(written.split())), named)
    if found is None:
        return []
    # Running text may translate a generic term; a sign may not.
    level = Level.ERROR if found.level is Level.NOTE and standard.sure else found.level
    return [SignFault("romanization", level, written, found.standard, found.zh, found.en)]


def _script(written: str | None, standard: Standard) -> list[SignFault]:
    if not written or not standard.minority:
        return []
    if mongolian_key(written) in {mongolian_key(one) for one in standard.minority}:
        return []
    wanted = standard.minority[0]
    return [
        SignFault(
            "minority-script", Level.DOUBT, written, wanted,
            f"少数民族文字与登记的“{wanted}”不一致；请核对",
            f"the minority script differs from the registered {wanted}; look at it",
        )
    ]  # fmt: skip
