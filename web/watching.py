"""Waitress's loop, waiting in the system for what happens, however many connections are at rest.

Waitress looks at every connection before each wait. A reader's browser keeps its connections for
two minutes, and a thousand of them at rest made each answer wait for a thousand looks. Here those
at rest are left to the system; looked at are what has just happened and what threads work on.

Whoever has more connections than another process leaves new ones to it for a moment, and takes
them where it is too busy to.
"""

from contextlib import suppress
from operator import attrgetter
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from time import monotonic, time
from typing import Any, Final

from waitress import wasyncore
from waitress.channel import HTTPChannel

from web.sharing import Share

_LOOK_AT_ALL_S: Final = 1.0
"""What changes a connection at rest without a sign, its end for idleness among it, shows then."""
_AT_REST_S: Final = 1.0
_AFTER_YOU_S: Final = 0.005
"""So long another process may take a new connection first; it is awake within less."""
_LEAVE_TOGETHER: Final = 8
"""One of so many connections leaves at once where there is no room."""


class Watched(dict[int, Any]):
    """Waitress's map of what it waits for, by file number; the loop learns of what comes and goes.

    Args:
        most: so many are let in; where they are there, those that have been at rest for longest
            make room, as HTTP allows it at any time (RFC 9112, 9.6).
        share: of this process among all that answer.

    Attributes:
        lively: what is to be looked at before the next wait.
        yields: whether new connections are left to other processes just now.
    """

    def __init__(self, most: int, share: Share) -> None:
        super().__init__()
        self._most, self._share = most, share
        self._yields_until = 0.0
        self.yields = False
        self.lively: set[int] = set()
        self._selector = DefaultSelector()

    def __setitem__(self, number: int, one: Any) -> None:
        super().__setitem__(number, one)
        self.lively.add(number)
        self._share.has(len(self))

    def __delitem__(self, number: int) -> None:
        super().__delitem__(number)
        self._share.has(len(self))
        # The number may be that of the next connection in a moment.
        with suppress(KeyError):
            self._selector.unregister(number)

    def run(self) -> None:
        """Wait and act until nothing is left to wait for."""
        look_at_all = 0.0
        while self:
            now = monotonic()
            if now >= look_at_all:
                look_at_all = now + _LOOK_AT_ALL_S
                self.lively.update(self)
                if len(self) >= self._most:
                    self._make_room()
            waited = self.yields and self._yields_until <= now
            self._look(takes=waited or not self.yields)
            for key, events in self._selector.select(self._rest_s(look_at_all)):
                self._act(key.fd, events, key.events)
            if waited:
                self.yields = False
        self._selector.close()

    def _rest_s(self, look_at_all: float) -> float:
        """How long to wait for what happens, seconds."""
        until = min(look_at_all, self._yields_until) if self.yields else look_at_all
        return max(0.0, until - monotonic())

    def _leaves_it(self) -> bool:
        """Whether a connection that waits to be let in is left to another process at first."""
        if self.yields or self._share.is_least:
            return False
        self.yields, self._yields_until = True, monotonic() + _AFTER_YOU_S
        return True

    def _make_room(self) -> None:
        """End connections on which nothing is asked: others wait, unseen, to be let in."""
        latest = time() - _AT_REST_S
        at_rest = [
            one
            for one in self.values()
            if isinstance(one, HTTPChannel)
            and one.last_activity < latest
            and not (one.requests or one.request or one.total_outbufs_len)
        ]
        at_rest.sort(key=attrgetter("last_activity"))
        for one in at_rest[: max(1, self._most // _LEAVE_TOGETHER)]:
            one.will_close = True

    def _look(self, *, takes: bool) -> None:
        """Tell the system what each of the lively waits for; leave to it those at rest.

        Args:
            takes: whether new connections are waited for.
        """
        for number in list(self.lively):
            one = self.get(number)
            if one is None:
                self.lively.discard(number)
                continue
            events = EVENT_READ if one.readable() and (takes or not one.accepting) else 0
            if one.writable() and not one.accepting:
                events |= EVENT_WRITE
            # While threads work on its requests, it changes without a sign.
            if events == EVENT_READ and isinstance(one, HTTPChannel) and not one.requests:
                self.lively.discard(number)
            self._watch(number, events)

    def _watch(self, number: int, events: int) -> None:
        known = self._selector.get_map().get(number)
        if known is None:
            if events:
                self._selector.register(number, events)
        elif not events:
            self._selector.unregister(number)
        elif known.events != events:
            self._selector.modify(number, events)

    def _act(self, number: int, events: int, watched: int) -> None:
        one: Any = self.get(number)  # what was done for another may have ended it
        if one is None:
            return
        if one.accepting and self._leaves_it():
            return
        if events & EVENT_READ:
            wasyncore.read(one)
        if events & EVENT_WRITE and number in self:
            wasyncore.write(one)
        if watched != EVENT_READ or not _rests(one):
            self.lively.add(number)


def _rests(one: Any) -> bool:
    """Whether what is waited for is a connection's next request, and nothing else."""
    return (
        isinstance(one, HTTPChannel) and not one.requests and one.readable() and not one.writable()
    )
