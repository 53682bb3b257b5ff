"""What the third floor publishes: lines, markers and inspections."""

from boundary.tables import (
    inspection,
    inspection_rendered,
    line,
    line_rendered,
    marker,
    marker_rendered,
)
from data.collection import Collection, Detail, Property

_VALIDITY = (
    Property("valid_from", "date", "生效日期", "valid from"),
    Property("valid_to", "date", "终止日期", "valid to"),
)
_ORIGIN = (
    Property("synthetic", "flag", "合成示例数据", "synthetic"),
    Property("version", "integer", "版本", "version"),
)

_WITNESS_COLUMNS = ("ordinal", "name", "azimuth_deg", "azimuth_kind", "distance_m")
_WITNESSES = Detail(
    "witness_objects",
    _WITNESS_COLUMNS,
    f"SELECT {', '.join(_WITNESS_COLUMNS)} FROM witness_object WHERE marker_id = :id"
    " ORDER BY ordinal",
)

_VERSION_COLUMNS = ("kind", "happened_on", "parties", "witness", "agreement", "survey_method")
_VERSIONS = Detail(
    "versions",
    _VERSION_COLUMNS,
    f"SELECT {', '.join(_VERSION_COLUMNS)} FROM marker_version WHERE marker_id = :id"
    " ORDER BY happened_on, id",
)
_SECTION_COLUMNS = ("ordinal", "from_marker", "to_marker", "kind", "feature", "state", "length_m")
_SECTIONS = Detail(
    "sections",
    _SECTION_COLUMNS,
    f"SELECT {', '.join(_SECTION_COLUMNS)} FROM line_section WHERE line_id = :id ORDER BY ordinal",
)

LINES = Collection(
    id="lines",
    table=line,
    rendered=line_rendered,
    zh="行政区域界线",
    en="Boundary lines",
    properties=(
        Property("code", "text", "界线代码", "line code", filterable=True),
        Property("name", "text", "界线名称", "line name", filterable=True),
        Property("section", "text", "段落", "section"),
        Property("name_source", "text", "名称依据", "basis of the name"),
        Property("level", "text", "级别", "level", filterable=True),
        Property("party_a", "text", "甲方", "party A", filterable=True),
        Property("party_b", "text", "乙方", "party B", filterable=True),
        Property("party_c", "text", "丙方", "party C", filterable=True),
        Property("approving_authority", "text", "批准机关", "approving authority"),
        Property("approved_on", "date", "批准日期", "approved on"),
        Property("length_m", "number", "长度（米）", "length in metres"),
        Property("length_basis", "text", "长度依据", "basis of the length"),
        Property("start_point", "text", "起点", "start point"),
        Property("end_point", "text", "止点", "end point"),
        Property("state", "text", "界线状态", "state of the line", filterable=True),
        Property("state_source", "text", "状态依据", "basis of the state"),
        Property("remark", "text", "备注", "remark"),
        *_VALIDITY,
        Property("source", "text", "来源", "source"),
        Property("licence", "text", "许可", "licence"),
        *_ORIGIN,
    ),
    time=("valid_from", "valid_to"),
    details=(_SECTIONS,),
    tiled=("code", "name", "level", "state"),
)

