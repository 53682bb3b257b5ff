"""What `deploy/` holds is what the programs that read it take, and fits this program."""

import re
import shutil
import subprocess
from pathlib import Path
from string import Template

import pytest

from web.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"


def need(program: str) -> str:
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def instructions() -> list[tuple[str, str]]:
    """The container file's instructions; lines that go on are joined."""
    text = (DEPLOY / "container/Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_container_copies_only_what_is_there() -> None:
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            *sources, _ = rest.split()
            assert all((ROOT / source).exists() for source in sources), rest


def test_the_container_is_built_as_it_should_be() -> None:
    known = instructions()
    froms = [rest.split()[0] for word, rest in known if word == "FROM"]
    assert all(re.fullmatch(r"debian:[a-z]+-slim", one) for one in froms)
    last = known[max(n for n, (word, _) in enumerate(known) if word == "FROM") :]
    words = [word for word, _ in last]
    assert {"USER", "HEALTHCHECK", "ENTRYPOINT", "CMD"} <= set(words)
    (user,) = [rest for word, rest in last if word == "USER"]
    assert user.isdigit()
    assert int(user) > 0
    assert words.index("USER") > max(n for n, word in enumerate(words) if word == "RUN")
    for word, rest in known:
        if word == "RUN" and "apt-get install" in rest:
            assert "--no-install-recommends" in rest
            assert "rm -rf /var/lib/apt/lists/*" in rest
        assert word not in {"ADD", "MAINTAINER"}
        assert not re.search(r"(?i)password|secret|token", rest)
        if word in {"CMD", "ENTRYPOINT"}:
            assert rest.startswith("[")


def environment_of(text: str) -> dict[str, str]:
    found = re.findall(r"^#? ?([A-Z_]+)=(\S+)$", text, re.MULTILINE)
    return dict(found)


def test_the_settings_are_known_to_the_program() -> None:
    documented = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    asked = environment_of((DEPLOY / "systemd/ovoo.env").read_text(encoding="utf-8"))
    (container,) = [rest for word, rest in instructions() if word == "ENV"]
    asked |= dict(pair.split("=", 1) for pair in container.split())
    for name in asked:
        assert f"`{name}`" in documented, name
    Settings.from_environment(asked)


def test_units_are_whole() -> None:
    for path in (DEPLOY / "systemd").glob("ovoo*.*"):
        if path.suffix not in {".service", ".timer"}:
            continue
        section = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                section = line
            elif line and not line.startswith("#"):
                assert section in {"[Unit]", "[Service]", "[Timer]", "[Install]"}
                assert re.fullmatch(r"[A-Z][A-Za-z]+=.*", line), (path.name, line)


def test_units_start_commands_that_there_are() -> None:
    import ovoo

    ovoo.cli.join()
    for path in (DEPLOY / "systemd").glob("*.service"):
        for line in re.findall(
            r"^ExecStart=/opt/ovoo/.venv/bin/ovoo (\S+)", path.read_text("utf-8")
        ):
            assert line in ovoo.cli.commands


def test_systemd_takes_the_units() -> None:
    analyze = need("systemd-analyze")
    units = [str(path) for path in (DEPLOY / "systemd").glob("ovoo*.timer")]
    done = subprocess.run([analyze, "verify", *units], capture_output=True, check=False, text=True)
    assert "Unknown" not in done.stderr


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    openssl = need("openssl")
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    names = ["-subj", "/CN=dimingguan.example", "-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run([*command, *names], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_nginx_takes_its_settings(certificate: Path) -> None:
    nginx = need("nginx")
    site = (DEPLOY / "nginx/ovoo.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/ssl/ovoo", str(certificate))
    # Listening itself is not tried: the ports may be another's, or need rights.
    site = re.sub(r"listen (\[::\]:)?(80|443)", lambda m: f"listen {m[1] or ''}1{m[2]:0>4}", site)
    head = f"pid {certificate}/pid; error_log {certificate}/log; events {{}}"
    temporary = " ".join(
        f"{kind}_temp_path {certificate}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (certificate / "nginx.conf").write_text(
        f"{head} http {{ access_log off; {temporary} {site} }}", encoding="utf-8"
    )
    done = subprocess.run(
        [nginx, "-t", "-c", str(certificate / "nginx.conf")],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_haproxy_takes_its_settings(tmp_path: Path) -> None:
    haproxy = need("haproxy")
    template = Template((DEPLOY / "cluster/haproxy.cfg").read_text(encoding="utf-8"))
    nodes = "    server one 127.0.0.1:1 check port 2"
    ports = {"write_port": "5000", "read_port": "5001"}
    path = tmp_path / "haproxy.cfg"
    path.write_text(template.substitute(host="127.0.0.1", nodes=nodes, **ports), encoding="utf-8")
    done = subprocess.run([haproxy, "-c", "-f", str(path)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
