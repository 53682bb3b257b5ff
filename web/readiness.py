"""Whether names can be looked for: after a large load the text index is made anew."""

from data import NotReady, Store
from gazetteer import is_current
from web.context import current_store


def searchable_store() -> Store:
    """The open store, whose text index is whole.

    Raises:
        NotReady: the index is being made.
    """
    store = current_store()
    with store.read() as connection:
        if is_current(connection):
            return store
    raise NotReady(
        "the text index is being made; ask again in a minute",
        "检索索引正在建立；请稍后再试",
    )
