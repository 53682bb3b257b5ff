"""`/work`: one's own tasks and clocks, each with its page, its last day, and who may act."""

from contextlib import ExitStack
from typing import Any

from flask import Blueprint, Response

from boundary import LineFacts, line_facts
from data import today
from gazetteer import lexicon_of
from web.addresses import root
from web.context import current_actor, current_store, whole_store
from web.negotiation import HTML, JSON, page_language, page_text, respond
from web.pages.work import Desk, Task, TaskList
from web.parameters import query
from web.until_written import until_written

blueprint = Blueprint("work", __name__)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """What waits for one is nobody else's to keep."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/work")
def show() -> Response:
    """What the reader has to do."""
    query(())
    store, actor, day = current_store(), current_actor(), today()

    def read() -> list[LineFacts]:
        with store.read() as connection:
            return line_facts(connection, day, 1)

    known = until_written(store, whole_store(), ("lines of a year", day), read)
    with ExitStack() as stack:
        seen = stack.enter_context(store.read())
        whole = seen if store is whole_store() else stack.enter_context(whole_store().read())
        lexicon = lexicon_of(store, seen)
        lists = Desk(seen, whole, actor, lexicon, page_language(), day, known).lists()
    address = f"{root()}work"
    document = {
        "lists": [_list(one, lexicon) for one in lists],
        "counts": {one.key: len(one.tasks) for one in lists},
        "overdue": sum(task.overdue for one in lists for task in one.tasks),
        "links": [
            {"href": address, "rel": "self", "type": JSON},
            {"href": f"{address}?f=html", "rel": "alternate", "type": HTML},
        ],
    }
    return respond("work.html", document, page_text("work.title"))


def _list(one: TaskList, lexicon: Any) -> dict[str, Any]:
    return {
        "list": one.key,
        "tasks": [_task(task, lexicon) for task in one.tasks],
        "more": one.more,
        "href": f"{root()}{one.address[1:]}" if one.address else None,
    }


def _task(task: Task, lexicon: Any) -> dict[str, Any]:
    path = lexicon.path(task.division_code)
    return {
        "title": task.title,
        "detail": task.detail,
        "due_on": task.due_on,
        "overdue": task.overdue,
        "who": {
            "roles": [str(role) for role in task.roles],
            "division_code": task.division_code,
            "division_name": path[-1].name if path else None,
        },
        "may_act": task.mine,
        "href": f"{root()}{task.address[1:]}",
    }
