"""Sign-in by another service: the two addresses that a browser passes."""

from web.openapi.parts import Schema, get, may_fail


def paths() -> Schema:
    """The family's paths."""
    leaving = get("sign_in.oidc", "Sign in by another service (OpenID Connect)", "accounts")
    coming = get("sign_in.oidc.callback", "Back from that service", "accounts")
    return {
        "/sign-in/oidc": _sends_on(leaving, 404),
        "/sign-in/oidc/callback": _sends_on(coming, 401, 404),
    }


def _sends_on(described: Schema, *statuses: int) -> Schema:
    """An address that only sends the browser on."""
    answers = {"303": {"description": "to the next address"}, **may_fail(*statuses, 429)}
    described["get"]["responses"] = answers
    described["get"]["parameters"] = []
    return described
