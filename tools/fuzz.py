"""Fuzz a parser with inputs guided by coverage (atheris), or all of them.

    make fuzz                                every target, FUZZ_S seconds each (1,200 by default),
                                             FUZZ_JOBS of them at a time (1 by default)
    python tools/fuzz.py TARGET SECONDS      one of them

Seeds are `tests/fuzz_corpora/TARGET/`; what is found new goes to `var/fuzz/TARGET/`, an input that
breaks something to `var/fuzz/TARGET-crash-…`. Keep such an input among the seeds: the tests replay
them.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 4096
_FIGURES = ("stat::number_of_executed_units", "stat::peak_rss_mb", "SUMMARY:")
"""What is told of a target's log."""
_WATCHED = [
    "data.coordinates",
    "data.filters",
    "data.formats",
    "gazetteer.names",
    "boundary.markers.numbers",
]
"""Whose branches guide the inputs; watching the whole program would make it slow."""


def fuzz(target: str, seconds: int) -> None:
    """Feed one target; ends the process with a code other than 0 where something breaks."""
    import atheris

    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    with atheris.instrument_imports(include=_WATCHED, exclude=_not_watched()):
        import fuzz_targets
    for seed in sorted((ROOT / "tests/fuzz_corpora" / target).iterdir()):
        fuzz_targets.TARGETS[target](seed.read_bytes())  # tables are loaded before time is taken
    found = ROOT / "var/fuzz" / target
    found.mkdir(parents=True, exist_ok=True)
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={seconds}",
            f"-max_len={LONGEST}",
            "-timeout=600",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
            f"-artifact_prefix={found}-",
            str(found),
            str(ROOT / "tests/fuzz_corpora" / target),
        ],
        fuzz_targets.TARGETS[target],
    )
    atheris.Fuzz()


def _not_watched() -> list[str]:
    """The program's other modules: atheris itself tells packages apart by their first name only."""
    floors = {one.partition(".")[0] for one in _WATCHED}
    paths = [path for floor in floors for path in (ROOT / floor).rglob("*.py")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    modules = {name.removesuffix(".__init__") for name in names}
    return sorted(
        name for name in modules if not any(f"{name}.".startswith(f"{one}.") for one in _WATCHED)
    )


def main(arguments: list[str]) -> int:
    """One target here, or each in a process of its own."""
    if arguments:
        fuzz(arguments[0], int(arguments[1]))
        return 0
    targets = sorted(folder.name for folder in (ROOT / "tests/fuzz_corpora").iterdir())
    with ThreadPoolExecutor(int(os.environ.get("FUZZ_JOBS", "1"))) as jobs:
        broken = [target for target in jobs.map(_apart, targets) if target]
    print(f"broken: {', '.join(broken)}" if broken else "every target took what it was fed")
    return 1 if broken else 0


def _apart(target: str) -> str:
    """Fuzz one target in a process of its own; its name where something broke."""
    seconds = os.environ.get("FUZZ_S", "1200")
    log = ROOT / "var/fuzz" / f"{target}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    print(f"fuzzing {target} for {seconds} s; see {log}", flush=True)
    with log.open("wb") as told:
        command = [sys.executable, __file__, target, seconds]
        ended = subprocess.run(command, check=False, stdout=told, stderr=told)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    figures = [line for line in lines if line.startswith(_FIGURES)]
    print("\n  ".join([f"{target}: code {ended.returncode}", *figures]), flush=True)
    return target if ended.returncode else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
