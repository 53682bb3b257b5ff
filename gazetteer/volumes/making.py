"""Making books, lists and atlas sheets from a store."""

from dataclasses import replace

from data.store import Store
from gazetteer.heritage import pictures_of_places
from gazetteer.search import lexicon_of
from gazetteer.volumes.entries import Book, read_book
from gazetteer.volumes.lists import list_docx, list_xlsx
from gazetteer.volumes.maps import Notice, Sheet, draw, read_sheet
from gazetteer.volumes.volume import Progress, volume_docx

ATLAS_FORMATS = ("pdf", "svg", "png")


def name_list(store: Store, division: str, kind: str) -> bytes:
    """The standard names of a division as `xlsx` or `docx`."""
    book, _ = _read(store, division)
    return list_xlsx(book) if kind == "xlsx" else list_docx(book)


def name_volume(
    store: Store, division: str, progress: Progress | None = None, notice: Notice | None = None
) -> bytes:
    """The book of a division's names as DOCX.

    Args:
        store: the store.
        division: its code or name.
        progress: told how many entries are written.
        notice: what its map says of its lines; that they are no reference by default.

    Raises:
        FontsMissing: the map's fonts are not installed.
    """
    book, sheet = _read(store, division)
    said = notice or Notice()
    drawn = sheet.own or sheet.parts
    picture = draw(book, sheet, "png", said, index=False) if drawn else None
    with store.read() as connection:
        pictures = pictures_of_places(connection, [one.id for one in book.entries])
    return volume_docx(book, picture, pictures, progress, said.text)


def atlas_sheet(store: Store, division: str, kind: str, notice: Notice | None = None) -> bytes:
    """A division's map with neighbours, scale, legend and index of names.

    Args:
        store: the store.
        division: its code or name.
        kind: pdf, svg or png.
        notice: what it says of its lines; that they are no reference by default.

    Raises:
        FontsMissing: the map's fonts are not installed.
    """
    book, sheet = _read(store, division)
    return draw(book, sheet, kind, notice or Notice())


def _read(store: Store, division: str) -> tuple[Book, Sheet]:
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        book = read_book(connection, lexicon, division)
        sheet = read_sheet(connection, lexicon, book.division)
    mongolian = {one.name: one.mongolian for one in book.entries if one.mongolian}
    labels = {code: mongolian[name] for code, name, _ in sheet.parts if name in mongolian}
    return book, replace(sheet, mongolian=labels)
