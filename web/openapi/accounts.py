"""Accounts: the paths of signing in, one's own account, the register of accounts."""

from web.openapi.parts import Schema, body, get, may_fail, operation, path_id, query

_TEXT: Schema = {"type": "string", "maxLength": 400}
_SECRET: Schema = {
    "name": "secret",
    "in": "path",
    "required": True,
    "description": "the end of a one-time link",
    "schema": {"type": "string"},
}
_BACK = query("back", {"type": "string"}, "the page that one came from, such as /field")


def paths() -> Schema:
    """The family's paths."""
    described: Schema = {
        "/sign-in": _page("sign_in", "The form to sign in", [_BACK])
        | _post(
            "sign_in.begin",
            "Begin a session",
            {"name": 1, "password": 1, "code": 0, "back": 0},
            401,
        ),
        "/sign-out": _post("sign_out", "End this browser's session", {}),
        "/welcome/{secret}": _page("welcome", "The form of a one-time link", [_SECRET])
        | _post("welcome.choose", "Choose a password", {"password": 1}, 404, path=[_SECRET]),
        "/account": _own(get("account", "One's own account", "accounts")),
        "/account/password": _post(
            "account.password", "Choose a new password", {"old_password": 1, "password": 1}, 401
        ),
        "/account/code": _post(
            "account.code", "Set up one-time codes", {"secret": 0, "code": 0}, 401
        ),
        "/account/tokens": _made(
            _post("account.token", "Issue a token", {"label": 1, "scopes": 1, "days": 1}, 401, 404)
        ),
        "/account/tokens/{id}/revoke": _post("account.revoke", "End a token", {}, 401, 403, 404),
        "/accounts": _own(get("accounts", "Every account", "accounts"), 403)
        | _made(
            _post(
                "accounts.open",
                "Open an account",
                {"name": 1, "display_name": 0, "grants": 0},
                401,
                403,
            )
        ),
    }
    for act, title, fields in (
        ("link", "A new one-time link", {}),
        ("grants", "What an account may do where", {"grants": 0}),
        ("close", "Close an account", {}),
        ("drop-code", "Ask for no one-time code any more", {}),
    ):
        path = f"/accounts/{{id}}/{act}"
        described[path] = _post(f"accounts.{act}", title, fields, 401, 403, 404, 409)
        if act == "link":
            described[path] = _made(described[path])
    for path, operations in described.items():
        if "{id}" in path:
            for one in operations.values():
                one["parameters"].append(path_id())
    return described


def _page(identity: str, title: str, path: list[Schema] | None = None) -> Schema:
    described = get(identity, title, "accounts")
    described["get"]["parameters"] += path or []
    return described


def _own(described: Schema, *statuses: int) -> Schema:
    described["get"]["responses"] |= may_fail(401, *statuses)
    return described


def _made(described: Schema) -> Schema:
    answers = described["post"]["responses"]
    answers["201"] = answers["200"]
    return described


def _post(
    identity: str,
    title: str,
    fields: dict[str, int],
    *statuses: int,
    path: list[Schema] | None = None,
) -> Schema:
    described = operation(identity, title, "accounts", [])
    described["parameters"] += path or []
    schema: Schema = {
        "type": "object",
        "properties": dict.fromkeys(fields, _TEXT),
    }
    if required := [name for name, needed in fields.items() if needed]:
        schema["required"] = required
        schema["properties"] |= dict.fromkeys(required, _TEXT | {"minLength": 1})
    if fields:
        described["requestBody"] = body(schema)
    described["responses"] |= may_fail(*statuses, 403, 429)
    return {"post": described}
