"""The audit of dependencies: what a report comes to."""

import json

from audit import read_report, verdict

SOUND = {"name": "flask", "version": "3.1.3", "vulns": []}
WEAK = {"name": "old", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
UNKNOWN = {"name": "away", "skip_reason": "not found"}


def judged(*dependencies: dict[str, object]) -> tuple[int, str]:
    return verdict("run.txt", read_report(json.dumps({"dependencies": dependencies})))


def test_a_finding_fails_and_is_named() -> None:
    code, said = judged(SOUND, WEAK, UNKNOWN)
    assert code == 1
    assert "old 1: PYSEC-1 (fixed in 2)" in said


def test_sound_packages_pass_and_unknown_ones_are_named() -> None:
    assert judged(SOUND) == (0, "run.txt: 1 packages audited, no known vulnerability")
    code, said = judged(SOUND, UNKNOWN)
    assert code == 0
    assert "nothing is told of away" in said


def test_a_service_that_is_not_reached_is_told_loudly() -> None:
    for code, said in (
        judged(UNKNOWN),
        judged(),
        verdict("run.txt", read_report("Connection refused")),
    ):
        assert code == 0
        assert "NOT AUDITED" in said
        assert "!!!!" in said
