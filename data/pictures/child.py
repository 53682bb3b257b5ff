"""The program of the process that reads one photograph; started by path, isolated, confined."""

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
    _reach("data.formats", _here.parent / "formats")
    _reach("data.pictures", _here)
    from data.pictures.decoding import serve

    sys.exit(serve(sys.argv[1]))
