"""A real server on a store of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from killable import Server

from data.store import Store


@pytest.fixture
def server(store_url: str, filled: Store, tmp_path: Path) -> Iterator[Server]:
    """A server on a store of each kind with the drawn region."""
    made = Server(store_url, tmp_path)
    made.start()
    made.wait()
    yield made
    made.kill()
