"""Programs that are killed while they work: `python victims.py JOB URL FOLDER`.

Each says `ready` before its work begins, and a line for all that it was told is kept.
"""

import sys
from itertools import count
from pathlib import Path

import region
from files import as_csv

from boundary import commit, preview, receive
from data import file_engine, upgrade
from data.loading import LoadOptions, load_file
from data.store import create_store, open_store
from gazetteer.loading import names_loader

ROWS_OF_A_LOAD = 1200
NAMES_OF_A_ROW = 2


def say(text: object) -> None:
    print(text, flush=True)  # noqa: T201 - what its killer listens to


def load_again_and_again(url: str, folder: Path) -> None:
    """Load one file after the other, with so little memory that pages are written early."""
    file_engine.WRITING_CACHE = "PRAGMA cache_size = -200"
    with open_store(url) as store:
        say("ready")
        for number in count():
            path = folder / f"names{number}.csv"
            rows = [
                (f"敖包{number}-{row}", "Oboo", f"{111 + row / 2000:.4f}", "41.5")
                for row in range(ROWS_OF_A_LOAD)
            ]
            path.write_bytes(as_csv(("标准名称", "汉语拼音", "经度", "纬度"), rows))
            load_file(store, names_loader(), path, "victim", LoadOptions())
            say(number + 1)


def commit_again_and_again(url: str, _folder: Path) -> None:
    """Receive, preview and commit one submission after the other."""
    with open_store(url) as store:
        say("ready")
        for number in count():
            rows = [(no, f"{lon:.9f}", f"{lat:.9f}", number) for no, lon, lat in region.MARKERS]
            content = as_csv(("界桩编号", "经度", "纬度", "备注"), rows)
            identity = receive(store, content, f"{number}.csv", "victim")
            say(f"received {identity}")
            preview(store, identity)
            commit(store, identity, "victim")
            say(f"committed {identity}")


def create(url: str, _folder: Path) -> None:
    """Make a store."""
    upgrade.newest_version()  # what is read once is read before
    say("ready")
    create_store(url).close()
    say("created")


def migrate(url: str, _folder: Path) -> None:
    """Open an older store, which brings it forward."""
    upgrade.newest_version()
    say("ready")
    open_store(url).close()
    say("migrated")


JOBS = {
    "load": load_again_and_again,
    "commit": commit_again_and_again,
    "create": create,
    "migrate": migrate,
}

if __name__ == "__main__":
    JOBS[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
