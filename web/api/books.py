"""`/books/{code}/…` and `/atlas/{code}`: lists, books and atlas sheets to save."""

from flask import Blueprint, Response

from data import InvalidValue, NotFound
from gazetteer import lexicon_of, volumes
from web.context import current_store
from web.downloads import DOCX, XLSX, download
from web.parameters import query

blueprint = Blueprint("books", __name__)

LIST_FORMATS = ("xlsx", "docx")
_MEDIA = {"pdf": "application/pdf", "svg": "image/svg+xml", "png": "image/png"}


def _division(identity: int) -> str:
    """The code of a division that the register has.

    Raises:
        NotFound: it has none by that code.
    """
    code, store = str(identity), current_store()
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
    try:
        lexicon.resolve(code)
    except InvalidValue as error:
        raise NotFound(error.message, error.zh) from error
    return code


@blueprint.get("/books/<int:identity>/list")
def name_list(identity: int) -> Response:
    """The standard names of a division (its code in the path)."""
    kind = query((), LIST_FORMATS).get("f", "xlsx")
    content = volumes.name_list(current_store(), _division(identity), kind)
    return download(content, XLSX if kind == "xlsx" else DOCX, f"标准地名录-{identity}.{kind}")


@blueprint.get("/books/<int:identity>/volume")
def volume(identity: int) -> Response:
    """The book of names of a division."""
    query((), ("docx",))
    content = volumes.name_volume(current_store(), _division(identity))
    return download(content, DOCX, f"地名志-{identity}.docx")


@blueprint.get("/atlas/<int:identity>")
def atlas(identity: int) -> Response:
    """The atlas sheet of a division."""
    kind = query((), volumes.ATLAS_FORMATS).get("f", "pdf")
    content = volumes.atlas_sheet(current_store(), _division(identity), kind)
    return download(content, _MEDIA[kind], f"行政区划图-{identity}.{kind}")
