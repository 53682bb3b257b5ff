"""Made-up names at scale: deterministic, spread over a box, with a whole register's fields."""

import random
from collections.abc import Iterator
from typing import Any

COUNT = 265_800
"""As many as the reference region surveyed."""
WEST, SOUTH, EAST, NORTH = 97.2, 37.4, 126.0, 53.3
_FIRST = "白巴乌查哈锡宝敖达浩赛苏呼阿额伊翁克扎科奈库敦朝新东西南北上下大小前后"
_SECOND = "音彦兰干日林力包拉特罕尼和鲁济金牛什鲁尔曼伦化阳城河沟梁营村"
_LAST = ("嘎查", "村", "敖包", "淖尔", "高勒", "浩特", "营子", "沟", "梁", "苏木")


def made_names(count: int = COUNT, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Rows with the columns of `ovoo load names`, positions in degrees."""
    chance = random.Random(seed)
    for number in range(count):
        name = chance.choice(_FIRST) + chance.choice(_SECOND)
        name += chance.choice(_SECOND) * chance.randint(0, 1) + chance.choice(_LAST)
        yield {
            "标准名称": name,
            "地名代码": f"150{number:017d}",
            "罗马字母拼写": f"Name {number}",
            "类别代码": chance.choice(("22200", "21610", "12100", "13400")),
            "行政区划代码": f"1501{chance.randint(1, 25):02d}",
            "经度": f"{chance.uniform(WEST, EAST):.7f}",
            "纬度": f"{chance.uniform(SOUTH, NORTH):.7f}",
            "地名文化遗产": chance.choice(("是", "否", "否", "否")),
            "别名": name[:2] if number % 3 == 0 else "",
            "地名的含义": "合成数据",
            "资料来源": "made up for a benchmark",
            "备注": "",
        }
