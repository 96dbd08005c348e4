"""An issuer of access tokens for tests: real ES256 keys, a real JWKS address, no service behind it."""

import json
import time
from uuid import UUID, uuid4

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey

from samovar.kit.identity import FULL_SCOPE, RoleGrant

ORIGIN = "http://samovar.test"
TOKEN_TTL_S = 600


class Issuer:
    """Signs tokens and publishes the key.

    Attributes:
        jwks_url: Where the public key is, once started.
    """

    jwks_url: str

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._key = ECKey.generate_key("P-256", {"kid": "test", "use": "sig", "alg": "ES256"})
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Publish the key on a free port."""
        app = web.Application()
        app.router.add_get("/.well-known/jwks.json", self._jwks)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.jwks_url = f"http://{host}:{port}/.well-known/jwks.json"

    async def stop(self) -> None:
        """Stop publishing."""
        if self._runner:
            await self._runner.cleanup()

    def token(
        self,
        *,
        account_id: UUID | None = None,
        session_id: UUID | None = None,
        roles: tuple[str, ...] = ("player",),
        grants: tuple[RoleGrant, ...] = (),
        scope: str = FULL_SCOPE,
        amr: tuple[str, ...] = ("pwd",),
        acr: str = "aal1",
        proved_ago_s: int = 0,
    ) -> str:
        """Return a token of ten minutes, of somebody who proved who they are `proved_ago_s` ago."""
        now = int(time.time())
        claims = {
            "iss": self._origin,
            "aud": "samovar",
            "sub": str(account_id or uuid4()),
            "sid": str(session_id or uuid4()),
            "roles": list(roles),
            "grants": [str(grant) for grant in grants],
            "scope": scope,
            "amr": list(amr),
            "acr": acr,
            "auth_time": now - proved_ago_s,
            "iat": now,
            "exp": now + TOKEN_TTL_S,
        }
        return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": "test"}, claims, self._key)

    async def _jwks(self, _request: web.Request) -> web.Response:
        body = json.dumps({"keys": [self._key.as_dict(private=False)]})
        return web.Response(text=body, content_type="application/json")
