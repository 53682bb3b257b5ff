"""The index in a file, so that a program which starts need not make it anew.

Arrays and one text of lines, no pickled objects: reading such a file can run nothing. The
automaton is made again from the forms, which takes less time than reading it would.
"""

import os
import struct
import tempfile
import zipfile
import zlib
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from gazetteer.checker.index import (
    HashTable,
    NamesIndex,
    OwnerColumns,
    References,
    make_automaton,
)

_RECORDS: Final = {
    "references": References,
    "latin": References,
    "owners": OwnerColumns,
    "near_divisions": HashTable,
    "near_places": HashTable,
}
_TEXTS: Final = ("forms", "latin_texts", "mark")
_UNREADABLE: Final = (
    *(OSError, KeyError, IndexError, ValueError, EOFError, zipfile.BadZipFile),
    # What a damaged directory asks for: a compression, a version, a password.
    *(RuntimeError, zlib.error, struct.error),
)


def save_index(path: Path, index: NamesIndex, mark: str) -> None:
    """Write the index with the state of the register that it was made of.

    A reader finds the file whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    arrays: dict[str, Any] = {"strengths": index.strengths, "high": index.high}
    for name, kind in _RECORDS.items():
        record = getattr(index, name)
        arrays |= {f"{name}.{field}": getattr(record, field) for field in _fields(kind)}
    texts = {"forms": index.forms, "latin_texts": list(index.latin_numbers), "mark": [mark]}
    arrays |= {name: _packed(lines) for name, lines in texts.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        written = Path(file.name)
        try:
            np.savez(file, **arrays)
        except BaseException:
            written.unlink()  # on a full disk it would take the rest of it
            raise
    written.replace(path)


def _fields(kind: type) -> list[str]:
    return [field.name for field in fields(kind)]


def _packed(lines: list[str]) -> Any:
    return np.frombuffer("\n".join(lines).encode("utf-8", "surrogatepass"), dtype=np.uint8)


def load_index(path: Path) -> tuple[str, NamesIndex] | None:
    """The state and the index of a file; None where there is none that can be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            texts = {name: _unpacked(arrays[name]) for name in _TEXTS}
            records: dict[str, Any] = {
                name: kind(**{f: arrays[f"{name}.{f}"] for f in _fields(kind)})
                for name, kind in _RECORDS.items()
            }
            strengths, high = arrays["strengths"], arrays["high"]
    except _UNREADABLE:
        return None
    forms = texts["forms"]
    if not len(forms) == len(strengths) == len(high):
        return None
    index = NamesIndex(
        forms=forms,
        sizes=list(map(len, forms)),
        strengths=strengths,
        high=high,
        automaton=make_automaton(forms, strengths),
        latin_numbers={text: number for number, text in enumerate(texts["latin_texts"])},
        **records,
    )
    return texts["mark"][0], index


def _unpacked(array: Any) -> list[str]:
    text = array.tobytes().decode("utf-8", "surrogatepass")
    return text.split("\n") if text else []


def index_path(store_url: str) -> Path:
    """Where the index of a store is kept: beside a GeoPackage, else in the user's cache folder.

    >>> index_path("var/ovoo.gpkg").as_posix()
    'var/ovoo.gpkg.names.npz'
    """
    if "://" not in store_url:
        return Path(f"{store_url}.names.npz")
    from hashlib import sha256

    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ovoo"
    return folder / f"{sha256(store_url.encode()).hexdigest()[:16]}.names.npz"
