"""Who read closed positions: noted with each answer, written in batches.

A note is written at the latest five seconds after its answer, or soon after two hundred wait, by a
thread of its own: who asks never waits for the store's writers. A process that is told to end
writes what waits; what a killed one had not written is lost. When notes cannot be written, no more
positions are told.
"""

import atexit
import logging
import time
from collections.abc import Callable, Mapping
from threading import Event, Lock, Thread
from typing import Any, Final, cast

from flask import Flask, Response, current_app, g, request

from data import Actor, Reading, Store, StoreError, write_readings
from web.accounts import must_sign_in, present, sight_of_reader
from web.context import current_actor
from web.rights import right_of_request, tells_positions

_LATEST_S: Final = 5.0
_BATCH: Final = 200
_PAUSE_S: Final = 0.2
"""Between two batches: many readings make larger ones, not more of them."""
_MOST: Final = 5_000
_LONGEST: Final = 500
_KEY: Final = "ovoo_readings"
_log = logging.getLogger("ovoo.readings")


class Readings:
    """The notes of one process."""

    def __init__(self, write: Callable[[list[Reading]], None]) -> None:
        self._write = write
        self._waiting: list[Reading] = []
        self._writer: Thread | None = None
        self._due = Event()
        self._lock, self._writing = Lock(), Lock()

    @property
    def full(self) -> bool:
        """Whether so many notes wait that nothing more may be told before they are written."""
        return len(self._waiting) >= _MOST

    def add(self, one: Reading) -> None:
        """Note a reading; waits for nobody."""
        with self._lock:
            self._waiting.append(one)
            if self._writer is None or not self._writer.is_alive():
                self._writer = Thread(target=self._write_until_none_wait, daemon=True)
                self._writer.start()
            due = len(self._waiting) >= _BATCH
        if due:
            self._due.set()

    def _write_until_none_wait(self) -> None:
        """What the writing thread does."""
        waits = True
        while waits:
            self._due.wait(_LATEST_S)
            self._due.clear()
            self.flush_later()
            with self._lock:
                waits = bool(self._waiting)
                if not waits:
                    self._writer = None
            time.sleep(_PAUSE_S)

    def flush(self) -> None:
        """Write what waits.

        Raises:
            StoreError: the store is busy or does not answer; what waits goes on waiting.
        """
        with self._writing:
            with self._lock:
                batch = list(self._waiting)
            if not batch:
                return
            self._write(batch)
            with self._lock:
                del self._waiting[: len(batch)]

    def flush_later(self) -> None:
        """Write, or leave it to the next time where the store is busy or does not answer."""
        try:
            self.flush()
        except StoreError as error:
            _log.warning("readings wait to be written: %s", error)


def install(app: Flask, store: Store) -> None:
    """Note every answer that tells closed positions."""
    readings = Readings(lambda batch: write_readings(store, batch))
    app.extensions[_KEY] = readings
    app.before_request(_make_room)
    app.after_request(_note)
    atexit.register(readings.flush_later)


def readings_of(app: Flask) -> Readings:
    """The notes of an application."""
    return cast("Readings", app.extensions[_KEY])


def _concerned() -> bool:
    """Whether this request's answer tells closed positions to who asks."""
    if not must_sign_in() or "actor" not in g:
        return False
    right = right_of_request()
    if right is None or not tells_positions(right):
        return False
    return sight_of_reader(current_actor()).precise != frozenset()


def _make_room() -> None:
    readings = readings_of(current_app)
    if readings.full and _concerned():
        readings.flush()


def _note(response: Response) -> Response:
    if response.status_code < 300 and _concerned():  # noqa: PLR2004 - an answer, not a refusal
        readings_of(current_app).add(reading(current_actor(), request.environ))
    return response


def reading(actor: Actor, environ: Mapping[str, Any]) -> Reading:
    """The note that an actor read, now, what a request asks for."""
    address = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}".rstrip("?")
    asked = f"{environ['REQUEST_METHOD']} {address}"[:_LONGEST]
    return Reading(present().isoformat(timespec="milliseconds"), actor.name, asked)
