"""Acts that pages send as forms: led to the page of their record, or shown again where refused.

A view takes JSON and forms alike by `web.bodies` and ends in `done`; its blueprint names by
`pages` which page holds its forms. Programs get the JSON and the problem that they always got.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, g, request

from data import Fault, FaultsFound, InvalidValue, OvooError
from web import problems
from web.accounts import CSRF_FIELD, reader_store
from web.context import current_actor
from web.form_fields import is_form
from web.negotiation import page_language, wants_html
from web.site import REFUSED, RefusedForm, Told, with_query

_CORRECTABLE: Final = frozenset({400, 409, 413, 415, 422})
"""Statuses that whoever filled in the form can do something about."""
Page = Callable[..., Response]


def from_page() -> bool:
    """Whether a browser sends the form of a page."""
    return request.method == "POST" and wants_html() and is_form()


def done(path: str, answer: Callable[[], Response]) -> Response:
    """The answer to an act: the page of its record for a browser, else what `answer` makes."""
    if not from_page():
        return answer()
    address = with_query(f"/{path}", lang=page_language()) if "lang" in request.args else f"/{path}"
    return Response(status=303, headers={"Location": address})


def keep_fields(told: Sequence[Told] = ()) -> None:
    """Let the page that is shown next hold what this request's form has in its fields."""
    values = {name: request.form.getlist(name) for name in request.form}
    files = {
        name: [one.filename for one in request.files.getlist(name) if one.filename]
        for name in request.files
    }
    setattr(g, REFUSED, RefusedForm(request.path, values, told, files))


def pages(
    blueprint: Blueprint,
    of_record: Page,
    of_new: Page | None = None,
    field_of: Callable[[Fault], str | None] = lambda fault: fault.column,
    only: Collection[str] = (),
) -> None:
    """Show a form of these pages again where it is refused.

    Args:
        blueprint: the family.
        of_record: the page with the forms of a record, called with the values of the address.
        of_new: the page with the form of a new one; None where the family has none.
        field_of: the field of a form that a fault is about.
        only: the views whose forms these pages hold; all of the family where it is empty.
    """

    @blueprint.errorhandler(OvooError)
    def refused(error: OvooError) -> Response:
        status, *_ = problems.status_of(type(error))
        given: Mapping[str, Any] = request.view_args or {}
        page = of_record if "identity" in given else of_new
        if only and (request.endpoint or "").rpartition(".")[2] not in only:
            page = None
        if page is None or status not in _CORRECTABLE or _is_foreign(error) or not from_page():
            return problems.answer(error)
        keep_fields(_told(error, field_of))
        # The page is read again as its reader may see it.
        g.seen_store = reader_store(current_actor())
        try:
            shown = page(**given)
        except OvooError as other:  # the record is not there, or not for this reader
            return problems.answer(other)
        shown.status_code = status
        return shown


def _is_foreign(error: OvooError) -> bool:
    """Whether the form itself does not come from a page of this reader."""
    return isinstance(error, InvalidValue) and error.field == CSRF_FIELD


def _told(error: OvooError, field_of: Callable[[Fault], str | None]) -> list[Told]:
    if isinstance(error, FaultsFound):
        return [Told(field_of(one), one.zh, one.en) for one in error.faults]
    field = error.field if isinstance(error, InvalidValue) else None
    return [Told(field, error.zh or error.message, error.message)]
