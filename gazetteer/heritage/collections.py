"""What is published of the protection lists: the collection `heritage`."""

from data.collection import Collection, Property
from gazetteer.heritage.tables import heritage, heritage_rendered

HERITAGE = Collection(
    id="heritage",
    table=heritage,
    rendered=heritage_rendered,
    zh="地名文化遗产",
    en="Heritage names",
    properties=(
        Property("name", "text", "名称", "name", filterable=True),
        Property("place_id", "integer", "地名编号", "place", filterable=True, refers_to="places"),
        Property("division_code", "text", "所在行政区", "division code", filterable=True),
        Property("list_level", "text", "名录级别", "level of the list", filterable=True),
        Property("batch", "text", "批次", "batch", filterable=True),
        Property("category", "text", "类别", "category", filterable=True),
        Property("state", "text", "状态", "state", filterable=True),
        Property("listed_on", "date", "列入日期", "listed on"),
        Property("listing_document", "text", "列入文件", "document of the listing"),
        Property("first_record", "text", "最早记载", "first written record"),
        Property("first_record_year", "integer", "最早记载年份", "year of the first record"),
        Property("first_record_source", "text", "记载出处", "source of the first record"),
        Property("years_in_use", "integer", "使用年数", "years in use"),
        Property("measures", "text", "保护措施", "protective measures"),
        Property("custodian", "text", "保护单位", "custodian"),
        Property("intangible_link", "text", "非物质文化遗产", "intangible heritage"),
        Property("removed_on", "date", "移出日期", "removed on"),
        Property("synthetic", "flag", "合成示例数据", "synthetic"),
        Property("version", "integer", "版本", "version"),
    ),
    time=("listed_on", "removed_on"),
    tiled=("name", "place_id", "list_level", "category", "state"),
)
