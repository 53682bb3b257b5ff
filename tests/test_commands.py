"""The command line: what is said, and the exit code that a script can rely on."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import naming_cases
import pytest
import region
from division_events import TO_CITY
from files import write_csv
from sqlalchemy import select, text
from visits import as_csv, moved_rows, rows

import ovoo
from data import journal
from data.sample import packages
from data.store import create_store, open_store
from gazetteer import heritage

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as a person would; exit code, standard output, standard error."""
    monkeypatch.delenv("OVOO_STORE", raising=False)

    def command(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["ovoo", *map(str, arguments)])
        code = 0
        try:
            ovoo.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "region.gpkg"
    with create_store(str(path)) as made:
        region.fill(made)
    return path


def test_a_store_is_made_once(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new.gpkg"
    assert run("init", path) == (0, f"{path}: an empty store in EPSG:4490\n", "")
    code, _, said = run("init", path)
    assert code == ovoo.REFUSED
    assert "exists already" in said


def test_an_unknown_system_makes_no_store(run: Run, tmp_path: Path) -> None:
    code, _, said = run("init", tmp_path / "new.gpkg", "--crs", "EPSG:999999")
    assert (code, "crs" in said) == (ovoo.REFUSED, True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments", [("verify",), ("search", "x"), ("load", "names", __file__), ("inspect", __file__)]
)
def test_without_a_store_every_command_says_how_to_make_one(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    code, out, said = run(*arguments, "--store", tmp_path / "none.gpkg")
    assert (code, out) == (ovoo.REFUSED, "")
    assert "ovoo init" in said
    assert "Traceback" not in said


def test_verify_proves_the_chain(run: Run, store: Path) -> None:
    code, out, _ = run("verify", "--store", store)
    assert code == 0
    assert "the journal is whole" in out
    code, out, _ = run("verify", "--store", store, "--json")
    found = json.loads(out)
    assert run("verify", "--store", store, "--since", found["hash"])[0] == 0


def test_verify_names_what_cannot_be_shown(run: Run, store: Path) -> None:
    with open_store(str(store)) as opened, opened.write("older", "no guard") as transaction:
        transaction.connection.execute(text("DROP TRIGGER place_forbid_update_of_geom"))
        transaction.connection.execute(text("UPDATE place SET geom = x'00' WHERE id = 3"))
    code, out, said = run("verify", "--store", store)
    assert (code, "the journal is whole" in out) == (ovoo.FAULTS, True)
    assert said.startswith("place 3: geom = '00': not GeoPackage binary")
    assert "place 3：" in said
    _, out, _ = run("verify", "--store", store, "--json")
    assert [one["code"] for one in json.loads(out)["findings"]] == ["broken-geometry"]
    code, _, said = run("verify", "--store", store, "--since", "f" * 64)
    assert code == ovoo.REFUSED
    assert "anchor" in said


def test_verify_names_the_first_broken_entry(run: Run, store: Path) -> None:
    with open_store(str(store)) as opened, opened.engine.connect() as connection:
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(text("UPDATE journal SET actor = 'nobody' WHERE sequence = 3"))
        connection.commit()
    code, out, said = run("verify", "--store", store)
    assert (code, out) == (ovoo.REFUSED, "")
    assert "journal entry 3 is broken: its fields have been changed" in said


def test_a_file_that_is_no_store_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.gpkg"
    path.write_text("地名,经度,纬度\n" * 300, encoding="utf-8")
    code, _, said = run("verify", "--store", path)
    assert code == ovoo.REFUSED
    assert "not a store" in said


HEADER = ("标准名称", "经度", "纬度", "天气")


def test_load_says_what_it_did_and_what_it_left(run: Run, store: Path, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", HEADER, [("新敖包", "111.5", "41.5", "晴")])
    code, out, said = run("load", "names", path, "--store", store, "--dry-run")
    assert (code, out) == (0, "1 rows checked from a.csv\n")
    code, out, said = run("load", "names", path, "--store", store, "--actor", "甲")
    assert (code, out) == (0, "1 rows loaded from a.csv\n")
    assert "天气" in said
    assert "county polygon" in said
    assert "县级政区" in said
    with open_store(str(store)) as opened, opened.read() as connection:
        newest = connection.execute(
            select(journal.journal).order_by(journal.journal.c.sequence.desc()).limit(1)
        ).one()
    assert (newest.actor, newest.reason) == ("甲", "load names from a.csv")
    code, _, said = run("load", "names", path, "--store", store)
    assert code == ovoo.REFUSED
    assert "--again" in said
    assert run("load", "names", path, "--store", store, "--again")[0] == 0


def test_load_tells_every_fault_in_both_languages(run: Run, store: Path, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", HEADER, [("", "111.5", "41.5", ""), ("乙", "999", "1", "")]
    )
    code, out, said = run("load", "names", path, "--store", store)
    assert (code, out) == (ovoo.FAULTS, "")
    assert "row 2, column 标准名称: is empty; fill it in" in said
    assert "第 2 行“标准名称”列：缺少标准名称；请补填" in said
    assert "row 3, column 经度" in said
    assert "2 faults found; nothing was written" in said


def test_load_takes_columns_by_name(run: Run, store: Path, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ("号", "E", "N"), [("1Q", "111.5", "41.5")])
    maps = [("--map", "号=marker_no"), ("--map", "E=lon"), ("--map", "N=lat")]
    flat = [part for pair in maps for part in pair]
    assert run("load", "markers", path, "--store", store, *flat)[0] == 0
    assert run("load", "markers", path, "--store", store, "--map", "号")[0] == ovoo.REFUSED
    assert run("load", "markers", path, "--store", store, "--map", "号=桩")[0] == ovoo.FAULTS


@pytest.mark.parametrize(
    "arguments", [("load", "names", "/no/such.csv"), ("load", "ghosts", "x"), ("init",), ("fly",)]
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == ovoo.USAGE_ERROR


def test_an_unreadable_file_is_refused(run: Run, store: Path, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.touch()
    for command in (("load", "names"), ("inspect",)):
        code, _, said = run(*command, path, "--store", store)
        assert code == ovoo.REFUSED
        assert "empty.csv" in said
        assert "文件是空的" in said


@pytest.mark.parametrize(("language", "word"), [("zh", "移位"), ("en", "displaced")])
def test_inspect_prints_verdicts(
    run: Run, store: Path, tmp_path: Path, language: str, word: str
) -> None:
    path = tmp_path / "visit.csv"
    path.write_bytes(as_csv(moved_rows()))
    code, out, _ = run("inspect", path, "--store", store, "--lang", language)
    assert code == 0
    assert word in out
    assert region.MARKERS[1][0] in out


def test_inspect_stores_only_what_it_is_told_to(run: Run, store: Path, tmp_path: Path) -> None:
    path = tmp_path / "visit.csv"
    path.write_bytes(as_csv(rows()))

    def report(*more: str) -> dict[str, Any]:
        code, out, _ = run("inspect", path, "--store", store, "--json", *more)
        assert code == 0
        found: dict[str, Any] = json.loads(out)
        return found

    assert report()["summary"] == {"in_place": 5}
    assert "id" not in report()
    first = report("--commit")
    assert (first["id"], first["state"]) == (1, "committed")
    assert report("--commit") == first


def test_inspect_without_marker_columns_has_faults(run: Run, store: Path, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ("甲", "乙"), [("1", "2")])
    code, _, said = run("inspect", path, "--store", store)
    assert code == ovoo.FAULTS
    assert "marker_no" in said
    assert run("inspect", path, "--store", store, "--commit")[0] == ovoo.FAULTS


def test_search_finds_and_says_why(run: Run, store: Path) -> None:
    code, out, _ = run("search", "白音敖包", "--store", store)
    assert code == 0
    assert "白音敖包" in out
    found = json.loads(run("search", "白音敖包", "--store", store, "--json")[1])
    assert found[0]["name"] == "白音敖包"
    code, out, said = run("search", "没有的地方", "--store", store)
    assert (code, out) == (0, "")
    assert "未找到" in said


def test_check_name_says_what_the_rules_say(run: Run, store: Path) -> None:
    asked = ("--class", "street", "--in", "990101", "--store", store)
    code, out, _ = run("check-name", "丁香路", *asked)
    assert code == 0
    assert "no finding" in out
    assert "人工" in out
    code, out, _ = run("check-name", "巴黎路", *asked)
    assert code == ovoo.FAULTS
    assert "《地名管理条例》第九条" in out
    found = json.loads(run("check-name", "巴黎路", *asked, "--json")[1])
    assert found["outcome"] == "blocks"
    code, _, said = run("check-name", "丁香路", "--class", "x", "--in", "990101", "--store", store)
    assert (code, "street" in said) == (ovoo.REFUSED, True)


def test_division_events_from_the_command_line(run: Run, store: Path, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(TO_CITY), encoding="utf-8")
    code, out, said = run("division", "preview", path, "--store", store)
    assert code == 0
    assert "990102 西旗 (990100) → 990181 西市 (990100)" in out
    code, out, _ = run("division", "apply", path, "--store", store, "--yes")
    assert code == 0
    assert "event 1 applied" in out
    code, out, _ = run("division", "show", "990102", "--store", store, "--as-of", "2024-02-01")
    assert code == 0
    assert "990181 西市" in out
    on = ("--store", store, "--as-of", "2023-12-31")
    assert "990102\t西旗\tcounty\t990100" in run("division", "list", *on)[1].splitlines()
    now = json.loads(run("division", "list", "--store", store, "--json")[1])
    assert "990102" not in {one["code"] for one in now}
    listed = json.loads(run("division", "events", "--store", store, "--json")[1])
    assert [event["kind"] for event in listed] == ["replaced"]
    settled = run("division", "settle", 1, "--version", 1, "--extended", "--store", store)
    assert (settled[0], "version 2" in settled[1]) == (0, True)
    code, _, said = run("division", "apply", path, "--store", store, "--yes")
    assert code == ovoo.FAULTS
    assert "990102" in said
    again = run(
        *("division", "preview", "--kind", "更名", "--on", "2024-05-01", "--store", store),
        *("--change", "990101=990101,新东旗", "--approved-on", "2024-04-01"),
        *("--document", "文", "--authority", "国务院", "--json"),
    )
    assert json.loads(again[1])["counts"]["names_changed"] == 1
    path.write_bytes(b"no json")
    assert run("division", "preview", path, "--store", store)[0] == ovoo.REFUSED
    code, _, said = run("division", "load-past", "--store", store)
    assert code == ovoo.REFUSED
    assert "none of the divisions" in said


def test_past_changes_are_concluded_from_editions(run: Run, tmp_path: Path) -> None:
    rows = [["200012", "990122", "西县"], ["200112", "990181", "西市"]]
    path = write_csv(tmp_path / "editions.csv", ["revision", "code", "name"], rows)
    code, out, _ = run("division", "conclude", path)
    assert code == 0
    assert "2001 西市,200112,replaced,990122,西县,990181,西市" in out
    assert (
        "200012 – 200012\t990122 西县\t→ 990181 西市"
        in run(*("division", "conclude", path, "--code", "990122"))[1]
    )
    told = json.loads(run("division", "conclude", path, "--code", "990122", "--json")[1])
    assert told[0]["successor"]["code"] == "990181"
    assert run("division", "conclude", path, "--code", "990199")[0] == ovoo.REFUSED


def test_approvals_are_listed_shown_and_written(run: Run, store: Path, tmp_path: Path) -> None:
    with open_store(str(store)) as opened:
        identity = naming_cases.approved(opened)
    code, out, _ = run("approval", "list", "--store", store)
    assert code == 0
    assert "丁香路" in out
    assert json.loads(run("approval", "list", "--overdue", "--store", store, "--json")[1])
    code, out, _ = run("approval", "overdue", "--today", "2026-03-25", "--store", store)
    assert (code, out.count("逾期 5 天")) == (0, 2)
    code, out, said = run("approval", "overdue", "--today", "2026-03-06", "--store", store)
    assert (code, out, "nothing overdue" in said) == (0, "", True)
    soon = run("approval", "overdue", "--soon", "--today", "2026-03-18", "--store", store, "--json")
    assert {one["state"] for one in json.loads(soon[1])} == {"soon"}
    code, out, _ = run("approval", "show", identity, "--store", store)
    assert (code, "文书\tannouncement" in out) == (0, True)
    assert json.loads(run("approval", "show", identity, "--store", store, "--json")[1])["number"]
    target = tmp_path / "out"
    target.mkdir()
    code, out, _ = run(
        "approval", "document", identity, "announcement", "--to", target, "--store", store
    )
    assert code == 0
    assert Path(out.strip()).read_bytes().startswith(b"PK")
    code, _, said = run("approval", "document", identity, "x", "--store", store)
    assert (code, "announcement" in said) == (ovoo.REFUSED, True)
    assert run("approval", "show", 99, "--store", store)[0] == ovoo.REFUSED


def test_the_protection_list_from_the_command_line(run: Run, store: Path, tmp_path: Path) -> None:
    with open_store(str(store)) as opened:
        nominated = heritage.Nomination(
            naming_cases.street(opened), "banner", "street", "碑记", "旧街碑", measures="立碑"
        )
        identity = heritage.nominate(opened, nominated, naming_cases.EDITOR, naming_cases.TODAY)
        listing = heritage.Listing(naming_cases.TODAY, "1号", "第一批")
        approver, today = naming_cases.APPROVER, naming_cases.TODAY
        heritage.put_on_list(opened, identity, 1, listing, approver, today)
    code, out, _ = run("heritage", "list", "--store", store)
    assert (code, "旧街" in out) == (0, True)
    assert json.loads(run("heritage", "list", "--in", "990101", "--store", store, "--json")[1])
    code, out, said = run("heritage", "list", "--state", "removed", "--store", store)
    assert (code, out, "nothing found" in said) == (0, "", True)
    assert json.loads(run("heritage", "show", identity, "--store", store)[1])["name"] == "旧街"
    code, out, said = run("heritage", "coverage", "--store", store)
    assert (code, "990101\t东旗\t1\t2" in out, "1 / 5" in said) == (0, True, True)
    assert json.loads(run("heritage", "coverage", "--store", store, "--json")[1])
    for name in ("a.docx", "a.xlsx"):
        assert run("heritage", "export", tmp_path / name, "--store", store)[0] == 0
        assert (tmp_path / name).read_bytes().startswith(b"PK")
    assert run("heritage", "export", tmp_path / "a.pdf", "--store", store)[0] == ovoo.USAGE_ERROR


def test_the_store_may_stand_in_the_environment(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVOO_STORE", str(store))
    assert run("verify")[0] == 0


def test_the_sample_needs_its_packages(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "find_spec", lambda _name: None)
    path = tmp_path / "sample.gpkg"
    code, _, said = run("sample", "--store", path, "--files", tmp_path / "files")
    assert code == ovoo.REFUSED
    assert "ovoo[sample]" in said
    assert not list(tmp_path.iterdir())


def test_the_exit_codes_are_those_of_the_document() -> None:
    document = Path(ovoo.__file__).with_name("docs") / "commands.md"
    said = document.read_text(encoding="utf-8")
    for code in (ovoo.USAGE_ERROR, ovoo.REFUSED, ovoo.FAULTS, 130):
        assert f"{code} " in said


def test_every_command_has_a_heading_in_the_document() -> None:
    ovoo.cli.join()
    document = Path(ovoo.__file__).with_name("docs") / "commands.md"
    said = document.read_text(encoding="utf-8")
    groups = {name for name, one in ovoo.cli.commands.items() if isinstance(one, click.Group)}
    commands = [name for name in ovoo.cli.commands if name not in groups]
    for name in (*commands, *(f"load {record}" for record in ovoo.load.commands)):
        assert f"## `ovoo {name}`" in said, name


def test_the_program_tells_its_version_where_it_was_not_installed_as_a_package() -> None:
    project = tomllib.loads(
        (Path(ovoo.__file__).parent / "pyproject.toml").read_text(encoding="utf-8")
    )["project"]
    told = subprocess.run(
        [sys.executable, "-m", "ovoo", "--version"], check=True, capture_output=True
    )
    assert told.stdout.decode().split()[-1] == project["version"]
