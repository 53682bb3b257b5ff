"""Fuzz a parser with inputs guided by coverage (atheris), or all of them one after another.

    make fuzz                                every target, FUZZ_S seconds each (1,200 by default)
    python tools/fuzz.py TARGET SECONDS      one of them

Seeds are `tests/fuzz_corpora/TARGET/`; what is found new goes to `var/fuzz/TARGET/`, an input that
breaks something to `var/fuzz/TARGET-crash-…`. Keep such an input among the seeds: the tests replay
them.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 4096
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
    with atheris.instrument_imports(include=_WATCHED):
        import fuzz_targets
    found = ROOT / "var/fuzz" / target
    found.mkdir(parents=True, exist_ok=True)
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={seconds}",
            f"-max_len={LONGEST}",
            "-timeout=20",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
            f"-artifact_prefix={found}-",
            str(found),
            str(ROOT / "tests/fuzz_corpora" / target),
        ],
        fuzz_targets.TARGETS[target],
    )
    atheris.Fuzz()


def main(arguments: list[str]) -> int:
    """One target here, or each in a process of its own."""
    if arguments:
        fuzz(arguments[0], int(arguments[1]))
        return 0
    seconds = os.environ.get("FUZZ_S", "1200")
    codes = []
    for folder in sorted((ROOT / "tests/fuzz_corpora").iterdir()):
        print(f"fuzzing {folder.name} for {seconds} s", flush=True)
        command = [sys.executable, __file__, folder.name, seconds]
        codes.append(subprocess.run(command, check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
