"""What the second floor publishes: divisions and places."""

from data.collection import Collection, Detail, Property
from gazetteer.names_then import names_on
from gazetteer.tables import division, division_rendered, place, place_rendered

_PROVENANCE = (
    Property("valid_from", "date", "生效日期", "valid from"),
    Property("valid_to", "date", "终止日期", "valid to"),
    Property("source", "text", "来源", "source"),
    Property("licence", "text", "许可", "licence"),
    Property("synthetic", "flag", "合成示例数据", "synthetic"),
    Property("version", "integer", "版本", "version"),
)

_NAME_COLUMNS = ("text", "language", "kind", "status", "valid_from", "valid_to", "source")
_SUCCESSOR = "(SELECT s.text FROM place_name s WHERE s.id = n.successor_id)"
_NAMES = Detail(
    "names",
    (*_NAME_COLUMNS, "successor"),
    f"SELECT {', '.join(f'n.{name}' for name in _NAME_COLUMNS)}, {_SUCCESSOR}"
    " FROM place_name n WHERE n.place_id = :id ORDER BY n.id",
)

DIVISIONS = Collection(
    id="divisions",
    table=division,
    rendered=division_rendered,
    zh="行政区划",
    en="Administrative divisions",
    properties=(
        Property("code", "text", "行政区划代码", "division code", filterable=True),
        Property("name", "text", "名称", "name", filterable=True),
        Property("level", "text", "级别", "level", filterable=True),
        Property("romanization", "text", "罗马字母拼写", "romanization"),
        Property("romanization_mark", "text", "拼写依据", "basis of the romanization"),
        Property("parent_code", "text", "上级代码", "parent code", filterable=True),
        Property("seat", "text", "政府驻地", "seat of government"),
        Property("in_region", "flag", "本区域", "in the region", filterable=True),
        *_PROVENANCE,
    ),
    time=("valid_from", "valid_to"),
    tiled=("code", "name", "romanization", "level", "in_region"),
)

PLACES = Collection(
    id="places",
    table=place,
    rendered=place_rendered,
    zh="地名",
    en="Place names",
    properties=(
        Property("name", "text", "标准名称", "standard name", filterable=True),
        Property("place_code", "text", "地名代码", "place code", filterable=True),
        Property("romanization", "text", "罗马字母拼写", "romanization"),
        Property("romanization_mark", "text", "拼写依据", "basis of the romanization"),
        Property("category_code", "text", "类别代码", "category code", filterable=True),
        Property("status", "text", "状态", "status", filterable=True),
        Property("heritage", "flag", "地名文化遗产", "heritage", filterable=True),
        Property("division_code", "text", "所在行政区", "division code", filterable=True),
        Property("meaning", "text", "含义", "meaning"),
        Property("origin", "text", "来历", "origin"),
        Property("history", "text", "沿革", "history"),
        Property("description", "text", "概况", "description"),
        Property("remark", "text", "备注", "remark"),
        Property("source_id", "text", "来源编号", "identity at the source"),
        *_PROVENANCE,
    ),
    time=("valid_from", "valid_to"),
    details=(_NAMES,),
    tiled=("name", "romanization", "category_code", "status", "heritage"),
    names_on=names_on,
)
