"""`ovoo line` and `ovoo marker`: what is said and written."""

import json
from pathlib import Path

import docx
import pytest
from pictures import jpeg
from test_commands import Run, run, store  # noqa: F401 - fixtures

import ovoo


def test_lines_are_listed_shown_and_checked(run: Run, store: Path) -> None:  # noqa: F811 - a fixture
    code, said, _ = run("line", "list", "--store", store)
    assert (code, said.split("\t")[2]) == (0, "东西线")
    assert json.loads(run("line", "list", "--store", store, "--json")[1])[0]["code"] == "9901"
    assert json.loads(run("line", "show", "1", "--store", store)[1])["marker_counts"]["double"] == 2
    assert run("line", "show", "9", "--store", store)[0] == ovoo.REFUSED
    assert run("line", "check", "1", "--store", store)[1].startswith("nothing odd")
    drafted = run("line", "course", "1", "--store", store)[1].splitlines()
    assert len(drafted) == 5
    assert drafted[1].startswith("自9901001Q号界桩起，界线向北行22.21千米")


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_papers_are_written(run: Run, store: Path, tmp_path: Path, ending: str) -> None:  # noqa: F811
    target = tmp_path / f"out.{ending}"
    assert run("line", "results", "1", target, "--store", store)[0] == 0
    assert target.stat().st_size > 4_000
    assert run("marker", "sheet", target, "--line", "9901", "--store", store)[0] == 0
    if ending == "docx":
        assert len(docx.Document(str(target)).tables) == 25
    assert run("marker", "sheet", tmp_path / "a.pdf", "--line", "9901", "--store", store)[0] == 2
    assert run("marker", "sheet", target, "--store", store)[0] == 2


def test_acts_are_recorded_or_refused(run: Run, store: Path, tmp_path: Path) -> None:  # noqa: F811
    code, _, said = run("marker", "act", "1", "修复", "--on", "2026-05-01", "--store", store)
    assert code == ovoo.REFUSED
    assert "缺少必要条件" in said
    both = ("--party", "990101", "--party", "990102", "--on", "2026-05-01", "--store", store)
    assert run("marker", "act", "1", "修复", *both)[0] == 0
    place = ("--lon", "112.0005", "--lat", "41.2", "--agreement", "1号", "--method", "静态")
    moved = run("marker", "relocate", "1", *place, "--surveyed-on", "2026-04-30", *both)
    assert moved[1] == "marker 1 ended; marker 6 follows it\n"
    lines = run("marker", "history", "6", "--store", store)[1].splitlines()
    assert [one.split("\t")[1] for one in lines] == ["修复", "移位(经批准)"]
    picture = tmp_path / "a.jpg"
    picture.write_bytes(jpeg(taken=None))
    said = run("marker", "photo", "2", picture, "--on", "2026-05-03", "--store", store)[1]
    assert "照片未记录拍摄时间" in said
    assert "界桩编号\t9901002Q" in run("marker", "show", "2", "--store", store)[1]
