"""What the process that reads photographs says and leaves is not believed."""

from pathlib import Path

import pytest

from data.errors import InvalidFile
from data.pictures import picture, read_picture

SAID = """
import json, os, sys
said = {{"kind": "JPEG", "width_px": 10, "height_px": 10}}
{body}
os.write(1, json.dumps(said).encode())
"""


@pytest.mark.parametrize(
    "body",
    [
        "os.symlink({secret!r}, 'public.jpg')",
        "os.mkfifo('public.jpg')",
        "open('public.jpg', 'wb').write(b'x'); del said['width_px']",
        "open('public.jpg', 'wb').write(b'x'); said['height_px'] = 'tall'",
        "open('public.jpg', 'wb').write(b'x'); said['height_px'] = 10**12",
    ],
)
def test_a_process_that_was_taken_over_gives_no_picture(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("keep this")
    program = tmp_path / "program.py"
    program.write_text(SAID.format(body=body.format(secret=str(secret))))
    monkeypatch.setattr(picture, "_PROGRAM", program)
    with pytest.raises(InvalidFile):
        read_picture(b"whatever")