MARKERS = Collection(
    id="markers",
    table=marker,
    rendered=marker_rendered,
    zh="界桩",
    en="Boundary markers",
    properties=(
        Property("marker_no", "text", "界桩编号", "marker number", filterable=True),
        Property("marker_code", "text", "界桩代码", "marker code"),
        Property("line_code", "text", "界线代码", "line code", filterable=True),
        Property("line_name", "text", "界线名称", "line name"),
        Property("level", "text", "级别", "level"),
        Property("sequence", "integer", "顺序号", "sequence"),
        Property("kind", "text", "类型", "type"),
        Property("faces", "integer", "面数", "faces"),
        Property("material", "text", "材质", "material"),
        Property("accuracy_class", "text", "精度等级", "accuracy class"),
        Property("sigma_m", "number", "登记中误差（米）", "registered standard error in metres"),
        Property("tolerance_m", "number", "限差（米）", "tolerance in metres"),
        Property("tolerance_source", "text", "限差依据", "basis of the tolerance"),
        Property("survey_method", "text", "测量方法", "survey method"),
        Property("surveyed_on", "date", "测量日期", "surveyed on"),
        Property("coordinate_text", "text", "登记坐标原文", "coordinates as registered"),
        Property("crs_text", "text", "坐标系原文", "reference system as registered"),
        Property("height_m", "number", "高程（米）", "height in metres"),
        Property("height_datum", "text", "高程基准", "height datum"),
        Property("marker_name", "text", "界桩名称", "marker name"),
        Property("spatial_id", "text", "空间数据标识码", "spatial identifier"),
        Property("sheet_no", "text", "图幅号", "map sheet"),
        Property("smart", "flag", "物联网界桩", "smart marker"),
        Property("party_a", "text", "甲方", "party A"),
        Property("party_b", "text", "乙方", "party B"),
        Property("party_c", "text", "丙方", "party C"),
        Property("managing_party", "text", "管理方", "managing party", filterable=True),
        Property("custody", "flag", "托管", "in custody"),
        Property("custody_unit", "text", "托管单位", "custody unit"),
        Property("registered_on", "date", "登记时间", "registered on"),
        Property("change_history", "text", "变更历史记录", "history of changes"),
        Property(
            "predecessor_id",
            "integer",
            "移位前的记录",
            "record before the relocation",
            refers_to="markers",
        ),
        Property("location", "text", "所在地", "location"),
        Property("position_description", "text", "位置描述", "position description"),
        Property("remark", "text", "备注", "remark"),
        Property("condition", "text", "状况", "condition", filterable=True),
        Property("verdict", "text", "位置判定", "verdict", filterable=True),
        Property("inspected_on", "date", "检查日期", "inspected on"),
        Property("status", "text", "状态", "status", filterable=True),
        Property("status_open", "flag", "待定", "open question"),
        Property("status_rules", "text", "状态依据规则", "rules of the status"),
        *_VALIDITY,
        Property("source", "text", "来源", "source"),
        *_ORIGIN,
    ),
    time=("valid_from", "valid_to"),
    details=(_WITNESSES, _VERSIONS),
    tiled=("marker_no", "line_code", "level", "kind", "status", "condition", "verdict"),
)

INSPECTIONS = Collection(
    id="inspections",
    table=inspection,
    rendered=inspection_rendered,
    zh="界桩检查",
    en="Marker inspections",
    properties=(
        Property("marker_no", "text", "界桩编号", "marker number", filterable=True),
        Property("marker_id", "integer", "界桩", "marker", filterable=True, refers_to="markers"),
        Property("submission_id", "integer", "提交", "submission", filterable=True),
        Property("row", "integer", "行", "row"),
        Property("observed_on", "date", "检查日期", "observed on"),
        Property("surveyor", "text", "检查人", "surveyor"),
        Property("method", "text", "测量方法", "method"),
        Property("side", "text", "检查方", "reporting side"),
        Property("grade", "text", "方法等级", "grade of the method"),
        Property("ties", "integer", "丈量方位物数", "taped ties"),
        Property("proof", "flag", "实物证据", "physical proof"),
        Property("condition", "text", "状况", "condition", filterable=True),
        Property("verdict", "text", "位置判定", "verdict", filterable=True),
        Property("east_m", "number", "东向位移（米）", "displacement east in metres"),
        Property("north_m", "number", "北向位移（米）", "displacement north in metres"),
        Property("distance_m", "number", "位移（米）", "displacement in metres"),
        Property(
            "bearing_deg", "number", "位移方向（度）", "bearing of the displacement in degrees"
        ),
        Property("sigma_m", "number", "中误差（米）", "standard error in metres"),
        Property("tolerance_m", "number", "限差（米）", "tolerance in metres"),
        Property(
            "mdd_m", "number", "最小可探测位移（米）", "minimal detectable displacement in metres"
        ),
        Property("reason_zh", "text", "理由", "reason in Chinese"),
        Property("reason_en", "text", "理由（英文）", "reason"),
        *_ORIGIN,
    ),
    time=("observed_on",),
    tiled=("marker_no", "observed_on", "condition", "verdict"),
)
