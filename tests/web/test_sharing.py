"""Processes on one socket have as many connections each, and no client waits for a busy one."""

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, closing

import pytest
from serving import answered, answering, connected, listening, present
from waitress.channel import HTTPChannel

from web import watching
from web.sharing import Shares


def _asked(door: socket.socket, stack: ExitStack) -> socket.socket:
    """A connection on which one question was answered."""
    client = connected(door.getsockname()[1], stack)
    answered(client)
    return client


def _wait_until(true: Callable[[], bool]) -> None:
    """Wait until something holds."""
    ends_at = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends_at
        time.sleep(0.005)


def _open(watched: watching.Watched) -> int:
    return sum(isinstance(one, HTTPChannel) for one in list(watched.values()))


def test_whoever_has_more_leaves_the_next_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_AFTER_YOU_S", 60.0)
    shares = Shares(2)
    shares.of(1).has(0)
    with listening() as door, ExitStack() as stack:
        server = stack.enter_context(answering(door, present(), lambda *_: True, 1, shares.of(0)))
        shares.of(1).has(len(server._map))
        _asked(door, stack)  # neither has more: it is let in
        connected(door.getsockname()[1], stack)
        _wait_until(lambda: server._map.yields or _open(server._map) > 1)
        taken, _ = door.accept()  # as the other process does
        stack.enter_context(closing(taken))
        assert _open(server._map) == 1


def test_connections_are_shared_out_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_AFTER_YOU_S", 0.05)
    shares = Shares(2)
    with listening() as door, ExitStack() as stack:
        servers = [
            stack.enter_context(answering(door, present(), lambda *_: True, 1, shares.of(number)))
            for number in range(2)
        ]
        for _ in range(40):
            _asked(door, stack)
        counts = [_open(server._map) for server in servers]
        assert sum(counts) == 40
        assert min(counts) >= 15, counts


def test_one_that_is_too_busy_keeps_nobody_waiting() -> None:
    shares = Shares(2)
    shares.of(1)  # has none, and takes none
    with listening() as door, ExitStack() as stack:
        server = stack.enter_context(answering(door, present(), lambda *_: True, 1, shares.of(0)))
        clients = [_asked(door, stack) for _ in range(20)]
        assert _open(server._map) == len(clients)


def test_one_that_begins_anew_has_none() -> None:
    shares = Shares(2)
    first, second = shares.of(0), shares.of(1)
    first.has(3)
    assert not first.is_least
    assert second.is_least
    second.has(4)
    assert first.is_least
    shares.of(1)
    assert not first.is_least
