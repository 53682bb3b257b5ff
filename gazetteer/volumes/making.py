"""Making books, lists and atlas sheets from a store."""

from dataclasses import replace

from data.store import Store
from gazetteer.heritage import pictures_of_places
from gazetteer.search import lexicon_of
from gazetteer.volumes.entries import Book, read_book
from gazetteer.volumes.lists import list_docx, list_xlsx
from gazetteer.volumes.maps import Sheet, draw, read_sheet
from gazetteer.volumes.volume import Progress, volume_docx

ATLAS_FORMATS = ("pdf", "svg", "png")


def name_list(store: Store, division: str, kind: str) -> bytes:
    """The standard names of a division as `xlsx` or `docx`."""
    book, _ = _read(store, division)
    return list_xlsx(book) if kind == "xlsx" else list_docx(book)


def name_volume(store: Store, division: str, progress: Progress | None = None) -> bytes:
    """The book of a division's names as DOCX.

    Raises:
        FontsMissing: the map's fonts are not installed.
    """
    book, sheet = _read(store, division)
    picture = draw(book, sheet, "png", index=False) if sheet.own or sheet.parts else None
    with store.read() as connection:
        pictures = pictures_of_places(connection, [one.id for one in book.entries])
    return volume_docx(book, picture, pictures, progress)


def atlas_sheet(store: Store, division: str, kind: str) -> bytes:
    """A division's map with neighbours, scale, legend and index of names.

    Raises:
        FontsMissing: the map's fonts are not installed.
    """
    book, sheet = _read(store, division)
    return draw(book, sheet, kind)


def _read(store: Store, division: str) -> tuple[Book, Sheet]:
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        book = read_book(connection, lexicon, division)
        sheet = read_sheet(connection, lexicon, book.division)
    mongolian = {one.name: one.mongolian for one in book.entries if one.mongolian}
    labels = {code: mongolian[name] for code, name, _ in sheet.parts if name in mongolian}
    return book, replace(sheet, mongolian=labels)
