"""Signing in and out, one's own account, and the administrators' register of accounts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from data import Grant, InvalidValue, NotFound, Role, SignInNeeded
from data.accounts import (
    Account,
    accept_invitation,
    change_password,
    close_account,
    drop_code,
    find_account,
    invite,
    issue_token,
    new_totp_secret,
    open_account,
    parse_grant,
    read_account,
    read_accounts,
    read_tokens,
    require_code,
    revoke_token,
    set_grants,
    sign_in,
    sign_out,
    totp_address,
)
from web.accounts import drop_cookie, keep_cookie, present, session_secret
from web.addresses import root
from web.api.preferences import local_path
from web.context import current_actor, current_settings, whole_store
from web.negotiation import json_response, lang_query, page_text, render_page, respond, wants_html
from web.parameters import query

blueprint = Blueprint("accounts", __name__)

_LONGEST_FIELD = 400


def _field(name: str, *, required: bool = True) -> str:
    """A member of the request's form or JSON body, as text.

    Raises:
        InvalidValue: it is missing, no text, or too long.
    """
    value = _body().get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST_FIELD or (required and not value):
        raise InvalidValue(
            name, "…", f"a text of 1 to {_LONGEST_FIELD} characters is needed", "fill it in",
            f"“{name}”应为 1–{_LONGEST_FIELD} 个字符的文字；请填写",
        )  # fmt: skip
    return value


def _body() -> Mapping[str, Any]:
    if request.is_json:
        sent = request.get_json(silent=True)
        if not isinstance(sent, dict):
            raise InvalidValue(
                "body", "…", "it is a JSON object", "send one", "请求体应为 JSON 对象"
            )
        return sent
    return request.form


@blueprint.get("/sign-in")
def sign_in_page() -> Response:
    """The form to sign in; `back` is the page that one came from."""
    values = query(("back",))
    back = local_path(values.get("back", ""))
    offered = {"oidc": current_settings().oidc is not None, "back": back}
    return _page("sign-in.html", offered, "account.sign_in")


@blueprint.post("/sign-in")
def sign_in_post() -> Response:
    """Begin a session; the browser keeps its cookie."""
    query(())
    code = _field("code", required=False)
    secret = sign_in(whole_store(), _field("name"), _field("password"), code, present())
    back = local_path(_field("back", required=False))
    answer = _see(back) if wants_html() else json_response({"signed_in": True})
    return keep_cookie(answer, secret)


@blueprint.post("/sign-out")
def sign_out_post() -> Response:
    """End this browser's session."""
    query(())
    secret = session_secret()
    if secret:
        sign_out(whole_store(), secret)
    return drop_cookie(_see("/") if wants_html() else json_response({"signed_in": False}))


@blueprint.get("/welcome/<secret>")
def welcome(secret: str) -> Response:
    """The form behind a one-time link: choose a password."""
    query(())
    return _page("welcome.html", {"secret": secret}, "account.choose_password")


@blueprint.post("/welcome/<secret>")
def welcome_post(secret: str) -> Response:
    """Choose a password by a one-time link, which is spent."""
    query(())
    name = accept_invitation(whole_store(), secret, _field("password"), present())
    return _see("/sign-in") if wants_html() else json_response({"name": name})


@blueprint.get("/account")
def own() -> Response:
    """One's own account: roles and tokens."""
    query(())
    found = _own()
    with whole_store().read() as connection:
        tokens = [token.as_json() for token in read_tokens(connection, found.id)]
    document = found.as_json() | {"tokens": tokens}
    return respond("account.html", document, found.name)


def _own() -> Account:
    actor = current_actor()
    with whole_store().read() as connection:
        try:
            return find_account(connection, actor.name)
        except NotFound:
            raise SignInNeeded("see an account") from None


@blueprint.post("/account/password")
def password() -> Response:
    """Choose a new password by the old one; every session ends."""
    query(())
    change_password(whole_store(), _own().name, _field("old_password"), _field("password"))
    return drop_cookie(_see("/sign-in") if wants_html() else json_response({"changed": True}))


