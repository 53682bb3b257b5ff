"""What can go wrong at the door itself.

OvooError
└── WebError                 the fourth floor's base
    ├── ConditionNeeded      a change must say which version was seen: If-Match
    ├── WrongMediaType       the body is of a type that this address does not take
    ├── WrongCoding          the body is compressed in a way that is not unpacked
    ├── KeyReused            an Idempotency-Key came again with another request
    ├── OtherProtocol        an upload speaks another version of the protocol
    └── KeyInUse             the first request with an Idempotency-Key has not ended
"""

from collections.abc import Sequence

from data import OvooError


class WebError(OvooError):
    """Base of the fourth floor; `headers` go with its answer."""

    code = "web-error"
    headers: Sequence[tuple[str, str]] = ()


class ConditionNeeded(WebError):
    """A change must say which version was seen."""

    code = "condition-needed"

    def __init__(self) -> None:
        super().__init__(
            "If-Match is missing: send the ETag of the feature as you read it, so that no other"
            " person's change is lost",
            "缺少 If-Match；请附上读取时得到的 ETag，以免覆盖他人的更改",
        )


class WrongMediaType(WebError):
    """The body is of a type that an address does not take.

    Args:
        given: the type as it was sent.
        header: the header that lists what is taken: Accept, Accept-Post or Accept-Patch.
        taken: the types.
    """

    code = "wrong-media-type"

    def __init__(self, given: str, header: str, taken: Sequence[str]) -> None:
        listed = ", ".join(taken)
        super().__init__(
            f"Content-Type = {given[:80]!r}: this address takes {listed}; send one of them",
            f"正文类型“{given[:80]}”不被接受；请使用 {listed}",
        )
        self.headers = tuple({header: listed, "Accept": listed}.items())


class WrongCoding(WebError):
    """The body is compressed in a way that is not unpacked here.

    Args:
        given: its Content-Encoding.
        taken: the coding that is unpacked.
    """

    code = "wrong-coding"

    def __init__(self, given: str, taken: str) -> None:
        super().__init__(
            f"Content-Encoding = {given[:80]!r}: a body comes as it is or as {taken};"
            " send it in one of these ways",
            f"不能解开编码为“{given[:80]}”的正文；请不压缩，或用 {taken} 压缩后发送",
        )
        self.headers = (("Accept-Encoding", taken),)


class KeyReused(WebError):
    """An Idempotency-Key came again with another request."""

    code = "key-reused"

    def __init__(self) -> None:
        super().__init__(
            "this Idempotency-Key came before with another body: give each request its own key",
            "该 Idempotency-Key 已用于内容不同的请求；请为每个请求使用新的键",
        )


class KeyInUse(WebError):
    """The first request with an Idempotency-Key has not ended, or was cut off."""

    code = "key-in-use"

    def __init__(self) -> None:
        super().__init__(
            "the first request with this Idempotency-Key has not ended: wait and ask again; if the"
            " server was stopped meanwhile, look whether it was done, then use another key",
            "使用该 Idempotency-Key 的首个请求尚未结束；请稍后重试。"
            "若服务曾中断，请先核实结果，再换用新键",
        )


class OtherProtocol(WebError):
    """An upload in parts speaks another version of the protocol, or says none.

    Args:
        given: the version as it was sent.
        spoken: the version that is spoken here.
    """

    code = "other-protocol"

    def __init__(self, given: str, spoken: str) -> None:
        super().__init__(
            f"Tus-Resumable = {given[:40]!r}: uploads in parts speak version {spoken}; send it",
            f"分段上传使用协议版本 {spoken}；请在请求头 Tus-Resumable 中注明",
        )
        self.headers = (("Tus-Version", spoken),)
