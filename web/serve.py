"""Serve by Waitress: several processes on one listening socket, each restarted if it dies."""

import ctypes
import gc
import logging
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from threading import Thread
from types import FrameType
from typing import Any

import orjson
from flask import Flask
from waitress.server import TcpWSGIServer, create_server
from waitress.task import ErrorTask

from data import Grant, Role, Store, StoreBusy, open_store, remove_abandoned_folders
from data.accounts import has_accounts, open_account
from gazetteer import SortingEnded, load_dictionaries, make_countable, make_searchable
from web.accounts import OPERATOR, Access, present
from web.app import create_app
from web.at_once import is_tile, may_be_answered
from web.event_loop import LoopChannel, LoopDispatcher, MayBeAnswered, wake_from_threads_only
from web.negotiation import preferred_language
from web.observing import set_up_logging, take_slot
from web.problems import plain_words
from web.readings import readings_of
from web.settings import Settings
from web.sharing import Share, Shares
from web.site import speak
from web.watching import Watched

Application = Callable[[], AbstractContextManager[Any]]
"""Opens a WSGI application in the process that answers, and closes it at the end."""

log = logging.getLogger("ovoo.serve")
# A request that waits for a thread is no event; how many do is told by the answers' times.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)

_FIRST = "admin"
_BACKLOG = 1024
_LOOK_EVERY_S = 2.0
_AFTER_FAULT_S = 60.0
"""Before a large work that failed is begun again."""
_PAUSE_S = 0.2
"""Before a process that ended is started again, so that one that cannot start does no harm."""
_CAN_FORK = hasattr(os, "fork")
_LAST_MOMENT_S = 3.0
_ENDING = (signal.SIGTERM, signal.SIGINT)
_at_end: list[Callable[[], None]] = []
"""What this process does when it is told to end, as far as a last moment suffices."""
FORM_OVERHEAD_BYTES = 1_000_000
"""What a form may have around a file; the proxy allows the same."""
_CONNECTIONS, _CONNECTIONS_OF_WINDOWS = 2_000, 400
"""Connections that a process keeps at most; Windows can wait for 512 at once."""
_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1
"""Parameters of `mallopt` in the header `malloc.h` of the GNU C library."""
_HEAPS, _LARGE_BYTES = 2, 512 * 1024
_OTHER_FILES = 200
"""What a process has open beside its connections, with some to spare."""


class ProblemTask(ErrorTask):
    """What the server itself refuses (a body too large, a broken request) is a problem too."""

    def execute(self) -> None:
        """Write the refusal as a problem document (RFC 9457)."""
        request: Any = self.request
        error = request.error
        status = error.code
        lang = preferred_language(request.headers.get("ACCEPT_LANGUAGE", ""))
        title, detail = plain_words(status, lang)
        about = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        body = orjson.dumps({**about, "instance": ""})
        self.status = f"{status} {error.reason}"
        self.content_length = len(body)
        self.response_headers = [
            ("Content-Type", "application/problem+json"),
            ("Connection", "close"),
        ]
        self.set_close_on_finish()
        self.write(body)


