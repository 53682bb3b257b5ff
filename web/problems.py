"""Errors as problem details (RFC 9457): one table from class to status, one body, one handler."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from boundary import NotLawful, WrongState
from data import (
    BrokenChain,
    Conflict,
    DataError,
    Fault,
    FaultsFound,
    FileTooLarge,
    Forbidden,
    Immutable,
    InvalidFile,
    InvalidValue,
    NotCommittable,
    NotComparable,
    NotEditable,
    NotFound,
    NotReady,
    OvooError,
    SignInNeeded,
    SignInRefused,
    Stale,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreNotFound,
    StoreTooNew,
    TooCostly,
    TooMany,
    UnknownFormat,
)
from gazetteer import (
    ExpertUnfit,
    FontsMissing,
    GazetteerError,
    MissingPaper,
    NameRefused,
    NoAuthority,
    NotListable,
    OwnCase,
    SortingEnded,
    WrongStep,
)
from web.addresses import root
from web.errors import (
    ConditionNeeded,
    KeyInUse,
    KeyReused,
    OtherProtocol,
    WebError,
    WrongCoding,
    WrongMediaType,
)
from web.negotiation import json_response, language, render_page, wants_html
from web.sights import ANONYMOUS
from web.site import Lang

STATUS: Mapping[type[OvooError], tuple[int, str, str]] = {
    OvooError: (500, "Unexpected fault", "程序故障"),
    DataError: (500, "Unexpected fault", "程序故障"),
    InvalidValue: (400, "Invalid value", "参数或数值有误"),
    InvalidFile: (422, "Unreadable file", "文件无法读取"),
    FileTooLarge: (413, "File too large", "文件过大"),
    UnknownFormat: (415, "Unknown file format", "无法识别的文件格式"),
    FaultsFound: (422, "Faults found", "文件中有错误"),
    NotEditable: (409, "Not plainly edited", "不能直接编辑"),
    TooMany: (413, "Too many at once", "一次提交过多"),
    NotComparable: (422, "Positions not comparable", "坐标无法比较"),
    StoreError: (503, "Store not usable", "数据库不可用"),
    StoreNotFound: (503, "Store not found", "找不到数据库"),
    StoreTooNew: (503, "Store too new", "数据库版本过新"),
    StoreBusy: (503, "Store busy", "数据库正忙"),
    StoreDamaged: (503, "Store damaged", "数据库损坏"),
    TooCostly: (400, "Too costly", "查询代价过高"),
    NotReady: (503, "Not ready", "尚未就绪"),
    NotFound: (404, "Not found", "未找到"),
    SignInRefused: (401, "Sign-in refused", "登录未成功"),
    SignInNeeded: (401, "Sign-in needed", "需要登录"),
    Forbidden: (403, "Forbidden", "没有权限"),
    Conflict: (409, "Conflict", "内容已被更改"),
    Stale: (412, "Changed since it was read", "读取后已被更改"),
    Immutable: (409, "Immutable", "不可更改"),
    BrokenChain: (500, "Journal broken", "日志链断裂"),
    SortingEnded: (503, "Index not made", "索引未建立"),
    FontsMissing: (503, "Fonts missing", "缺少制图字体"),
    GazetteerError: (500, "Unexpected fault", "程序故障"),
    NameRefused: (422, "Name refused", "名称不符合规定"),
    NoAuthority: (422, "No authority stated", "未规定批准机关"),
    WrongStep: (409, "Step not open", "当前不能办理"),
    OwnCase: (403, "Own case", "须由他人办理"),
    MissingPaper: (422, "Papers or answers missing", "材料或说明不全"),
    NotListable: (422, "Not fit for the list", "不符合列入条件"),
    ExpertUnfit: (409, "Expert not fit", "专家不宜参加"),
    NotCommittable: (409, "Nothing to commit", "没有可提交的内容"),
    NotLawful: (409, "Not lawful", "缺少法定条件"),
    WrongState: (409, "Wrong state", "当前状态不允许"),
    WebError: (500, "Unexpected fault", "程序故障"),
    ConditionNeeded: (428, "If-Match needed", "缺少 If-Match"),
    WrongMediaType: (415, "Wrong media type", "不支持的媒体类型"),
    WrongCoding: (415, "Wrong content coding", "不支持的压缩方式"),
    KeyReused: (422, "Key used before", "键已被使用"),
    OtherProtocol: (412, "Another protocol", "协议版本不符"),
    KeyInUse: (409, "Key in use", "键正在使用"),
}
"""The status and titles (English, Chinese) of each error; an error without a line of its own has
that of its nearest base."""

_REQUEST_ID = re.compile("[A-Za-z0-9._-]{8,64}")
HTTP: Mapping[int, tuple[tuple[str, str], tuple[str, str]]] = {
    400: (
        ("Bad request", "请求有误"),
        ("The request was not understood: correct it.", "无法识别该请求；请更正后重试。"),
    ),
    403: (
        ("Forbidden", "禁止访问"),
        (
            "Requests from pages of other sites are refused: ask from a page of this service.",
            "不接受其他网站页面发来的请求；请在本服务的页面上办理。",
        ),
    ),
    404: (
        ("Not found", "未找到"),
        ("There is nothing at this address: check it.", "此地址没有内容；请核对地址。"),
    ),
    405: (
        ("Method not allowed", "不支持的方法"),
        (
            "This address does not take the request's method: Allow names those it takes.",
            "此地址不接受该请求方法；可用的方法见 Allow。",
        ),
    ),
    406: (
        ("Not acceptable", "没有可接受的格式"),
        (
            "None of the formats that Accept names is here: ask for application/json or text/html.",
            "此地址没有 Accept 所列的格式；请改用 application/json 或 text/html。",
        ),
    ),
    413: (
        ("Content too large", "文件过大"),
        (
            "More was sent than this server takes: split the file.",
            "内容超过服务器允许的大小；请拆分后再上传。",
        ),
    ),
    415: (
        ("Unsupported media type", "不支持的媒体类型"),
        (
            "This address does not take a body of that type: send JSON or a form, as it says.",
            "此地址不接受该类型的正文；请按说明发送 JSON 或表单。",
        ),
    ),
    416: (
        ("Range not satisfiable", "请求的范围不存在"),
        (
            "The file has none of the bytes that Range asks for: its length is in Content-Range.",
            "文件中没有 Range 所请求的字节；文件长度见 Content-Range。",
        ),
    ),
    429: (
        ("Too many requests", "请求过于频繁"),
        (
            "Too many requests came from your address: wait for a while.",
            "您的地址请求过于频繁；请稍后再试。",
        ),
    ),
    500: (
        ("Unexpected fault", "程序故障"),
        ("The server could not answer; its log tells why.", "服务器未能应答，原因见日志。"),
    ),
}
"""The title and the sentence (English, Chinese) of what the framework itself refuses, by status."""

_ALWAYS: Mapping[int, Sequence[tuple[str, str]]] = {
    401: (("WWW-Authenticate", 'Bearer realm="ovoo"'),),
    503: (("Retry-After", "5"),),
}
"""Headers that go with a status."""


def status_of(kind: type[OvooError]) -> tuple[int, str, str]:
    """The status and titles of an error class."""
    return next(STATUS[base] for base in kind.__mro__ if base in STATUS)


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: Iterable[Mapping[str, Any]] = (),
    **more: Any,
) -> Response:
    """A problem document; as a page where a browser asks.

    Args:
        status: the HTTP status.
        code: the stable name of the kind of problem, documented in `docs/errors.md`.
        title: the kind in words.
        detail: this case in words.
        errors: every single fault.
        more: members that belong to this kind of problem.
    """
    body: dict[str, Any] = {
        "type": f"{root()}problems/{code}" if code else "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.full_path.rstrip("?"),
        **_request_id(),
        **more,
    }
    if listed := list(errors):
        body["errors"] = listed
    if wants_html():
        return render_page("problem.html", body, title, status)
    return json_response(body, status, "application/problem+json")


def _request_id() -> dict[str, str]:
    """The request's id, by which its line in the log is found."""
    given = request.environ.get("HTTP_X_REQUEST_ID", "")
    return {"request_id": given} if _REQUEST_ID.fullmatch(given) else {}


