"""The datum parameters that this machine's operator supplies, named by `OVOO_DATUM_PARAMETERS`."""

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from data.coordinates.datum_parameters import DatumParameters, read_datum_parameters
from data.errors import InvalidFile

VARIABLE = "OVOO_DATUM_PARAMETERS"


def operator_parameters(
    environment: Mapping[str, str] = os.environ,
) -> tuple[DatumParameters, ...]:
    """The operator's datum parameters: files, or folders of `.toml` files, separated by `:` (on
    Windows `;`); read again when a file changes.

    Raises:
        InvalidFile: a file is missing or wrong; its numbers are never shown.
    """  # noqa: D205 - one thought
    named = [Path(part) for part in environment.get(VARIABLE, "").split(os.pathsep) if part]
    return read_parameter_files(named)


def read_parameter_files(paths: Iterable[Path]) -> tuple[DatumParameters, ...]:
    """Datum parameters from files and folders.

    Raises:
        InvalidFile: one is missing or wrong.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files.extend(sorted(path.glob("*.toml")))
        elif path.is_file():
            files.append(path)
        else:
            raise InvalidFile(
                f"{VARIABLE}: there is no file or folder {path.name!r}",
                f"{VARIABLE}：找不到坐标转换参数文件或文件夹“{path.name}”",
            )
    return tuple(_read(path, path.stat().st_mtime_ns) for path in files)


@lru_cache(maxsize=64)
def _read(path: Path, changed_ns: int) -> DatumParameters:
    del changed_ns  # a changed file is another entry
    return read_datum_parameters(path)
