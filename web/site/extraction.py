"""Making catalogues: the template of all texts, and catalogues brought up to date with it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from data import InvalidValue
from web.site.catalogues import FILE, Entry, read_entries
from web.site.texts import SOURCES, TABLES

TEMPLATE: Final = "messages.pot"
_PROJECT, _EDITION = "Ovoo", "texts"
_HEADER: Final = (
    "# The interface of Ovoo: the key as context, the text in Chinese, its translation."
)
_FAULTS_TO: Final = "CONTRIBUTING.md"
_WIDTH: Final = 100
_FAULTS: Final = ("untranslated", "fuzzy", "changed", "places", "unknown", "obsolete")


@dataclass(frozen=True, slots=True)
class Count:
    """How far a catalogue is: how many texts are translated, and how many entries are not used.

    `untranslated` has no text, `fuzzy` is to be looked over, `changed` was made of other Chinese,
    `places` fills in other `{places}` than the Chinese, `unknown` is no text of the program,
    `obsolete` is kept in comments.
    """

    language: str
    translated: int
    untranslated: int
    fuzzy: int
    changed: int
    places: int
    unknown: int
    obsolete: int


def is_whole(one: Count) -> bool:
    """Whether every text is translated, and every entry is used."""
    return not any(getattr(one, name) for name in _FAULTS)


def template() -> Catalog:
    """All texts in the order of their tables, untranslated."""
    made = _empty(None)
    for name, table in TABLES.items():
        for key, text in table.items():
            made.add(text, locations=[(f"web/site/{name}.py", 1)], context=key)
    return made


def count(file: Path) -> Count:
    """How far a catalogue is."""
    entries = read_entries(file)
    with file.open("rb") as opened:
        obsolete = len(read_po(opened).obsolete)
    faults = Counter(one.fault for one in entries)
    left = len(SOURCES.keys() - {one.key for one in entries})
    found = dict.fromkeys(_FAULTS, 0) | {"obsolete": obsolete}
    found |= {name: faults[name] for name in _FAULTS if faults[name]}
    found["untranslated"] += left
    return Count(language=file.parents[1].name, translated=faults[""], **found)


def files_in(folder: Path) -> list[Path]:
    """The catalogues of a folder."""
    return sorted(folder.glob(f"*/{FILE}"))


def begin(folder: Path, locale: str) -> Path:
    """Begin a catalogue for another language.

    Raises:
        InvalidValue: it has been begun before.
    """
    file = folder / locale / FILE
    if file.exists():
        raise InvalidValue(
            "--add", locale, f"{file} is there", "bring it up to date with --update",
            f"{file} 已存在；请用 --update 更新",
        )  # fmt: skip
    file.parent.mkdir(parents=True)
    _write(file, _translated(_empty(locale), []))
    return file


def update(folder: Path) -> Iterator[Path]:
    """Write the template, and bring every catalogue up to date with the texts as they are now.

    An entry goes by its key: one whose Chinese has changed keeps its translation, marked as fuzzy;
    one whose key is gone is dropped. What is up to date already is left as it is.
    """
    if _write(folder / TEMPLATE, template()):
        yield folder / TEMPLATE
    for file in files_in(folder):
        entries = read_entries(file)
        with file.open("rb") as opened:
            if _write(file, _translated(read_po(opened, locale=file.parents[1].name), entries)):
                yield file


def _empty(locale: str | None) -> Catalog:
    return Catalog(
        locale=locale, header_comment=_HEADER, project=_PROJECT, version=_EDITION,
        msgid_bugs_address=_FAULTS_TO, charset="utf-8", fuzzy=False,
    )  # fmt: skip


def _translated(old: Catalog, entries: list[Entry]) -> Catalog:
    """The texts of now with the translations of a catalogue, under its own header."""
    known = {one.key: one for one in entries}
    made = Catalog(
        locale=str(old.locale_identifier), header_comment=old.header_comment,
        project=_PROJECT, version=_EDITION, msgid_bugs_address=old.msgid_bugs_address,
        revision_date=old.revision_date, last_translator=old.last_translator,
        language_team=old.language_team, charset="utf-8", fuzzy=False,
    )  # fmt: skip
    for wanted in template():
        if not wanted.id:
            continue
        key = str(wanted.context)
        had = known.get(key, Entry(key, str(wanted.id), ""))
        if had.text and replace(had, fuzzy=False).fault == "changed":
            had = replace(had, fuzzy=True)
        made.add(
            wanted.id, had.text, locations=wanted.locations, context=key,
            flags={"fuzzy"} if had.fuzzy else (),
        )  # fmt: skip
    return made


def _write(file: Path, made: Catalog) -> bool:
    """Write a catalogue where it differs from the file by more than the moment it was made."""
    if file.exists():
        with file.open("rb") as opened:
            made.creation_date = read_po(opened).creation_date
        if _bytes(made) == file.read_bytes():
            return False
    made.creation_date = datetime.now(UTC)
    file.write_bytes(_bytes(made))
    return True


def _bytes(made: Catalog) -> bytes:
    written = BytesIO()
    write_po(written, made, width=_WIDTH, include_lineno=False)
    return written.getvalue()