def fault_json(fault: Fault) -> dict[str, Any]:
    """A fault as a member of `errors`."""
    return {name: getattr(fault, name) for name in ("code", "row", "column", "value", "zh", "en")}


def answer(error: OvooError) -> Response:
    """An error as its problem document; whoever has not signed in is asked to."""
    if isinstance(error, Forbidden) and g.get("actor") == ANONYMOUS:
        error = SignInNeeded(error.act)
    status, english, chinese = status_of(type(error))
    chinese_reader = language() == "zh"
    response = problem(
        status,
        error.code,
        chinese if chinese_reader else english,
        error.zh if chinese_reader else error.message,
        map(fault_json, error.faults) if isinstance(error, FaultsFound) else (),
        **({"field": error.field, "value": error.given} if isinstance(error, InvalidValue) else {}),
    )
    response.headers.extend(error.headers if isinstance(error, WebError) else ())
    response.headers.extend(_ALWAYS.get(status, ()))
    return response


def install(app: Flask) -> None:
    """Let every error leave as a problem document."""
    app.register_error_handler(OvooError, answer)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None and status < 400:  # noqa: PLR2004 - a redirect is no problem
            return Response(status=status, headers=error.get_headers())
        response = plain_problem(status)
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After"}:
                response.headers[name] = value
        return response

    @app.errorhandler(500)
    def unexpected(_error: Exception) -> Response:
        return plain_problem(500)


def plain_problem(status: int) -> Response:
    """A refusal that has no code of ours."""
    return problem(status, "", *plain_words(status, language()))


def plain_words(status: int, lang: Lang) -> tuple[str, str]:
    """Title and sentence of a refusal that has no code of ours, in one language.

    A status without words of its own has those of a bad request, or of a fault.

    >>> plain_words(404, "zh"), plain_words(431, "en")[0]
    (('未找到', '此地址没有内容；请核对地址。'), 'Bad request')
    """
    said = HTTP.get(status) or HTTP[500 if status >= 500 else 400]  # noqa: PLR2004 - classes of HTTP
    at = 1 if lang == "zh" else 0
    return said[0][at], said[1][at]
