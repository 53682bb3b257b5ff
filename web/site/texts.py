"""The texts of the interface, Chinese and English side by side.

A key is `family.name`. Families that name codes (`verdict.displaced`, `property.marker_no`) hold
what is known; a code that is not here is shown as it came.
"""

from collections.abc import Collection
from typing import Final, Literal

from web.site.act_texts import ACTS
from web.site.administration_texts import ADMINISTRATION
from web.site.document_texts import DOCUMENTS
from web.site.field_texts import FIELD
from web.site.map_texts import MAP
from web.site.naming_texts import NAMING
from web.site.office_texts import OFFICE
from web.site.public_texts import PUBLIC
from web.site.register_texts import REGISTER
from web.site.upload_texts import UPLOAD
from web.site.work_texts import WORK

Lang = Literal["zh", "en"]
LANGUAGES: Final[tuple[Lang, ...]] = ("zh", "en")

PAGES: Final[dict[str, tuple[str, str]]] = {
    "page.brand": ("敖包", "Ovoo"),
    "page.service": ("地名与界线界桩", "Place names and boundary markers"),
    "page.skip": ("跳到正文", "Skip to the content"),
    "page.language": ("English", "中文"),
    "page.menu": ("主导航", "Main navigation"),
    "page.map": ("地图", "Map"),
    "page.data": ("数据", "Data"),
    "page.api": ("接口", "API"),
    "page.conformance": ("符合的标准", "Conformance"),
    "page.formats": ("本页的其他格式", "This page in other formats"),
    "page.licences": ("数据来源与许可", "Data sources and licences"),
    "page.find": ("查找", "Find"),
    "page.find_label": ("查找地名", "Find a place name"),
    "page.find_hint": (
        "汉字、拼音、首字母、旧称、简称或其他文字均可",
        "Chinese, pinyin, initials, former and short names, or other scripts",
    ),
    "page.find_empty": ("请输入要查的名称。", "Type a name to look for."),
    "page.map_label": (
        "界线与界桩地图。方向键移动，加减键缩放",
        "Map of boundaries and markers. Arrow keys move, plus and minus zoom",
    ),
    "page.map_wait": ("正在打开地图…", "Opening the map …"),
    "page.map_list": (
        "不用地图也可以浏览同样的数据：",
        "The same data can be read without the map:",
    ),
    "page.map_noscript": (
        "地图需要脚本；查地名和上传检查文件不需要。",
        "The map needs a script; finding names and uploading inspections do not.",
    ),
    "page.upload": ("界桩检查文件", "Inspection file"),
    "page.upload_hint": (
        "把文件拖到这里，或选择文件。先预览结论，确认后才入库。",
        "Drop a file here or choose one. Verdicts come first; nothing is filed until you commit.",
    ),
    "page.upload_formats": (
        "CSV、XLSX、GeoJSON、GeoPackage、Shapefile（zip）、KML/KMZ、GPX",
        "CSV, XLSX, GeoJSON, GeoPackage, Shapefile (zip), KML/KMZ, GPX",
    ),
    "page.upload_template": (
        "模板：在每条界线的页面下载，界桩编号已填好",
        "Templates: on each line's page, its marker numbers filled in",
    ),
    "page.upload_file": ("选择检查文件", "Choose an inspection file"),
    "page.upload_send": ("检查", "Check"),
    "page.items_count": ("共 {total} 条，本页 {count} 条", "{count} of {total} on this page"),
    "page.items_page": ("本页 {count} 条", "{count} on this page"),
    "page.address": ("地址", "Address"),
    "page.parameters": ("参数", "Parameters"),
    "page.next": ("下一页", "Next page"),
    "page.prev": ("上一页", "Previous page"),
    "page.no_items": ("没有符合条件的记录。", "No record matches."),
    "page.items": ("记录", "Records"),
    "page.extent": ("范围", "Extent"),
    "page.crs": ("可用的坐标参考系", "Reference systems on offer"),
    "page.storage_crs": ("存储的坐标参考系", "Stored reference system"),
    "page.links": ("相关链接", "Links"),
    "page.position": ("位置", "Position"),
    "page.geometry": ("图形", "Geometry"),
    "page.names": ("名称与文字", "Names and scripts"),
    "page.name_text": ("名称", "Name"),
    "page.name_kind": ("类别", "Kind"),
    "page.name_language": ("语言", "Language"),
    "page.name_status": ("状态", "Status"),
    "page.name_valid": ("有效期", "Valid"),
    "page.properties": ("属性", "Properties"),
    "page.show_on_map": ("在地图上看", "Show on the map"),
    "page.back_to_list": ("返回列表", "Back to the list"),
    "page.problem_home": ("回到首页", "Go to the front page"),
    "page.problem_faults": ("问题所在", "What is wrong"),
    "page.new_file": ("换一个文件", "Hand in another file"),
}

