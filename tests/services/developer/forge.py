"""An issuer of tokens for pipelines, as GitHub is one: a real server with a discovery document and keys."""

import time
from typing import Any, Self
from uuid import uuid4

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import RSAKey

from samovar.testing.issuer import ORIGIN

REPOSITORY = "Studio/Game"
WORKFLOW = ".github/workflows/release.yml"


class Forge:
    """Use as `async with Forge() as forge`; `url` is what its tokens say it is."""

    def __init__(self) -> None:
        self.url = ""
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._configuration)
        app.router.add_get("/keys", self._keys)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def token(
        self, *, key: RSAKey | None = None, header: dict[str, Any] | None = None, **changes: Any
    ) -> str:
        """Return the token of a run on the main branch; a change to None leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": ORIGIN,
            "sub": f"repo:{REPOSITORY}:ref:refs/heads/main",
            "jti": str(uuid4()),
            "iat": now,
            "exp": now + 300,
            "repository": REPOSITORY,
            "repository_id": "4711",
            "workflow_ref": f"{REPOSITORY}/{WORKFLOW}@refs/heads/main",
            "ref": "refs/heads/main",
            "environment": "store",
        }
        told = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "one", **(header or {})}, told, key or self.key)

    async def _configuration(self, _request: web.Request) -> web.Response:
        return web.json_response({"issuer": self.url, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [self.key.as_dict(private=False)]})
