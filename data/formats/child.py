"""The program of the reading process; started by path, one file per process.

Python starts it isolated (-I) and without `site` (-S): no working directory, no environment, no
start-up hooks of installed packages. So this file puts in reach what is needed: the folders of
packages named after the order, and this one package, entered without its `__init__`, which would
load the store and its libraries into every reading.
"""

import sys
from pathlib import Path
from types import ModuleType


def _reach(package: str, folder: Path) -> None:
    module = ModuleType(package)
    module.__path__ = [str(folder)]
    sys.modules[package] = module


if __name__ == "__main__":
    sys.path.extend(sys.argv[2:])
    _here = Path(__file__).resolve().parent
    _reach("data", _here.parent)
    _reach("data.formats", _here)
    from data.formats.serving import serve

    sys.exit(serve(sys.argv[1]))
