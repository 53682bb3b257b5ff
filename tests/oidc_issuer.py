"""A small OpenID Connect issuer on this machine, for tests: it signs in whom it is told to."""

import json
import time
import urllib.parse
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "ovoo", "a secret of the client"


class OwnIssuer:
    """Keys, codes and what the next token says."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "k1"})
        self.signing = self.key
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "k1"}
        self.address = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.claims: dict[str, Any] = {"sub": "s-1", "preferred_username": "wang", "name": "王"}
        self.asked: list[str] = []
        self.published: dict[str, Any] = {"keys": [self.key.as_dict(private=False)]}

    def consent(self, address: str) -> tuple[str, str]:
        """A person agrees at the address that a browser was sent to: state and code."""
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["client_id"] == CLIENT
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return query["state"], code

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The answer to a code; None where it is refused. A code is good once."""
        pair = b64decode(authorization.removeprefix("Basic ")).decode()
        known = self.codes.pop(form.get("code", ""), None)
        expected = f"{CLIENT}:{urllib.parse.quote(SECRET, safe='')}"
        if known is None or pair != expected:
            return None
        if create_s256_code_challenge(form["code_verifier"]) != known["code_challenge"]:
            return None
        if form["redirect_uri"] != known["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 60}
        claims |= {"nonce": known["nonce"], **self.claims}
        token = jwt.encode(self.header, claims, self.signing, algorithms=["RS256", "HS256", "none"])
        return {"id_token": token, "token_type": "Bearer", "access_token": "x"}

    def document(self, path: str) -> dict[str, Any] | None:
        """What is read of the issuer without a secret."""
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
            }
        if path == "/keys":
            return self.published
        return None


@contextmanager
def running_issuer() -> Iterator[OwnIssuer]:
    """An issuer that listens on a free port of this machine."""
    issuer = OwnIssuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(issuer.document(self.path))

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = dict(urllib.parse.parse_qsl(sent))
            self._answer(issuer.token(form, self.headers.get("Authorization", "")))

        def _answer(self, document: dict[str, Any] | None) -> None:
            issuer.asked.append(self.path)
            body = json.dumps(document or {"error": "invalid_grant"}).encode()
            self.send_response(200 if document else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
