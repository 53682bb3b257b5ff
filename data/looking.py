"""Looks at a server that take a moment or none: for who must not wait, such as the event loop.

A look is one statement over a connection of its own. What has not come within a moment is given
up, the asker goes the long way, and for a while nobody tries again, for longer each time: a server
that is far away, or held up, costs the loop next to nothing.
"""

import logging
from collections.abc import Callable
from selectors import EVENT_READ, DefaultSelector
from threading import Lock, Thread
from time import monotonic
from typing import Any, Final

from data.errors import StoreError

_log = logging.getLogger("ovoo.looking")
_MOMENT_S: Final = 0.002
_FIRST_REST_S: Final = 0.02
_LONGEST_REST_S: Final = 1.0

Rows = list[tuple[str | None, ...]]


class Looks:
    """Looks over one connection, which a thread opens: nobody waits for that either.

    Args:
        connect: opens a connection of psycopg that begins no transactions.
    """

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._connection: Any = None
        self._selector = DefaultSelector()
        self._names: dict[str, bytes] = {}
        self._unread = self._opening = self._closed = False
        self._rest_s, self._rests_until = _FIRST_REST_S, 0.0
        self._lock = Lock()

    def rows(self, sql: str) -> Rows | None:
        """Every row of a statement without values, each value as text.

        None where the server does not tell them in a moment, or somebody else is looking.
        """
        if monotonic() < self._rests_until or not self._lock.acquire(blocking=False):
            return None
        try:
            found = None if self._connection is None else self._asked(sql)
            if found is None:
                self._rests_until = monotonic() + self._rest_s
                self._rest_s = min(2 * self._rest_s, _LONGEST_REST_S)
                self._open()
            else:
                self._rest_s = _FIRST_REST_S
            return found
        finally:
            self._lock.release()

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._closed = True
            self._forget()
            self._selector.close()

    def _open(self) -> None:
        """Open a connection, where there is none, in a thread of its own."""
        if self._connection is None and not self._opening:
            self._opening = True
            Thread(target=self._opened, daemon=True).start()

    def _opened(self) -> None:
        try:
            connection = self._connect()
            with self._lock:
                if self._closed:
                    connection.close()
                    return
                self._selector.register(connection.fileno(), EVENT_READ)
                self._names, self._unread = {}, False
                self._connection, self._rests_until = connection, 0.0
        except StoreError as error:  # the long way tells it to who asks
            _log.debug("no connection for looks: %s", error)
        finally:
            self._opening = False

    def _forget(self) -> None:
        if self._connection is not None:
            for key in list(self._selector.get_map().values()):
                self._selector.unregister(key.fileobj)
            self._connection.close()
            self._connection = None

    def _asked(self, sql: str) -> Rows | None:
        import psycopg

        try:
            return self._told(self._connection.pgconn, sql, monotonic() + _MOMENT_S)
        except psycopg.Error:
            self._forget()
            return None

    def _told(self, server: Any, sql: str, until: float) -> Rows | None:
        if self._unread and self._result(server, until) is None:
            return None  # of an earlier look, which has not ended yet
        name = self._names.get(sql)
        if name is None:
            name = f"look_{len(self._names)}".encode()
            server.send_prepare(name, sql.encode())
            if self._result(server, until) is None:
                return None
            self._names[sql] = name
        server.send_query_prepared(name, None)
        found = self._result(server, until)
        if found is None:
            return None
        columns = range(found.nfields)
        return [
            tuple([_text(found.get_value(row, column)) for column in columns])
            for row in range(found.ntuples)
        ]

    def _result(self, server: Any, until: float) -> Any:
        """What the server answers to what was sent; None where it takes too long."""
        from psycopg import OperationalError
        from psycopg.pq import ExecStatus

        self._unread, found = True, None
        server.flush()
        while True:
            while server.is_busy():
                left_s = until - monotonic()
                if left_s <= 0 or not self._selector.select(left_s):
                    return None
                server.consume_input()
            result = server.get_result()
            if result is None:
                self._unread = False
                return found
            if result.status not in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
                raise OperationalError(result.error_message.decode(errors="replace"))
            found = result


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()