@blueprint.post("/account/code")
def code() -> Response:
    """Without a code: a new secret for an authenticator. With secret and code: ask for it."""
    query(())
    found = _own()
    if not _field("code", required=False):
        secret = new_totp_secret()
        document = {"secret": secret, "address": totp_address(secret, found.name)}
        return _page("one-time-code.html", document, "account.code")
    require_code(whole_store(), found.name, _field("secret"), _field("code"), present())
    return _see("/account") if wants_html() else json_response({"code_needed": True})


@blueprint.post("/account/tokens")
def new_token() -> Response:
    """A new token for programs; its text is told this once."""
    query(())
    scopes = [one.role for one in _grants(_field("scopes"))]
    lasts = timedelta(days=_days(_field("days")))
    text = issue_token(whole_store(), _own().name, _field("label"), scopes, lasts, present())
    answer = _page("new-token.html", {"token": text}, "account.token_new")
    answer.status_code = 201
    return answer


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):  # noqa: PLR2004 - days of a year
        raise InvalidValue("days", text, "a whole number of days", "give 30", "days 应为整数天数")
    return int(text)


@blueprint.post("/account/tokens/<int:identity>/revoke")
def end_token(identity: int) -> Response:
    """End a token of one's own, or as an administrator anyone's."""
    query(())
    revoke_token(whole_store(), current_actor(), identity)
    return _see("/account") if wants_html() else json_response({"revoked": True})


@blueprint.get("/accounts")
def listed() -> Response:
    """Every account, for administrators."""
    query(())
    current_actor().require([Role.ADMINISTRATOR], (), "list accounts")
    with whole_store().read() as connection:
        document = {"accounts": [one.as_json() for one in read_accounts(connection)]}
    return respond("accounts.html", document, page_text("account.accounts"))


@blueprint.post("/accounts")
def new_account() -> Response:
    """Open an account; answers with the one-time link to choose its password."""
    query(())
    grants = _grants(_field("grants", required=False))
    identity, secret = open_account(
        whole_store(),
        current_actor(),
        _field("name"),
        grants,
        present(),
        _field("display_name", required=False) or None,
    )
    return _link(identity, secret)


@blueprint.post("/accounts/<int:identity>/link")
def new_link(identity: int) -> Response:
    """A new one-time link for an account."""
    query(())
    return _link(identity, invite(whole_store(), current_actor(), identity, present()))


@blueprint.post("/accounts/<int:identity>/grants")
def new_grants(identity: int) -> Response:
    """Say anew what an account may do where."""
    query(())
    grants = _grants(_field("grants", required=False))
    set_grants(whole_store(), current_actor(), identity, grants)
    return _account(identity)


@blueprint.post("/accounts/<int:identity>/close")
def end_account(identity: int) -> Response:
    """Close an account."""
    query(())
    close_account(whole_store(), current_actor(), identity)
    return _account(identity)


@blueprint.post("/accounts/<int:identity>/drop-code")
def end_code(identity: int) -> Response:
    """Ask an account for no one-time code any more."""
    query(())
    drop_code(whole_store(), current_actor(), identity)
    return _account(identity)


def _account(identity: int) -> Response:
    if wants_html():
        return _see("/accounts")
    with whole_store().read() as connection:
        return json_response(read_account(connection, identity).as_json())


def _grants(text: str) -> list[Grant]:
    """Grants as people type them: `editor@152500 surveyor@152500 administrator`."""
    return [parse_grant(word) for word in text.replace(",", " ").split()]


def _link(identity: int, secret: str) -> Response:
    document = {"id": identity, "link": f"{root()}welcome/{secret}", "hours": 24}
    answer = _page("new-link.html", document, "account.link")
    answer.status_code = 201
    return answer


def _page(template: str, document: Mapping[str, Any], key: str) -> Response:
    title = page_text(key)
    if wants_html():
        return render_page(template, document, title)
    return json_response(document)


def _see(path: str) -> Response:
    lang = "" if "?" in path else lang_query()
    return Response(status=303, headers={"Location": f"{path}{lang}"})
