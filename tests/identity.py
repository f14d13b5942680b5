"""An OpenID Connect provider of the tests' own: real HTTP, real tokens signed with a key made for it, one person.

It asks no password; everything else is as at a school: discovery, code with PKCE, signed token, sign-out.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.browser.demonstrations import free_port

CLIENT, SECRET = "studio", "a secret of the tests"


@dataclass(slots=True)
class Provider:
    """Who `subject` is changes whom the next sign-in lets in."""

    address: str
    subject: str = "lan"
    name: str = "Cô Lan"
    _key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "test", "use": "sig"}))
    _asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def secrets(self, studio: str) -> str:
        """What Streamlit's secrets.toml says of this provider, for a studio at that address."""
        return (
            f'[auth]\nredirect_uri = "{studio}/oauth2callback"\ncookie_secret = "{secrets.token_hex(32)}"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
            f'server_metadata_url = "{self.address}/.well-known/openid-configuration"\n'
        )

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self._about),
            Route("/keys", self._keys),
            Route("/door", self._door),
            Route("/in", self._let_in),
            Route("/token", self._token, methods=["POST"]),
            Route("/out", self._out),
        ]

    def _about(self, _: Request) -> Response:
        ways = {
            "authorization_endpoint": "door",
            "token_endpoint": "token",
            "jwks_uri": "keys",
            "end_session_endpoint": "out",
        }
        return JSONResponse(
            {
                "issuer": self.address,
                **{way: f"{self.address}/{path}" for way, path in ways.items()},
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    def _door(self, request: Request) -> Response:
        return HTMLResponse(f'<h1>The school</h1><a href="/in?{urlencode(request.query_params)}">I am {self.name}</a>')

    def _let_in(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT and asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self._asked[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self._asked.pop(str(form["code"]))  # a code opens once
        proof = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        assert base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == asked["code_challenge"]
        who = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers["authorization"] != f"Basic {who}":
            return JSONResponse({"error": "invalid_client"}, 401)
        return JSONResponse({"access_token": "none", "token_type": "Bearer", "id_token": self._signed(asked["nonce"])})

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": nonce}
        claims |= {"sub": self.subject, "name": self.name, "email": f"{self.subject}@school.example"}
        return jwt.encode({"alg": "RS256", "kid": "test"}, claims, self._key)

    def _out(self, request: Request) -> Response:
        return RedirectResponse(request.query_params["post_logout_redirect_uri"])


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider that answers on 127.0.0.1 as long as the block."""
    port = free_port()
    provider = Provider(f"http://127.0.0.1:{port}")
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=provider.routes()), port=port, log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join()
