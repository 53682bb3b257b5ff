"""The texts of the frame of every page and of the pages that the public reads."""

from typing import Final

PUBLIC: Final[dict[str, tuple[str, str]]] = {
    "page.crumbs": ("所在位置", "You are here"),
    "page.pages": ("翻页", "Pages"),
    "nav.home": ("首页", "Home"),
    "nav.map": ("地图", "Map"),
    "nav.names": ("地名", "Names"),
    "nav.boundaries": ("界线", "Boundaries"),
    "nav.heritage": ("遗产", "Heritage"),
    "nav.work": ("工作", "Work"),
    "nav.dashboard": ("看板", "Dashboard"),
    "nav.check": ("查文本", "Text check"),
    "nav.administration": ("管理", "Administration"),
    "theme.label": ("外观", "Appearance"),
    "theme.auto": ("随系统", "System"),
    "theme.light": ("浅色", "Light"),
    "theme.dark": ("深色", "Dark"),
    "home.title": ("一方地名，一条界线", "Every name, every boundary"),
    "home.lead": (
        "查地名的读音、写法、来历和沿革，看界线与界桩的现状。",
        "How a place is said and written, where its name comes from, and how the boundary stands.",
    ),
    "home.figures": ("今日数据", "Today in figures"),
    "figure.divisions": ("行政区划", "divisions"),
    "figure.places": ("地名", "place names"),
    "figure.heritage": ("遗产地名", "heritage names"),
    "figure.lines": ("界线", "boundary lines"),
    "figure.markers": ("界桩", "boundary markers"),
    "door.map": ("打开地图", "Open the map"),
    "door.map_told": (
        "政区、界线、界桩、地名在一张图上；各项事实另有表格可查。",
        "Divisions, lines, markers and names on one map; every fact is in a table too.",
    ),
    "door.heritage": ("地名文化遗产", "Heritage names"),
    "door.heritage_told": (
        "保护名录里的老地名，和它们的故事。",
        "Old names on the protection lists, and their stories.",
    ),
    "door.check": ("检查文本用名", "Check the names in a text"),
    "door.check_told": (
        "粘贴或拖入文件，标出曾用名、误写和拼写有误的地名。",
        "Paste or drop a text: former, misspelt and wrongly romanized names are marked.",
    ),
}