# What the script says too. Everything below this line is handed to the map page.
SHARED: Final[dict[str, tuple[str, str]]] = {
    "synthetic": ("合成示例数据 synthetic", "Synthetic sample data 合成示例数据"),
    "value.yes": ("是", "yes"),
    "value.no": ("否", "no"),
    "collection.divisions": ("行政区划", "Divisions"),
    "collection.lines": ("行政区域界线", "Boundary lines"),
    "collection.markers": ("界桩", "Boundary markers"),
    "collection.places": ("地名", "Place names"),
    "collection.signs": ("地名标志", "Name signs"),
    "collection.heritage": ("地名文化遗产", "Heritage names"),
    "collection.inspections": ("检查记录", "Inspections"),
    "key.title": ("图层与图例", "Layers and key"),
    "key.place": ("地名", "Place"),
    "key.heritage": ("地名文化遗产", "Heritage name"),
    **MAP,
    "popup.title": ("要素信息", "About this feature"),
    "popup.close": ("关闭", "Close"),
    "popup.more": ("全部内容", "Full record"),
    "search.none": (
        "没有找到“{text}”。换一种写法，或少写几个字。",
        "Nothing found for “{text}”. Try another spelling or fewer letters.",
    ),
    "search.count": ("{count} 条结果", "{count} found"),
    "search.matched": ("匹配“{text}”", "matched “{text}”"),
    "search.heritage": ("遗产", "heritage"),
    "pass.exact": ("全名相同", "exact"),
    "pass.prefix": ("开头相同", "beginning"),
    "pass.substring": ("名称中含有", "within the name"),
    "pass.fuzzy": ("写法相近", "similar spelling"),
    "upload.choose_first": ("请先选择文件。", "Choose a file first."),
    "upload.sending": (
        "正在上传并检查 {name}（{size}）…",
        "Sending and checking {name} ({size}) …",
    ),
    "upload.reading": ("正在取回上次的报告…", "Fetching the last report …"),
    "upload.committing": ("正在入库…", "Committing …"),
    "upload.checking": ("已收到 {name}，正在检查…", "{name} has come; it is being checked …"),
    "upload.lost": (
        "连接中断，稍后自动续传 {name}…",
        "The connection is lost; {name} goes on by itself …",
    ),
    "upload.unfinished": (
        "{name} 尚未传完；再次选择同一文件即可续传。",
        "{name} has not come whole; choose the same file again and it goes on.",
    ),
    "upload.again": ("再试一次", "Try again"),
    "upload.refused_report": (
        "查看报告并核对各列的识别",
        "Open the report and look over its columns",
    ),
    "report.columns_read": (
        "读取 {read} 列，共 {count} 列：核对或更改",
        "{read} of {count} columns are read: look them over, or correct them",
    ),
    "report.proposed": (
        "改正建议 {count} 条：逐条决定",
        "{count} proposed corrections: decide on each",
    ),
    "report.whole": (
        "完整报告：核对列、接受更正、下载批注",
        "The whole report: columns, corrections, annotated workbook",
    ),
    "upload.cancel": ("取消", "Cancel"),
    "report.title": ("检查报告", "Inspection report"),
    "report.meta": (
        "编号 {id} · {rows} 行 · SHA-256 {hash}…",
        "No. {id} · {rows} rows · SHA-256 {hash}…",
    ),
    "report.received": ("收到时间", "Received"),
    "report.sent_by": ("提交人", "Sent by"),
    "report.close": ("关闭报告", "Close the report"),
    "report.filter": ("按结论筛选", "Filter by verdict"),
    "report.findings": ("整批发现", "About the whole file"),
    "report.faults": ("有问题的单元格（{count}）", "Faults in the file ({count})"),
    "report.whole_file": ("全文件", "whole file"),
    "report.row": ("行", "Row"),
    "report.column": ("列", "Column"),
    "report.value": ("值", "Value"),
    "report.fault": ("问题与改法", "Fault and remedy"),
    "report.results": ("逐桩结论", "Verdicts"),
    "report.no_results": ("没有可判断的行。", "No row could be judged."),
    "report.marker": ("界桩", "Marker"),
    "report.condition": ("状况", "Condition"),
    "report.verdict": ("结论", "Verdict"),
    "report.displacement": ("位移", "Displacement"),
    "report.tolerance": ("限差", "Tolerance"),
    "report.mdd": ("最小可测位移", "Smallest detectable"),
    "report.reason": ("理由", "Reason"),
    "report.unmatched": ("未对上界桩", "no marker"),
    "report.show_on_map": ("在地图上看", "Show on the map"),
    "report.more": ("再显示一些（还有 {count} 行）", "Show more ({count} left)"),
    "report.commit": ("提交 {count} 条检查记录", "Commit {count} inspections"),
    "report.withdraw": ("撤回", "Take back"),
    "report.corrections": ("已确认的更正", "Confirmed corrections"),
    "report.corrected": (
        "第 {row} 行 → 第 {derived} 行（{by}，{on}）：",
        "Row {row} → row {derived} ({by}, {on}):",
    ),
    "report.picture": ("向量图", "Vectors"),
    "report.picture_svg": ("矢量图（SVG）", "SVG"),
    "report.picture_png": ("图片（PNG）", "PNG"),
    "report.commit_hint": (
        "提交后写入检查记录和结论；界桩的登记坐标不会改变。",
        "Writes the inspections and their verdicts. Registered coordinates never change.",
    ),
    "report.committed": (
        "已入库，回执编号 {id}。",
        "Committed. Your receipt is number {id}.",
    ),
    "state.preview": ("预览，尚未入库", "preview, not yet committed"),
    "state.committed": ("已入库", "committed"),
    "state.refused": ("已退回", "refused"),
    "match.number": ("按编号", "by number"),
    "match.nearest": ("按最近界桩", "by nearest marker"),
    "match.none": ("未对上", "not matched"),
    "verdict.in_place": ("在位", "in place"),
    "verdict.suspect": ("疑似移位", "suspect"),
    "verdict.displaced": ("已移位", "displaced"),
    "verdict.cannot_tell": ("无法判断", "cannot tell"),
    "verdict.resubmit": ("请重报", "resubmit"),
    "verdict.never": ("未检查", "never inspected"),
    "condition.intact": ("完好", "intact"),
    "condition.damaged": ("损坏", "damaged"),
    "condition.inscription_unclear": ("注记不清", "inscription unclear"),
    "condition.displaced": ("移位", "displaced"),
    "condition.suspected_displaced": ("疑似移位", "suspected displaced"),
    "condition.lost": ("丢失", "lost"),
    "condition.scrapped": ("报废", "scrapped"),
    "condition.not_found": ("未找到", "not found"),
    "condition.unreachable": ("无法到达", "unreachable"),
    "material.stone": ("石质", "stone"),
    "material.reinforced_concrete": ("钢筋混凝土", "reinforced concrete"),
    "material.composite": ("复合材料", "composite"),
    "method.static": ("静态", "static GNSS"),
    "method.network_rtk": ("网络RTK", "network RTK"),
    "method.single_base_rtk": ("单基站RTK", "single-base RTK"),
    "method.ppp": ("PPP", "PPP"),
    "method.float_rtk": ("浮点RTK", "float RTK"),
    "method.total_station": ("全站仪", "total station"),
    "method.handheld": ("手持GPS", "handheld GNSS"),
    "method.phone": ("手机", "phone"),
    "level.region": ("本区域", "region"),
    "level.province": ("省级", "province"),
    "level.prefecture": ("市级", "prefecture"),
    "level.county": ("县级", "county"),
    "level.township": ("乡级", "township"),
    "status.sound": ("完好在位", "sound and in place"),
    "status.conflicting": ("报告互相矛盾", "conflicting reports"),
    "status.lost": ("丢失", "lost"),
    "status.displaced": ("移位", "displaced"),
    "status.damaged": ("损坏", "damaged"),
    "status.not_found": ("未找到", "not found"),
    "status.suspected_displaced": ("疑似移位", "suspected displaced"),
    "status.inscription_unclear": ("注记不清", "inscription unclear"),
    "status.restored": ("修复后待核验", "repaired, not yet verified"),
    "status.position_unknown": ("在桩而位置未判明", "standing, position not told"),
    "status.never_inspected": ("未检查", "never inspected"),
    "status.sensor_fault": ("传感器故障", "sensor fault"),
    "status.scrapped": ("报废", "scrapped"),
    "status.standard": ("标准地名", "standard"),
    "status.pending": ("待批", "pending"),
    "status.former": ("曾用", "former"),
    "status.unverified": ("未核实", "unverified"),
    "kind.standard": ("标准名称", "standard"),
    "kind.alias": ("别名", "alias"),
    "kind.short": ("简称", "short"),
    "kind.former": ("曾用名", "former"),
    "kind.variant": ("异写", "variant"),
    "kind.local": ("少数民族语书写", "minority script"),
    "kind.foreign": ("外文", "foreign"),
    "problem.400": ("请求有误", "The request is not right"),
    "problem.401": ("请先登录", "Sign in first"),
    "problem.403": ("没有权限", "Not permitted"),
    "problem.404": ("没有这条记录", "There is no such record"),
    "problem.409": ("记录已被别人改过", "The record has changed meanwhile"),
    "problem.413": ("文件太大", "The file is too large"),
    "problem.415": ("不认识这种文件格式", "This kind of file is not read here"),
    "problem.422": ("文件内容有问题", "The file has faults"),
    "problem.429": ("请求太频繁，请稍候", "Too many requests; wait a little"),
    "problem.500": ("服务器出错", "The server failed"),
    "problem.503": ("服务暂时不可用", "The service is busy"),
    "problem.other": ("服务器答复 {status}", "The server answered {status}"),
    "problem.network": ("连不上服务器", "The server cannot be reached"),
    "problem.network_hint": (
        "请检查网络后重试；文件还在您手中，没有丢失。",
        "Check the connection and try again; your file is still with you.",
    ),
    "problem.not_json": ("服务器的答复读不懂", "The server's answer cannot be read"),
    "problem.unexpected": ("页面出错", "This page failed"),
    "problem.row": ("第 {row} 行", "row {row}"),
    "property.name": ("名称", "Name"),
    "property.code": ("代码", "Code"),
    "property.place_code": ("地名代码", "Place code"),
    "property.level": ("级别", "Level"),
    "property.romanization": ("罗马字母拼写", "Romanization"),
    "property.romanization_mark": ("拼写依据", "Romanization basis"),
    "property.parent_code": ("上级代码", "Parent code"),
    "property.seat": ("政府驻地", "Seat of government"),
    "property.in_region": ("在本区域内", "In the region"),
    "property.valid_from": ("起始日期", "Valid from"),
    "property.valid_to": ("终止日期", "Valid to"),
    "property.source": ("来源", "Source"),
    "property.source_id": ("来源编号", "Source id"),
    "property.licence": ("许可", "Licence"),
    "property.synthetic": ("合成数据", "Synthetic"),
    "property.category_code": ("类别代码", "Category code"),
    "property.category_name": ("类别", "Category"),
    "property.status": ("状态", "Status"),
    "property.heritage": ("地名文化遗产", "Heritage"),
    "property.division_code": ("所在区划代码", "Division code"),
    "property.division_name": ("所在区划", "Division"),
    "property.division_path": ("所在区划", "Division"),
    "property.party_a": ("甲方", "Party A"),
    "property.party_b": ("乙方", "Party B"),
    "property.party_c": ("丙方", "Party C"),
    "property.approving_authority": ("批准机关", "Approving authority"),
    "property.length_m": ("长度（米）", "Length (m)"),
    "property.marker_no": ("界桩编号", "Marker number"),
    "property.line_code": ("界线代码", "Line code"),
    "property.line_name": ("界线名称", "Line"),
    "property.sequence": ("顺序", "Sequence"),
    "property.kind": ("类型", "Type"),
    "property.faces": ("面数", "Faces"),
    "property.material": ("材质", "Material"),
    "property.accuracy_class": ("精度等级", "Accuracy class"),
    "property.sigma_m": ("中误差（米）", "Standard error (m)"),
    "property.tolerance_m": ("限差（米）", "Tolerance (m)"),
    "property.tolerance_source": ("限差依据", "Tolerance from"),
    "property.survey_method": ("测量方法", "Survey method"),
    "property.surveyed_on": ("测量日期", "Surveyed on"),
    "property.coordinate_text": ("登记坐标原文", "Coordinates as registered"),
    "property.crs_text": ("登记坐标系", "Registered reference system"),
    "property.height_m": ("高程（米）", "Height (m)"),
    "property.height_datum": ("高程基准", "Height datum"),
    "property.managing_party": ("管理方", "Managing party"),
    "property.position_description": ("位置说明", "Position described"),
    "property.remark": ("备注", "Remark"),
    "property.marker_code": ("界桩代码", "Marker code"),
    "property.marker_id": ("界桩", "Marker"),
    "property.submission_id": ("提交", "Submission"),
    "property.row": ("行", "Row"),
    "property.surveyor": ("检查人", "Surveyor"),
    "property.method": ("测量方法", "Survey method"),
    "property.east_m": ("东向位移（米）", "Displacement east (m)"),
    "property.north_m": ("北向位移（米）", "Displacement north (m)"),
    "property.reason_zh": ("理由", "Reason"),
    "property.reason_en": ("理由", "Reason"),
    "property.meaning": ("含义", "Meaning"),
    "property.origin": ("来历", "Origin"),
    "property.history": ("沿革", "History"),
    "property.description": ("概况", "Description"),
    "property.version": ("版本", "Version"),
    "property.verdict": ("位置判定", "Verdict"),
    "property.condition": ("状况", "Condition"),
    "property.inspected_on": ("检查日期", "Inspected on"),
    "property.location": ("所在地", "Location"),
    "property.section": ("段落", "Section"),
    "property.name_source": ("名称依据", "Basis of the name"),
    "property.observed_on": ("检查日期", "Observed on"),
    "property.distance_m": ("位移（米）", "Displacement (m)"),
    "property.bearing_deg": ("位移方位（°）", "Bearing (°)"),
    "property.status_open": ("待定", "Open question"),
    "property.status_rules": ("状态依据规则", "Rules of the status"),
    "property.side": ("检查方", "Reporting side"),
    "property.grade": ("方法等级", "Grade of the method"),
    "property.ties": ("丈量方位物数", "Taped ties"),
    "property.proof": ("实物证据", "Physical proof"),
    "property.approved_on": ("批准日期", "Approved on"),
    "property.length_basis": ("长度依据", "Basis of the length"),
    "property.start_point": ("起点", "Start point"),
    "property.end_point": ("止点", "End point"),
    "property.state": ("界线状态", "State"),
    "property.state_source": ("状态依据", "Basis of the state"),
    "property.marker_name": ("界桩名称", "Marker name"),
    "property.spatial_id": ("空间数据标识码", "Spatial identifier"),
    "property.sheet_no": ("图幅号", "Map sheet"),
    "property.smart": ("物联网界桩", "Smart marker"),
    "property.custody": ("托管", "In custody"),
    "property.custody_unit": ("托管单位", "Custody unit"),
    "property.registered_on": ("登记时间", "Registered on"),
    "property.change_history": ("变更历史记录", "History of changes"),
    "property.predecessor_id": ("移位前的记录", "Record before relocation"),
    "property.mdd_m": ("最小可测位移（米）", "Smallest detectable displacement (m)"),
}

