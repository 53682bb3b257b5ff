"""`/sign-in/oidc`: to the service that signs people in, and back."""

import hmac

from flask import Blueprint, Response, current_app, request

from data import NotFound, SignInRefused
from data.accounts import sign_in_recognised
from web.accounts import keep_cookie, present
from web.addresses import root
from web.context import current_settings, whole_store
from web.oidc import CALLBACK, COOKIE, LASTS_S, Begun, Issuer
from web.parameters import query

blueprint = Blueprint("oidc", __name__)
_ISSUER = "ovoo_oidc_issuer"


def _issuer() -> Issuer:
    settings = current_settings().oidc
    if settings is None:
        raise NotFound(
            "this service knows no other sign-in", "本服务未配置单点登录；请使用账号和密码登录"
        )
    kept: Issuer | None = current_app.extensions.get(_ISSUER)
    if kept is None:
        kept = current_app.extensions[_ISSUER] = Issuer(settings)
    return kept


@blueprint.get("/sign-in/oidc")
def leave() -> Response:
    """Send the browser to the issuer."""
    query(())
    begun = Begun.new()
    address = _issuer().leave(begun, f"{root()}{CALLBACK}")
    response = Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE, str(begun), max_age=LASTS_S, path="/sign-in", httponly=True, samesite="Lax",
        secure=request.is_secure,
    )  # fmt: skip
    return response


@blueprint.get("/sign-in/oidc/callback")
def come_back() -> Response:
    """Begin the session of who comes back from the issuer."""
    issuer = _issuer()
    begun = Begun.parse(request.cookies.get(COOKIE, ""))
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if not code or not hmac.compare_digest(state.encode(), begun.state.encode()):
        raise SignInRefused
    person, grants = issuer.come_back(begun, code, f"{root()}{CALLBACK}")
    secret = sign_in_recognised(whole_store(), person, grants, present())
    response = Response(status=303, headers={"Location": "/", "Cache-Control": "no-store"})
    response.delete_cookie(COOKIE, path="/sign-in", httponly=True)
    return keep_cookie(response, secret)
