"""Make the virtual environment and install pinned requirements into it.

python3 tools/install.py requirements/run.txt [more files …]
"""

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)


def main(files: list[str]) -> None:
    """Install the files' packages, each of the hash that the file names, and the project itself."""
    if sys.version_info < OLDEST:
        sys.exit(f"Ovoo needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    python = ROOT / ".venv/bin/python"
    if not python.exists():
        try:
            venv.create(ROOT / ".venv", with_pip=True)
        except subprocess.CalledProcessError:
            sys.exit("Python cannot make a virtual environment here (Debian: python3-venv)")
    print("Installing pinned packages…", flush=True)
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    for file in files:
        subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", str(ROOT / file)], check=True)
    site = next((ROOT / ".venv/lib").glob("python3.*/site-packages"))
    (site / "ovoo.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = ROOT / ".venv/bin/ovoo"
    command.write_text(
        f"#!{python}\nimport sys\n\nfrom ovoo import main\n\nsys.exit(main())\n", encoding="utf-8"
    )
    command.chmod(0o755)


if __name__ == "__main__":
    main(sys.argv[1:])
