"""One name: text, language, script, kind, validity, source, status (一条名称)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Self, TypeVar

from data.errors import InvalidValue
from gazetteer.names.scripts import (
    fits,
    guess_language,
    parse_language,
    script_of,
    script_of_language,
)

MAX_NAME_CHARACTERS: Final = 200
"""More than any name has; a longer text is a sentence in the wrong column."""

_OUTER_BLANKS: Final = " \t\r\n\u00a0\u3000"
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


_Kind = TypeVar("_Kind", bound=StrEnum)


class NameKind(StrEnum):
    """What a form of a name is to its place; the codes of the table `name_kinds`."""

    STANDARD = "standard"
    ALIAS = "alias"
    SHORT = "short"
    FORMER = "former"
    VARIANT = "variant"
    LOCAL = "local"
    FOREIGN = "foreign"


class NameStatus(StrEnum):
    """How far a form may be relied on; the codes of the table `name_statuses`."""

    STANDARD = "standard"
    PENDING = "pending"
    FORMER = "former"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Name:
    """One form of a place's name. Make one with `Name.parse`.

    Attributes:
        text: NFC; Mongolian exactly as entered but for NFC, never NFKC, never split.
        language: BCP 47, such as `zh-Hans` or `mn-Mong`.
        script: ISO 15924, as the tag names it or else as the text shows it.
        kind: standard, alias, short, former, variant, local, foreign.
        valid_from, valid_to: the first day it held and the first day it no longer did.
        source: where the form comes from.
        status: standard, pending, former, unverified.
    """

    text: str
    language: str
    script: str
    kind: NameKind
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    status: NameStatus = NameStatus.UNVERIFIED

    @classmethod
    def parse(
        cls,
        text: str,
        language: str = "",
        kind: str = NameKind.STANDARD,
        *,
        valid_from: date | None = None,
        valid_to: date | None = None,
        source: str = "",
        status: str = NameStatus.UNVERIFIED,
    ) -> Self:
        """A name from what a person or a file gives; without `language` the script tells it.

        Raises:
            InvalidValue: the text is empty, too long or holds what no script writes; the tag
                is not BCP 47 or names another script; the kind or status is unknown; the name
                ends before it begins.

        >>> Name.parse(" 巴彦淖尔市 ", source="MCA 2026").language
        'zh-Hans'
        """
        clean = clean_name(text)
        tag = parse_language(language) if language else guess_language(clean)
        named, found = script_of_language(tag), script_of(clean)
        if named and not fits(found, named):
            raise _wrong_script(clean, tag, found)
        if valid_from and valid_to and valid_to <= valid_from:
            raise InvalidValue(
                "valid_to",
                valid_to.isoformat(),
                f"a name ends after it begins ({valid_from.isoformat()})",
                "correct one of the two dates",
                f"终止日期 {valid_to} 应晚于生效日期 {valid_from}",
            )
        return cls(
            text=clean,
            language=tag,
            script=named or found,
            kind=_choice(NameKind, "kind", kind),
            valid_from=valid_from,
            valid_to=valid_to,
            source=source,
            status=_choice(NameStatus, "status", status),
        )

    def holds_on(self, day: date) -> bool:
        """Whether the form was in use on `day`."""
        return not (
            (self.valid_from and day < self.valid_from) or (self.valid_to and day >= self.valid_to)
        )


def clean_name(text: str, field: str = "name") -> str:
    """`text` as it is stored: NFC, plain blanks at the ends left out, nothing else changed.

    The narrow no-break space U+202F and the vowel separator U+180E are letters of Mongolian
    words and stay where they are, at the ends too.

    Raises:
        InvalidValue: nothing is left, it is longer than 200 characters, or it holds a control
            character or half of a surrogate pair.
    """
    if _SURROGATE.search(text):
        raise InvalidValue(
            field,
            text,
            "half a character (a lone surrogate) cannot be stored",
            "save the file as UTF-8 and send it again",
            "文本含有不完整的字符（孤立代理项）；请将文件另存为 UTF-8 后重新提交",
        )
    clean = unicodedata.normalize("NFC", text).strip(_OUTER_BLANKS)
    if not clean:
        raise InvalidValue(field, text, "a name has letters", "write the name", "名称不能为空")
    if len(clean) > MAX_NAME_CHARACTERS:
        raise InvalidValue(
            field,
            clean,
            f"a name has at most {MAX_NAME_CHARACTERS} characters",
            "put the name alone into this field",
            f"名称不超过 {MAX_NAME_CHARACTERS} 个字符；请只填写名称",
        )
    if _CONTROL.search(clean):
        raise InvalidValue(
            field,
            clean,
            "control characters such as line breaks are no part of a name",
            "write the name on one line",
            "名称中不能有换行等控制字符；请写在一行内",
        )
    return clean


def _choice(kinds: type[_Kind], field: str, value: str) -> _Kind:
    try:
        return kinds(value)
    except ValueError:
        known = ", ".join(kinds)
        raise InvalidValue(
            field, value, f"not one of {known}", "choose one of these", f"{field} 应为：{known}"
        ) from None


def _wrong_script(text: str, tag: str, found: str) -> InvalidValue:
    return InvalidValue(
        "language",
        tag,
        f"the text is written in {found}",
        f"tag it {guess_language(text)}, or correct the text",
        f"文本为 {found} 文字，与语言标记 {tag} 不符；请改用 {guess_language(text)} 或更正文本",
    )
