"""The texts of the map page, Chinese and English side by side."""

from typing import Final

MAP: Final[dict[str, tuple[str, str]]] = {
    "map.zoom_in": ("放大", "Zoom in"),
    "map.zoom_out": ("缩小", "Zoom out"),
    "map.whole": ("全图", "Whole region"),
    "map.position": ("经纬度与高斯—克吕格坐标", "Longitude, latitude and Gauss-Krüger coordinates"),
    "map.plane": (
        "高斯—克吕格 3°带第{zone}带（中央经线 {meridian}°） X（北）{x} m  Y（东）{y} m",
        "Gauss-Krüger 3° zone {zone} (meridian {meridian}°)  X (north) {x} m  Y (east) {y} m",
    ),
    "map.north": ("上方为北", "North is up"),
    "map.loading": ("正在读取…", "Reading …"),
    "map.failed": (
        "有数据没读到，移动地图会再试",
        "Some of the data did not arrive; moving the map tries again",
    ),
    "map.factor": ("位移箭头放大 {times} 倍", "Arrows drawn {times} × longer"),
    "map.factor_cut": ("虚线者更长", "dashed ones are longer still"),
    "map.none": ("地图打不开", "The map cannot be opened"),
    "map.retry": ("重试", "Try again"),
    "tools.title": ("工具", "Tools"),
    "tools.lists": ("用表格看当前范围：", "What is in view, as tables:"),
    "time.year": ("年份", "Year"),
    "time.day": ("日期", "Day"),
    "time.present": ("现在", "Now"),
    "time.said_present": ("显示现状", "As things are now"),
    "time.said": (
        "显示 {day} 当时的区划、界线和地名",
        "Divisions, lines and names as they were on {day}",
    ),
    "measure.start": ("量距离和面积", "Measure"),
    "measure.hint": (
        "在地图上点选各点，或移动地图后用“加入图心”",
        "Click the points on the map, or move the map and add its middle",
    ),
    "measure.add": ("加入图心", "Add the middle"),
    "measure.undo": ("退一点", "Undo"),
    "measure.clear": ("清除", "Clear"),
    "measure.one": ("已有一点", "One point"),
    "measure.length": ("长度 {length}（大地线）", "Length {length} (geodesic)"),
    "measure.both": (
        "长度 {length}，面积 {area}（椭球面）",
        "Length {length}, area {area} (on the ellipsoid)",
    ),
    "print.button": ("打印或存为 PDF", "Print or save as PDF"),
    "print.scale": ("打印比例尺", "Scale of the print"),
    "print.as_shown": ("按屏幕所示", "as on the screen"),
    "print.sheet": (
        "地名与行政区域界线图 · 数据日期 {day} · {printed} 打印",
        "Place names and boundaries · as of {day} · printed {printed}",
    ),
    "link.button": ("复制链接", "Copy the link"),
    "link.copied": ("已复制", "Copied"),
    "residuals.title": ("位移箭头", "Arrows"),
    "residuals.raw": ("上报位移", "As sent"),
    "residuals.remaining": ("去除成因后", "Without the cause"),
}
