"""A name's text as it is stored (名称文本)."""

import re
import unicodedata
from typing import Final

from data.errors import InvalidValue

MAX_NAME_CHARACTERS: Final = 200
"""More than any name has; a longer text is a sentence in the wrong column."""

_OUTER_BLANKS: Final = " \t\r\n\u00a0\u3000"
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


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
