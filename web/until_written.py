"""What was read of a store as a reader sees it, kept until the store changes.

It hangs on the reader's store, so that nothing of one is told to another.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar, cast
from weakref import WeakKeyDictionary

from data import Store

T = TypeVar("T")
_MOST: Final = 100
"""Answers that are kept for one reader's store."""
_kept: WeakKeyDictionary[Store, dict[Hashable, tuple[str, Any]]] = WeakKeyDictionary()
_lock = Lock()


def until_written(store: Store, whole: Store, key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, called anew once the store has changed.

    Args:
        store: the store as the reader sees it.
        whole: the store itself, whose journal tells when it changed.
        key: what is read.
        read: reads it from `store`; called after the change mark was read, so that what is kept
            is never older than its mark.
    """
    with whole.read() as connection:
        mark = whole.change_mark(connection)
    with _lock:
        known = _kept.setdefault(store, {}).get(key)
    if known is not None and known[0] == mark:
        return cast("T", known[1])
    found = read()
    with _lock:
        answers = _kept.setdefault(store, {})
        if len(answers) >= _MOST:
            answers.clear()
        answers[key] = (mark, found)
    return found
