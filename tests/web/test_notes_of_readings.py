"""Notes of readings outlast a store that is busy or does not answer."""

import logging

import pytest

from data.errors import StoreUnreachable
from data.readings import Reading
from web.readings import Readings

ONE = Reading("2026-05-01T00:00:00.000Z", "somebody", "GET /collections/markers/items/1")


def test_notes_wait_where_the_store_does_not_answer(caplog: pytest.LogCaptureFixture) -> None:
    written: list[Reading] = []
    answers = [StoreUnreachable("it does not answer"), None]

    def write(batch: list[Reading]) -> None:
        if (trouble := answers.pop(0)) is not None:
            raise trouble
        written.extend(batch)

    readings = Readings(write)
    readings.add(ONE)
    with caplog.at_level(logging.WARNING):
        readings.flush_later()
    assert "it does not answer" in caplog.text
    assert written == []
    readings.flush_later()
    assert written == [ONE]