class ProblemChannel(LoopChannel):
    """A connection whose refusals are problem documents."""

    error_task_class = ProblemTask


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until the process is told to stop.

    Args:
        settings: how.
        announce: told the address once requests are taken.

    Raises:
        StoreError: the store cannot be opened; nothing is served.
        OSError: the address cannot be listened on.
    """
    set_up_logging(settings.log)
    _keep_heap_together()
    with open_store(settings.store) as store:  # refuse before the first request; migrate once
        said = _who_may_come(store, settings)
        load_dictionaries()  # once for all processes
        speak(settings.translations)
        _give_back_memory()
        if not _CAN_FORK:
            make_searchable(store)
            make_countable(store)
    beside = (partial(_keep_searchable, settings),) if _CAN_FORK else ()

    def tell(address: str) -> None:
        announce(address)
        announce(said)

    # A file is read in no time; a server elsewhere may keep one waiting, and the loop must not:
    # of what is asked of it, tiles know how to take a moment or none.
    at_once = may_be_answered if store.embedded else is_tile
    serve_application(settings, partial(_store_application, settings), tell, beside, at_once)


def _keep_heap_together() -> None:
    """Let all threads share few heaps, and large pieces lie apart, where the C library can.

    Otherwise each thread has a heap of its own, eight for each processor, and what one has freed
    another does not use; and a large piece that was freed once lets all later ones lie in a heap,
    where whatever stays behind them keeps their room from the system.
    """
    limit = _of_c_library("mallopt")
    if limit is not None:
        limit(_ARENA_MAX, _HEAPS)
        limit(_MMAP_THRESHOLD, _LARGE_BYTES)
        limit(_TRIM_THRESHOLD, _LARGE_BYTES)


def _give_back_memory() -> None:
    """Give the system what was used for a while and is free again, where the C library can."""
    gc.collect()
    trim = _of_c_library("malloc_trim")
    if trim is not None:
        trim(0)


def _of_c_library(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


def _who_may_come(store: Store, settings: Settings) -> str:
    """What to say of who may come; where nobody can sign in yet, one administrator is made."""
    if not Access(store, settings).closed:
        return "Nobody has an account here: whoever uses this machine may do everything."
    with store.read() as connection:
        if has_accounts(connection):
            return "People sign in at /sign-in."
    _, secret = open_account(store, OPERATOR, _FIRST, [Grant(Role.ADMINISTRATOR)], present())
    return f"The first account is {_FIRST}: choose its password within a day at /welcome/{secret}"


@contextmanager
def _store_application(settings: Settings) -> Iterator[Flask]:
    remove_abandoned_folders()  # perhaps of the process whose place this one takes
    with open_store(settings.store, settings.replicas) as store:
        store.serving = True
        app = create_app(store, settings)
        _at_end.append(readings_of(app).flush_later)
        yield app


def serve_application(
    settings: Settings,
    application: Application,
    announce: Callable[[str], None],
    beside: Sequence[Callable[[], None]] = (),
    at_once: MayBeAnswered | None = None,
) -> None:
    """Serve any WSGI application in the same way; each process opens its own.

    Args:
        settings: how.
        application: what is served.
        announce: told the address once requests are taken.
        beside: tasks that run beside it, each in a process of its own.
        at_once: which requests the event loop may try to answer itself; None where it may not.

    Raises:
        OSError: the address cannot be listened on.
    """
    listening = _listen(settings)
    host, port = listening.getsockname()[:2]
    announce(f"Ovoo is at http://{host}:{port}/  (Ctrl-C stops it)")
    shares = Shares(settings.workers)
    answers = [
        partial(_answer, settings, listening, application, at_once or _never, shares, number)
        for number in range(settings.workers)
    ]
    if _CAN_FORK:
        _supervise([*answers, *beside])
    else:
        answers[0]()


def _never(_path: str, _query: str) -> bool:
    return False


def _keep_searchable(settings: Settings) -> None:
    """Make the text index and the counts anew whenever a load has left them behind."""
    with open_store(settings.store) as store:
        store.serving = True
        while True:
            try:
                make_searchable(store)
                make_countable(store)
            except StoreBusy as error:
                log.warning("the text index and the counts have to wait: %s", error.message)
            except SortingEnded as error:
                log.error("%s", error.message)  # noqa: TRY400 - the process has told where
                time.sleep(_AFTER_FAULT_S)
            time.sleep(_LOOK_EVERY_S)


def _listen(settings: Settings) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise OSError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror});"
            " set PORT to another number"
        ) from error
    listening.listen(_BACKLOG)
    listening.setblocking(False)
    return listening


def _answer(
    settings: Settings,
    listening: socket.socket,
    application: Application,
    at_once: MayBeAnswered,
    shares: Shares,
    number: int,
) -> None:
    take_slot(number)
    with application() as app:
        # What is there now stays; the collector need not look at it again and again.
        gc.freeze()
        make_server(app, listening, settings, at_once, shares.of(number)).run()


def make_server(
    app: Any,
    listening: socket.socket,
    settings: Settings,
    at_once: MayBeAnswered,
    share: Share,
) -> Any:
    """A server whose event loop is this very thread's, once it runs."""
    most = _most_connections()
    watched = Watched(most, share)
    server: Any = create_server(
        app,
        watched,
        sockets=[listening],
        _dispatcher=LoopDispatcher(at_once, settings.threads),
        # Beyond the limit a client waits unseen until another one leaves (see `Watched`).
        connection_limit=most,
        max_request_body_size=settings.max_upload_bytes + FORM_OVERHEAD_BYTES,
        ident=None,
        # They stay as they came: a service without accounts refuses what a proxy hands on
        # (`web.accounts`), and nothing else looks at them.
        clear_untrusted_proxy_headers=False,
    )
    for one in _servers(server):
        one.channel_class = ProblemChannel
        wake_from_threads_only(one)
    server.run = partial(_run, server, watched)
    return server


def _run(server: Any, watched: Watched) -> None:
    try:
        watched.run()
    except (SystemExit, KeyboardInterrupt):
        server.task_dispatcher.shutdown()


def _most_connections() -> int:
    """How many connections this process may keep: each is an open file."""
    if not _CAN_FORK:
        return _CONNECTIONS_OF_WINDOWS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + _OTHER_FILES
    if soft < wanted and soft != resource.RLIM_INFINITY:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return (
        _CONNECTIONS if soft == resource.RLIM_INFINITY else max(1, min(soft, wanted) - _OTHER_FILES)
    )


def _servers(server: Any) -> list[Any]:
    return [server] if isinstance(server, TcpWSGIServer) else list(server.map.values())


def _supervise(tasks: Sequence[Callable[[], None]]) -> None:
    """Keep a process running for each task; stop them all when told to."""
    running = {_start(task): task for task in tasks}
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for process in running:
            with suppress(ProcessLookupError):  # it may just have ended by itself
                os.kill(process, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while running:
        process, status = os.wait()
        task = running.pop(process)
        if not stopping:
            log.error("a process ended with status %s; starting another", status)
            time.sleep(_PAUSE_S)
            # Told to stop in between, or just now: no process may begin that nobody then stops.
            signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
            if not stopping:
                running[_start(task)] = task
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """End this process soon, by another thread: this one may hold a lock that is needed for it."""
    Thread(target=_end, daemon=True).start()


def _end() -> None:
    for act in _at_end:
        work = Thread(target=act, daemon=True)
        work.start()
        work.join(_LAST_MOMENT_S)
    os._exit(0)


def _start(task: Callable[[], None]) -> int:
    process = os.fork()
    if process:
        return process
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    try:
        task()
    finally:
        traceback.print_exc()  # of what ended it; the supervisor starts another
        os._exit(1)
