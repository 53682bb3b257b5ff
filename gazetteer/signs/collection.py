"""What is published of signs: the collection `signs`, a map layer."""

from data.collection import Collection, Property
from gazetteer.signs.tables import sign, sign_rendered

SIGNS = Collection(
    id="signs",
    table=sign,
    rendered=sign_rendered,
    zh="地名标志",
    en="Place-name signs",
    properties=(
        Property("sign_no", "text", "标志编号", "sign number", filterable=True),
        Property("name", "text", "地名", "place name", filterable=True),
        Property("kind", "text", "类型", "kind", filterable=True),
        Property("place_id", "integer", "地名", "place", filterable=True, refers_to="places"),
        Property("division_code", "text", "所在行政区", "division code", filterable=True),
        Property("text_han", "text", "标志汉字", "characters on it"),
        Property("text_roman", "text", "标志罗马字母", "romanization on it"),
        Property("text_minority", "text", "标志少数民族文字", "minority script on it"),
        Property("scripts", "text", "文字种类", "scripts"),
        Property("text_state", "text", "文字检查", "check of its text", filterable=True),
        Property("material", "text", "材质", "material"),
        Property("width_mm", "number", "宽（毫米）", "width, mm"),
        Property("height_mm", "number", "高（毫米）", "height, mm"),
        Property("erected_on", "date", "设立日期", "erected on"),
        Property("custody_unit", "text", "管理单位", "custodian"),
        Property("location", "text", "设置位置", "location"),
        Property("sigma_m", "number", "中误差（米）", "accuracy, m"),
        Property("condition", "text", "状况", "condition", filterable=True),
        Property("inspected_on", "date", "检查日期", "inspected on"),
        Property("valid_from", "date", "生效日期", "valid from"),
        Property("valid_to", "date", "终止日期", "valid to"),
        Property("source", "text", "来源", "source"),
        Property("remark", "text", "备注", "remark"),
        Property("synthetic", "flag", "合成示例数据", "synthetic"),
        Property("version", "integer", "版本", "version"),
    ),
    time=("valid_from", "valid_to"),
    tiled=("sign_no", "name", "kind", "condition", "text_state"),
)