ACCOUNTS: Final[dict[str, tuple[str, str]]] = {
    "account.sign_in": ("登录", "Sign in"),
    "account.by_oidc": ("单点登录", "Sign in with your office's account"),
    "account.sign_out": ("退出登录", "Sign out"),
    "account.name": ("账号", "Account"),
    "account.display_name": ("姓名或单位", "Person or office"),
    "account.password": ("密码", "Password"),
    "account.old_password": ("现在的密码", "Present password"),
    "account.new_password": ("新密码", "New password"),
    "account.choose_password": ("设置密码", "Choose a password"),
    "account.password_rule": (
        "至少 10 个字符；一句自己的话比混杂的符号更好。",
        "At least 10 characters; a sentence of your own is better than a mixture of signs.",
    ),
    "account.forgotten": (
        "忘记密码时，请向管理员索取一次性链接。",
        "A password is forgotten? An administrator gives you a one-time link.",
    ),
    "account.change": ("更改", "Change"),
    "account.code": ("动态码", "One-time code"),
    "account.code_if_any": ("动态码（已启用时填写）", "One-time code, if you use one"),
    "account.code_hint": (
        "启用后，登录时除密码外还需手机上的动态码；无需联网。",
        "Signing in then also takes a code from your device, which need not be online.",
    ),
    "account.code_set_up": ("启用动态码", "Set up one-time codes"),
    "account.code_enter": (
        "把这个密钥输入身份验证程序，再填写它给出的六位动态码。",
        "Type this secret into your authenticator, then the six digits that it shows.",
    ),
    "account.code_confirm": ("确认", "Confirm"),
    "account.own": ("我的账号", "My account"),
    "account.roles": ("角色", "Roles"),
    "account.no_roles": ("尚无角色", "None yet"),
    "account.everywhere": ("全部区划", "everywhere"),
    "account.tokens": ("程序令牌", "Tokens for programs"),
    "account.token_new": ("新令牌", "New token"),
    "account.token_label": ("用途", "What it is for"),
    "account.token_hint": ("令牌只显示这一次，请妥善保存。", "Shown this once: keep it safe."),
    "account.scopes": ("范围", "Scopes"),
    "account.scopes_typed": (
        "范围：viewer surveyor editor approver administrator，以空格分隔",
        "Scopes: viewer surveyor editor approver administrator, parted by blanks",
    ),
    "account.days": ("有效天数（不超过 366）", "Days it is good (up to 366)"),
    "account.expires": ("到期", "Ends"),
    "account.state": ("状态", "State"),
    "account.revoke": ("作废", "Revoke"),
    "account.revoked": ("已作废", "revoked"),
    "account.accounts": ("账号管理", "Accounts"),
    "account.acts": ("操作", "Acts"),
    "account.act_link": ("一次性链接", "One-time link"),
    "account.act_drop_code": ("取消动态码", "Drop the code"),
    "account.act_close": ("停用", "Close"),
    "account.closed": ("已停用", "closed"),
    "account.open": ("新建账号", "Open an account"),
    "account.grants_typed": (
        "角色，如 editor@152500 surveyor@152500；不写区划即全部",
        "Roles, such as editor@152500 surveyor@152500; without a code, everywhere",
    ),
    "account.link": ("一次性链接", "One-time link"),
    "account.link_hint": (
        "请交给本人设置密码；{hours} 小时内有效，只能使用一次。",
        "Give it to its person to choose a password; good once, for {hours} hours.",
    ),
    "role.viewer": ("查看", "viewer"),
    "role.surveyor": ("外业", "surveyor"),
    "role.editor": ("编辑", "editor"),
    "role.approver": ("审批", "approver"),
    "role.administrator": ("管理员", "administrator"),
}

_TABLE: Final = (
    NAMING
    | PAGES
    | SHARED
    | ACCOUNTS
    | REGISTER
    | OFFICE
    | PUBLIC
    | DOCUMENTS
    | WORK
    | ADMINISTRATION
    | UPLOAD
    | ACTS
    | FIELD
)


def translate(key: str, lang: str) -> str:
    """The text of a key; Chinese for any language but English; an unknown key as it is.

    >>> translate("verdict.displaced", "en")
    'displaced'
    >>> translate("verdict.unheard_of", "en")
    'verdict.unheard_of'
    """
    both = _TABLE.get(key)
    if both is None:
        return key
    return both[1] if lang == "en" else both[0]


def script_texts(lang: str, families: Collection[str] = ()) -> dict[str, str]:
    """The texts that a page's script says, by key: those of some families, or all of the map's."""
    return {
        key: translate(key, lang)
        for key in (_TABLE if families else SHARED)
        if not families or key.partition(".")[0] in families
    }
