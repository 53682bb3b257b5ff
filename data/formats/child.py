"""The program of the reading process; started by path, one file per process.

Python's isolated mode keeps the working directory, the user's packages and the environment out
of the module path, so this file puts the one package in reach itself. The package is entered
without its `__init__`, which would load the store and its libraries into every reading.
"""

import sys
from pathlib import Path
from types import ModuleType


def _reach(package: str, folder: Path) -> None:
    module = ModuleType(package)
    module.__path__ = [str(folder)]
    sys.modules[package] = module


if __name__ == "__main__":
    _here = Path(__file__).resolve().parent
    _reach("data", _here.parent)
    _reach("data.formats", _here)
    from data.formats.serving import serve

    sys.exit(serve(sys.argv[1]))
