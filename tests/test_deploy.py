"""What `deploy/` holds is what the programs that read it take, and fits this program."""

import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from string import Template

import pytest

from web.serve import FORM_OVERHEAD_BYTES
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


def allowed_calls(analyze: str) -> set[str]:
    """The system calls that the server's unit allows, its sets written out."""
    unit = (DEPLOY / "systemd/ovoo.service").read_text(encoding="utf-8")
    waiting = " ".join(re.findall(r"^SystemCallFilter=(.*)$", unit, re.MULTILINE)).split()
    known: set[str] = set()
    while waiting:
        if (one := waiting.pop()) in known:
            continue
        known.add(one)
        if one.startswith("@"):
            asked = [analyze, "syscall-filter", "--no-pager", one]
            told = subprocess.run(asked, capture_output=True, check=True, text=True).stdout
            lines = [line.strip() for line in told.splitlines()[1:]]
            waiting += [line for line in lines if line and not line.startswith("#")]
    return known


def test_the_unit_lets_the_reading_process_lock_itself_in() -> None:
    needed = {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"}
    needed |= {"unshare", "prctl", "setrlimit", "prlimit64"}  # see `data.formats.confinement`
    assert needed <= allowed_calls(need("systemd-analyze"))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    openssl = need("openssl")
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    names = ["-subj", "/CN=dimingguan.example", "-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run([*command, *names], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def write_settings(certificate: Path, ports: dict[str, int]) -> Path:
    """Settings of nginx with the site in them, on other ports: its own and the server's."""
    site = (DEPLOY / "nginx/ovoo.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/ssl/ovoo", str(certificate))
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{ports['8000']}")
    site = re.sub(r"listen \[::\]:.*\n", "", site)
    site = re.sub(r"listen (80|443)", lambda m: f"listen 127.0.0.1:{ports[m[1]]}", site)
    head = f"pid {certificate}/pid; error_log {certificate}/log; events {{}}"
    temporary = " ".join(
        f"{kind}_temp_path {certificate}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = certificate / "nginx.conf"
    path.write_text(f"{head} http {{ access_log off; {temporary} {site} }}", encoding="utf-8")
    return path


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_nginx_takes_its_settings(certificate: Path) -> None:
    path = write_settings(certificate, {"80": 10080, "443": 10443, "8000": 8000})
    done = subprocess.run(
        [need("nginx"), "-t", "-c", str(path)], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr


Answer = tuple[int, str, bytes]
Ask = Callable[..., Answer]


@pytest.fixture
def proxy(certificate: Path) -> Iterator[tuple[Ask, int]]:
    """What asks nginx by our settings, and the port at which it looks for the server."""
    ports = {"80": free_port(), "443": free_port(), "8000": free_port()}
    path = write_settings(certificate, ports)
    nginx = subprocess.Popen([need("nginx"), "-c", str(path), "-g", "daemon off;"])
    trusted = ssl.create_default_context(cafile=str(certificate / "fullchain.pem"))
    trusted.check_hostname = False

    def ask(
        method: str, path: str, headers: dict[str, str] | None = None, *, plain: bool = False
    ) -> Answer:
        port = ports["80" if plain else "443"]
        made = http.client.HTTPConnection if plain else http.client.HTTPSConnection
        kept = made("127.0.0.1", port, **({} if plain else {"context": trusted}))
        with closing(kept):
            host = {"Host": f"dimingguan.example:{port}"}
            kept.request(method, path, headers=host | (headers or {}))
            answer = kept.getresponse()
            return answer.status, answer.getheader("Content-Type") or "", answer.read()

    for _ in range(200):
        try:
            ask("GET", "/", plain=True)
            break
        except OSError:
            time.sleep(0.05)
    yield ask, ports["8000"]
    nginx.terminate()
    nginx.wait()


def test_nginx_tells_what_the_server_would_tell(proxy: tuple[Ask, int]) -> None:
    ask, port = proxy
    for method, path, headers, status in (
        ("POST", "/submissions", {"Content-Length": "51000001"}, 413),
        ("GET", "/collections", {}, 503),
    ):
        answer = ask(method, path, headers)
        assert answer[:2] == (status, "application/problem+json")
        assert json.loads(answer[2])["status"] == status
    with socket.create_server(("127.0.0.1", port)) as server, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, "GET", "/collections")
        taken, _ = server.accept()
        with taken:
            head = taken.recv(10_000).decode()
            taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        assert asked.result()[0] == 200
    said = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    assert re.fullmatch(r"dimingguan\.example:\d+", said["X-Forwarded-Host"])
    assert (said["X-Forwarded-Proto"], len(said["X-Request-ID"])) == ("https", 32)


def test_the_server_takes_what_nginx_takes() -> None:
    (most,) = re.findall(
        r"client_max_body_size (\d+);", (DEPLOY / "nginx/ovoo.conf").read_text(encoding="utf-8")
    )
    assert int(most) == Settings().max_upload_bytes + FORM_OVERHEAD_BYTES


def test_a_token_that_came_in_the_clear_is_not_sent_on(proxy: tuple[Ask, int]) -> None:
    ask, _ = proxy
    token = {"Authorization": "Bearer ovoo_x"}
    for path in ("/collections", "/where?lon=110&lat=41", "/approvals"):
        assert ask("GET", path, plain=True)[0] == 308
        assert ask("GET", path, token, plain=True)[0] == 403
        assert ask("POST", path, plain=True)[0] == 403


def test_haproxy_takes_its_settings(tmp_path: Path) -> None:
    haproxy = need("haproxy")
    template = Template((DEPLOY / "cluster/haproxy.cfg").read_text(encoding="utf-8"))
    nodes = "    server one 127.0.0.1:1 check port 2"
    ports = {"write_port": "5000", "read_port": "5001"}
    path = tmp_path / "haproxy.cfg"
    path.write_text(template.substitute(host="127.0.0.1", nodes=nodes, **ports), encoding="utf-8")
    done = subprocess.run([haproxy, "-c", "-f", str(path)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
