"""Locks the reading process in before it sees a byte of the file.

Limits of the kernel (memory, time, file size, open files, no core, no new privileges), no
network, and reading only of Python's own folders and the one file. What a kernel does not offer
is left out and not named in the answer; the limits of memory, time and files always hold.
"""

import ctypes
import os
import resource
import sys
from pathlib import Path

from data.formats.limits import Limits

_OPEN_FILES = 64
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
# The same numbers on every architecture since Linux 5.13.
_LANDLOCK_CREATE, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION_FLAG, _LANDLOCK_PATH_BENEATH = 1, 1
_FS_READ_FILE, _FS_READ_DIR = 1 << 2, 1 << 3
_FS_FIRST_VERSION = (1 << 13) - 1
_NET_TCP, _NET_SINCE = 0b11, 4


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _layout_ = "ms"
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def confine(limits: Limits, work_dir: Path, descriptor: int) -> tuple[str, ...]:
    """Take away what a reader does not need; the names of what now holds, in order."""
    os.umask(0o077)
    os.chdir(work_dir)
    _set_limits(limits)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    guards = ["memory", "cpu", "files"]
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        guards.append("privileges")
    if _leave_network(libc):
        guards.append("network")
    if _landlock(libc, work_dir, descriptor):
        guards.append("paths")
    return tuple(guards)


def _set_limits(limits: Limits) -> None:
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.max_unpacked_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(kind, value, value)
    # One second between the signal that can be told from others and the one that cannot.
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)


def _lower(kind: int, soft: int, hard: int) -> None:
    """Set a limit, or keep a lower one that already holds (raising it is not allowed)."""
    _, held = resource.getrlimit(kind)
    if held != resource.RLIM_INFINITY:
        soft, hard = min(soft, held), min(hard, held)
    resource.setrlimit(kind, (soft, hard))


def _leave_network(libc: ctypes.CDLL) -> bool:
    # A process of root keeps its rights over files that way; others need a user namespace.
    return any(
        libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    )


def _landlock(libc: ctypes.CDLL, work_dir: Path, descriptor: int) -> bool:
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION_FLAG)
    if version < 1:
        return False
    wanted = _Ruleset(_FS_FIRST_VERSION, _NET_TCP if version >= _NET_SINCE else 0)
    size = ctypes.sizeof(wanted) if version >= _NET_SINCE else ctypes.sizeof(ctypes.c_uint64)
    rules = libc.syscall(_LANDLOCK_CREATE, ctypes.byref(wanted), size, 0)
    if rules < 0:
        return False
    try:
        for folder in _needed_folders():
            _allow(libc, rules, folder, _FS_READ_FILE | _FS_READ_DIR)
        _allow(libc, rules, work_dir, _FS_FIRST_VERSION)
        _allow_descriptor(libc, rules, descriptor, _FS_READ_FILE)
        return bool(libc.syscall(_LANDLOCK_RESTRICT, rules, 0) == 0)
    finally:
        os.close(rules)


def _needed_folders() -> list[Path]:
    """Where Python, its packages, the C libraries and this package's tables live."""
    folders = {Path(__file__).resolve().parents[1], Path(sys.prefix), Path(sys.base_prefix)}
    folders |= {Path(entry) for entry in sys.path}
    folders |= {Path("/usr/lib"), Path("/lib"), Path("/lib64"), Path("/etc/ld.so.cache")}
    return [folder for folder in folders if folder.exists()]


def _allow(libc: ctypes.CDLL, rules: int, place: Path, rights: int) -> None:
    descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    try:
        _allow_descriptor(libc, rules, descriptor, rights if place.is_dir() else _FS_READ_FILE)
    finally:
        os.close(descriptor)


def _allow_descriptor(libc: ctypes.CDLL, rules: int, descriptor: int, rights: int) -> None:
    rule = _PathBeneath(rights, descriptor)
    libc.syscall(_LANDLOCK_ADD_RULE, rules, _LANDLOCK_PATH_BENEATH, ctypes.byref(rule), 0)
