"""The text checker: a megabyte of text against every name, beside grep with the same names."""

import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from bench.names import made_names
from data.store import open_store
from gazetteer.checker import check_pasted, names_index

SIZE_BYTES = 1_000_000
_SENTENCES = (
    "各旗县区人民政府要高度重视，{}人民政府负责组织实施，{}配合，于年底前完成界桩检查工作。",
    "{}位于{}北部，距{}约三十公里，以畜牧业为主。",
    "会议指出，地名工作关系群众生产生活，要团结一致，胜利完成普查成果转化任务。",
    "记者在{}了解到，当地农牧民正在抢抓时机，{}的收入比去年增长百分之十。",
)


def made_text(size_bytes: int = SIZE_BYTES, seed: int = 5) -> str:
    """Notices and news about the made-up names of `bench.names`."""
    chance = random.Random(seed)
    names = [str(row["标准名称"]) for row in made_names(5_000, seed=1)]
    lines, size = [], 0
    while size < size_bytes:
        sentence = chance.choice(_SENTENCES)
        line = sentence.format(*(chance.choice(names) for _ in range(sentence.count("{}"))))
        lines.append(line)
        size += len(line.encode()) + 1
    return "\n".join(lines)


def check_line(store_url: str) -> str:
    """Make the index, check a megabyte three times, ask grep for the same names; one line."""
    text = made_text()
    with open_store(store_url) as store:
        start = time.perf_counter()
        with store.read() as connection:
            index = names_index(store, connection)
        made = time.perf_counter() - start
        times = []
        for _ in range(3):
            start = time.perf_counter()
            checked = check_pasted(store, text)
            times.append(time.perf_counter() - start)
    own = sorted(times)[1]
    line = (
        f"{'check text of 1 MB':22} {own:.2f} s for {len(checked.checked.mentions)} names found"
        f" among {len(index.forms)} forms; index made or read in {made:.1f} s"
    )
    return f"{line} | {_peer(index.forms, text, own)}"


def _peer(forms: list[str], text: str, own: float) -> str:
    if shutil.which("grep") is None:
        return "grep is not installed"
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as folder:
        names, words = Path(folder) / "names.txt", Path(folder) / "text.txt"
        names.write_text("\n".join(forms), encoding="utf-8")
        words.write_text(text, encoding="utf-8")
        start = time.perf_counter()
        found = subprocess.run(
            ["grep", "-o", "-F", "-f", str(names), str(words)], check=True, capture_output=True
        )
        peer = time.perf_counter() - start
    return f"grep -oFf {peer:.2f} s for {found.stdout.count(10)} matches | reach {peer / own:.2f}"
