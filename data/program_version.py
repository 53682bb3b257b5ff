"""Which version of this program runs."""

import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

_PROJECT: Final = Path(__file__).resolve().parents[1] / "pyproject.toml"


@cache
def program_version() -> str:
    """The version, as the project's own file says, or the installed package's where there is none.

    >>> program_version().count(".")
    2
    """
    if _PROJECT.exists():
        return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    try:
        return version("ovoo")
    except PackageNotFoundError:
        return "unknown"
