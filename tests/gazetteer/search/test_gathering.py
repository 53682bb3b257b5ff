"""The terms of many forms are gathered by a process beside, with the same outcome."""

import fcntl
import os
import signal
import sys
import termios
import time
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from region import fill
from sqlalchemy import select

from data.store import Store
from gazetteer import SortingEnded
from gazetteer.names import plain_fold, search_keys
from gazetteer.search import gathering as gathering_
from gazetteer.search import indexing, rebuild
from gazetteer.search.gathering import Gathering, gathering
from gazetteer.search.sorting import lots_of, terms_of_lots
from gazetteer.search.tables import search_form, search_term
from gazetteer.search.terms import TermSource

PAGE = 4096
NAMES = st.lists(st.text("乌兰浩特鄂博Hot东ᠣᠪᠣ𠮷", min_size=1, max_size=8), max_size=20)


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with two processors."""
    monkeypatch.setattr(gathering_, "_has_processors", lambda: True)


def sources(names: list[str]) -> list[tuple[int, TermSource]]:
    made = {
        name: TermSource(search_keys(name), plain_fold(name), name, standard=True, division=True)
        for name in names
    }
    return [(number, made[name]) for number, name in enumerate(names, start=1)]


def gathered(forms: list[tuple[int, TermSource]], few: int) -> tuple[list[str | int], int]:
    with gathering(few) as made:
        for start in range(0, len(forms), 7):
            made.add(forms[start : start + 7])
        return [one for pairs in made.pairs() for one in pairs], made.count


@given(NAMES)
def test_lots_have_the_terms_of_their_forms(names: list[str]) -> None:
    forms = sources(names)
    pairs = {(term, n) for terms, ns in terms_of_lots(lots_of(forms)) for term in terms for n in ns}
    assert pairs == {(term, n) for n, source in forms for term in source.terms()}


@pytest.mark.usefixtures("beside")
@settings(max_examples=3)
@given(NAMES)
def test_a_process_beside_gathers_the_same(names: list[str]) -> None:
    forms = sources([*names, "乌兰浩特", "\ud800"])
    assert gathered(forms, few=0) == gathered(forms, few=1_000)


@pytest.mark.usefixtures("beside")
def test_the_index_is_the_same_either_way(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)
    found = []
    for few in (0, 1_000_000):
        monkeypatch.setattr(indexing, "gathering", partial(gathering, few))
        with store.write("t", "index") as transaction:
            rebuild(transaction)
        with store.read() as connection:
            terms = connection.execute(select(search_term.c.term, search_term.c.ordinal)).all()
            forms = connection.execute(select(search_form).order_by("ordinal")).all()
        found.append((sorted(map(tuple, terms)), forms))
    assert found[0] == found[1]
    assert len(found[0][0]) > 100


@pytest.mark.usefixtures("beside")
def test_the_end_of_the_process_is_told_as_itself() -> None:
    with gathering(few=0) as made:
        made.add(sources(["乌兰浩特"]))
        process = process_of(made)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with pytest.raises(SortingEnded, match="status -9"):
            made.add(sources(["乌兰浩特"] * 100_000))


@pytest.mark.usefixtures("beside")
def test_the_process_ends_with_whoever_began_it() -> None:
    with gathering(few=0) as made:
        made.add(sources(["乌兰浩特"]))
        process = process_of(made)
        process.stdin.close()  # as where the parent is killed
        assert process.wait(100) == 1
    with gathering(few=0) as made:
        made.add(sources(["乌兰浩特"]))
        process = process_of(made)
    assert process.poll() is not None


def test_one_processor_needs_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering_, "_has_processors", lambda: False)
    with gathering(few=0) as made:
        made.add(sources(["乌兰浩特"]))
        assert not hasattr(made._made, "_process")
        assert [one for pairs in made.pairs() for one in pairs]


def process_of(made: Gathering) -> Any:
    beside = made._made
    assert isinstance(beside, gathering_._Beside)
    return beside._process


@pytest.mark.usefixtures("beside")
def test_an_answer_is_whole_whatever_interrupts_its_writing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A process that was stopped in the middle of writing goes on where it was."""
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    forms = sources([f"乌兰浩特{number}" for number in range(3_000)])
    with gathering(few=0) as made:
        made.add(forms)
        pairs = made.pairs()
        process = process_of(made)
        _wait_until_full(process.stdout.fileno())
        os.kill(process.pid, signal.SIGSTOP)
        os.kill(process.pid, signal.SIGCONT)
        told = [one for lot in pairs for one in lot]
    assert told == gathered(forms, few=10_000)[0]


def _wait_until_full(pipe: int) -> None:
    """Until what was written into a pipe is no longer growing: its writer waits."""
    size = fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
    waiting = bytearray(4)
    for _ in range(2_000):
        fcntl.ioctl(pipe, termios.FIONREAD, waiting)
        if int.from_bytes(waiting, sys.byteorder) > size - PAGE:
            return
        time.sleep(0.01)
    pytest.fail("the process beside has not filled the pipe")
