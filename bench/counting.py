"""Counts of names at scale, as the dashboard and a report ask for them."""

import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from data.store import open_store
from gazetteer.following import make_countable
from gazetteer.statistics import Question, ask, summarize

_ROUNDS = 9


def counting_line(store: str) -> str:
    """How long counting anew, the dashboard and a cross of two dimensions take."""
    with open_store(store) as opened:
        begun = time.perf_counter()
        make_countable(opened)
        anew = time.perf_counter() - begun

        def median_ms(run: Callable[[Any], Any]) -> float:
            times = []
            for _ in range(_ROUNDS):
                with opened.read() as connection:
                    start = time.perf_counter()
                    run(connection)
                    times.append(time.perf_counter() - start)
            return statistics.median(times) * 1000

        dashboard = median_ms(lambda one: summarize(one, None, date(2024, 6, 1)))
        crossed = median_ms(lambda one: ask(one, Question.parse("division,class", "county")))
    return (
        f"{'counts of names':22} dashboard p50 {dashboard:.0f} ms"
        f"  division × class p50 {crossed:.0f} ms  | counted anew in {anew:.1f} s"
    )
