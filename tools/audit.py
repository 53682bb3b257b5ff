"""Ask whether a pinned dependency is known to be vulnerable (`make lint`).

`pip-audit` asks an advisory service about every package of the lock files. A finding fails. Where
the service is not reached, as on a machine without the internet, nothing is known: that is said
loudly and does not fail, since it says nothing about the program.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements/run.txt", "requirements/dev.txt")
_PATIENCE_S = 180
_LOUD = "!" * 78


class Audit(NamedTuple):
    """What was found out.

    Attributes:
        audited: how many packages the service knew.
        unknown: packages that it told nothing about.
        findings: one line for each advisory.
    """

    audited: int
    unknown: tuple[str, ...]
    findings: tuple[str, ...]


def read_report(text: str) -> Audit:
    """The report of `pip-audit --format json`; nothing audited where it is none."""
    try:
        listed: Sequence[dict[str, Any]] = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        listed = []
    findings = [
        f"{one['name']} {one['version']}: {known['id']}"
        f" (fixed in {', '.join(known.get('fix_versions', ())) or 'no release yet'})"
        for one in listed
        for known in one.get("vulns", ())
    ]
    unknown = [one["name"] for one in listed if "skip_reason" in one]
    return Audit(len(listed) - len(unknown), tuple(unknown), tuple(findings))


def verdict(lock: str, audit: Audit, reason: str = "") -> tuple[int, str]:
    """The exit code and what is said."""
    if audit.findings:
        told = "\n  ".join(audit.findings)
        return 1, f"{lock}: {len(audit.findings)} known vulnerabilities:\n  {told}"
    if audit.audited == 0:
        return 0, (
            f"{_LOUD}\n{lock}: NOT AUDITED. The advisory service was not reached;"
            f" nothing is known.\n{reason.strip()[-300:]}\n{_LOUD}"
        )
    rest = f"; nothing is told of {', '.join(audit.unknown)}" if audit.unknown else ""
    return 0, f"{lock}: {audit.audited} packages audited, no known vulnerability{rest}"


def audit(lock: str) -> tuple[int, str]:
    """Audit one lock file."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / lock)]
    options = ["--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return verdict(lock, Audit(0, (), ()), f"no answer within {_PATIENCE_S} s")
    return verdict(lock, read_report(done.stdout), done.stderr)


def main() -> int:
    """Audit every lock file; 1 where something is found."""
    worst = 0
    for lock in LOCKS:
        code, said = audit(lock)
        print(said, file=sys.stderr if code or "NOT AUDITED" in said else sys.stdout)
        worst = max(worst, code)
    return worst


if __name__ == "__main__":
    sys.exit(main())
