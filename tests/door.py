"""What the quick door answers, beside what the house behind it answers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import time_machine
from flask import Flask

from web.quick import QuickDoor
from web.transport import Transport


class Watch:
    """Counts the requests that reach the house."""

    def __init__(self, house: Callable[..., Any]) -> None:
        self.house, self.reached = house, 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.reached += 1
        return self.house(environ, start_response)


def watched(app: Flask) -> Watch:
    """A watch between an application's door and its house."""
    signed_in = transport_of(app)._application
    door = signed_in._door
    assert isinstance(door, QuickDoor)
    watch = door._application = signed_in._house = Watch(door._application)
    return watch


def transport_of(app: Flask) -> Any:
    """What stands before the quick doors; further doors stand before it."""
    door: Any = app.wsgi_app
    while not isinstance(door, Transport):
        door = door._application
    return door


def answers(app: Flask, address: str, **headers: str) -> list[tuple[int, dict[str, str], bytes]]:
    """What is answered with the quick door, and what without it."""
    transport = transport_of(app)
    door = transport._application
    now = datetime.now(UTC)  # a page tells the second, which a compressed one hides
    found = []
    for application in (door, door._house):
        transport._application = application
        with time_machine.travel(now, tick=False):
            sent = {"X-Request-ID": "a-request", **headers}
            answer = app.test_client().get(address, headers=sent)
        found.append((answer.status_code, dict(answer.headers), answer.data))
    transport._application = door
    return found
