"""The catalogues (译文目录): the interface's texts in each language that is installed.

Chinese is the source and stands in the tables of `web.site.texts`. Every other language is a
gettext catalogue `FOLDER/LOCALE/LC_MESSAGES/messages.po` of the program or of an office, whose
entries have the key as `msgctxt` and the Chinese as `msgid`. A catalogue is read once in a
process; after that a text is one look into a dict.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations

from data import InvalidFile, InvalidValue
from web.site.texts import SOURCES

Lang = Literal["zh", "en"]
"""The languages in which the register itself speaks: laws, verdicts, faults, terms."""

SOURCE: Final = "zh"
OWN: Final = Path(__file__).parents[1] / "translations"
FILE: Final = Path("LC_MESSAGES/messages.po")
_PLACE: Final = re.compile(r"\{(\w*)\}")
# What browsers say for Chinese.
_CHINESE: Final = ("zh-CN", "zh-Hans")
_ALSO: Final = {name.lower(): "zh" for name in _CHINESE}
_FIRST: Final = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a catalogue: its key, the Chinese it was made from, and what was made of it."""

    key: str
    source: str
    text: str
    fuzzy: bool = False

    @property
    def fault(self) -> str:
        """Why the entry is not used; empty for one that is.

        >>> Entry("nav.home", "首页", "Home").fault, Entry("nav.home", "起始页", "Home").fault
        ('', 'changed')
        """
        if self.key not in SOURCES:
            return "unknown"
        if not self.text.strip():
            return "untranslated"
        if self.fuzzy:
            return "fuzzy"
        if self.source != SOURCES[self.key]:
            return "changed"
        return "" if places(self.text) == places(self.source) else "places"


def places(text: str) -> list[str]:
    """The places of a text that are filled in, in the order of their names.

    >>> places("{rows} 行，共 {count} 行")
    ['count', 'rows']
    """
    return sorted(_PLACE.findall(text))


def read_entries(path: Path) -> list[Entry]:
    """The entries of a catalogue.

    Raises:
        InvalidFile: it is no gettext catalogue.
    """
    from babel.messages.pofile import PoFileError, read_po

    try:
        with path.open("rb") as file:
            found = read_po(file, abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError, ValueError) as error:
        raise InvalidFile(
            f"{path} is no gettext catalogue: {error}", f"{path} 不是 gettext 译文目录：{error}"
        ) from error
    return [Entry(one.context or "", str(one.id), str(one.string), one.fuzzy) for one in found
            if one.id]  # fmt: skip


class Texts(NullTranslations):
    """The texts of one language, as the Python library gettext and Flask-Babel ask for them.

    Attributes:
        tag: the language, as pages name it (BCP 47).
        locale: of its dates and numbers.
        by_key: every text by its key; Chinese where there is no translation.
    """

    def __init__(self, tag: str, locale: Locale, files: Sequence[Path]) -> None:
        super().__init__()
        self.tag, self.locale, self._files = tag, locale, files

    @cached_property
    def by_key(self) -> Mapping[str, str]:
        """Every text by its key."""
        return {**SOURCES, **self.translated}

    @cached_property
    def translated(self) -> Mapping[str, str]:
        """The texts that were translated; those of a later file instead of an earlier one's."""
        entries = [one for file in self._files for one in read_entries(file)]
        return {one.key: one.text for one in entries if not one.fault}

    @cached_property
    def name(self) -> str:
        """What the language calls itself."""
        if self.tag == SOURCE or "page.language" in self.translated:
            return self.by_key["page.language"]
        return self.locale.get_display_name() or self.tag

    def pgettext(self, context: str, message: str) -> str:
        """The text of a key; `message` where there is none."""
        return self.by_key.get(context, message)

    upgettext = pgettext


class Catalogues:
    """The languages that are installed: Chinese, English, then others by their tags.

    Args:
        folders: where catalogues lie; one of a later folder is laid over an earlier one's.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        files: dict[str, list[Path]] = {tag: [] for tag in _FIRST}
        locales = {tag: Locale.parse(tag) for tag in _FIRST}
        for locale, file in _found(folders):
            files.setdefault(_tag(locale), []).append(file)
            locales[_tag(locale)] = locale
        self.tags = (*_FIRST, *sorted(files.keys() - {*_FIRST}))
        self.accepted = tuple(dict.fromkeys((SOURCE, *_CHINESE, *self.tags)))
        self.files = tuple(file for tag in self.tags for file in files[tag])
        self._texts = {tag: Texts(tag, locales[tag], files[tag]) for tag in self.tags}
        self.asked_as = _ALSO | {tag.lower(): tag for tag in self.tags}

    def of(self, tag: str) -> Texts:
        """The texts of a language; Chinese for one that is not installed."""
        return self._texts.get(tag) or self._texts[SOURCE]


def _tag(locale: Locale) -> str:
    return str(locale).replace("_", "-")


def _found(folders: Sequence[Path]) -> Iterator[tuple[Locale, Path]]:
    for folder in folders:
        for file in sorted(folder.glob(f"*/{FILE}")):
            name = file.parents[1].name
            try:
                yield Locale.parse(name.replace("-", "_")), file
            except (UnknownLocaleError, ValueError) as error:
                raise InvalidValue(
                    "OVOO_TRANSLATIONS", name, "the folder of a catalogue is named for a language",
                    "name it as in mn or mn_Mong",
                    f"译文目录的文件夹“{name}”不是语言代码；如 mn、mn_Mong",
                ) from error  # fmt: skip


_spoken = Catalogues([OWN])


def speak(folder: str) -> None:
    """Let this process speak the program's languages and those of an office's folder.

    Every catalogue is read now: a request waits for none, and one that is broken is told at once.

    Raises:
        InvalidValue: the folder is not there, or holds a catalogue of no known language.
        InvalidFile: a catalogue cannot be read.
    """
    global _spoken  # noqa: PLW0603 - what is spoken is one thing of a whole process, as its locale
    if folder and not Path(folder).is_dir():
        raise InvalidValue(
            "OVOO_TRANSLATIONS", folder, "it is no folder", "make it or leave the setting out",
            f"OVOO_TRANSLATIONS 所指的 {folder} 不是文件夹；请新建或不设",
        )  # fmt: skip
    if _spoken.folders != (folders := (OWN, *([Path(folder)] if folder else []))):
        _spoken = Catalogues(folders)
    for tag in _spoken.tags:
        _ = _spoken.of(tag).by_key


def spoken() -> Catalogues:
    """The languages that this process speaks."""
    return _spoken


def translate(key: str, tag: str) -> str:
    """The text of a key; Chinese where the language has none; an unknown key as it is.

    >>> translate("verdict.displaced", "en"), translate("verdict.displaced", "fr")
    ('displaced', '移位')
    >>> translate("verdict.unheard_of", "en")
    'verdict.unheard_of'
    """
    return _spoken.of(tag).by_key.get(key, key)


def told_in(tag: str) -> Lang:
    """The language of the register's own words on a page: English on English pages, else Chinese.

    >>> told_in("en"), told_in("zh"), told_in("mn-Mong")
    ('en', 'zh', 'zh')
    """
    return "en" if tag == "en" else "zh"
