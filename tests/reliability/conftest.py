"""A real server on a store of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from killable import Server


@pytest.fixture
def server(store_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server on a store of each kind with the drawn region."""
    request.getfixturevalue("filled")
    made = Server(store_url, tmp_path)
    made.start()
    made.wait()
    yield made
    made.kill()
