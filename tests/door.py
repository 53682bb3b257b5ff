"""What the quick door answers, beside what the house behind it answers."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask

from web.quick import QuickDoor
from web.transport import Transport

_STAMP = re.compile(rb'"timeStamp":"[^"]*"')


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
    found = []
    for application in (door, door._house):
        transport._application = application
        answer = app.test_client().get(address, headers={"X-Request-ID": "a-request", **headers})
        sent = dict(answer.headers)
        found.append((answer.status_code, sent, _STAMP.sub(b"", answer.data)))
    transport._application = door
    return found
