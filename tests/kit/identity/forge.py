"""An issuer of access tokens that also makes strange ones, publishes strange keys, and goes away."""

import asyncio
from typing import Any, Self
from uuid import UUID, uuid4

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey

from samovar.kit.clock import Clock
from samovar.kit.identity import AUDIENCE, FULL_SCOPE, TOKEN_TYPE
from samovar.kit.identity.keys import KeySet
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier

ORIGIN = "http://127.0.0.1:8080"
TOKEN_TTL_S = 600


class Forge:
    """Use as `async with Forge(clock) as forge`. `published` is what the address serves; `fetches` counts visits."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.url = ""
        self.fetches = 0
        self.visited = asyncio.Event()
        self.key = new_key()
        self.published: Any = {"keys": [public(self.key)]}
        self.status = 200
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/.well-known/jwks.json", self._jwks)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/.well-known/jwks.json"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def verifier(self, revocations: Revocations) -> Verifier:
        """Return a verifier that trusts this issuer."""
        return Verifier(
            issuer=ORIGIN, keys=KeySet(self.url, self.clock), revocations=revocations, clock=self.clock
        )

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return the claims of a good token, with `changes`; a change to None leaves the claim out."""
        now = int(self.clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": ORIGIN,
            "aud": AUDIENCE,
            "sub": str(uuid4()),
            "sid": str(uuid4()),
            "jti": str(uuid4()),
            "iat": now,
            "auth_time": now,
            "exp": now + TOKEN_TTL_S,
            "roles": ["player"],
            "scope": FULL_SCOPE,
            "amr": ["pwd"],
            "acr": "aal1",
        }
        return {name: value for name, value in {**claims, **changes}.items() if value is not None}

    def token(self, *, key: ECKey | None = None, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """Return a token; `key`, `header` and `changes` make it a strange one."""
        key = key or self.key
        return jwt.encode(
            {"alg": "ES256", "typ": TOKEN_TYPE, "kid": key.kid, **(header or {})}, self.claims(**changes), key
        )

    def token_of(self, account_id: UUID, *roles: str, **changes: Any) -> str:
        """Return the token of an account with `roles` besides `player`."""
        return self.token(sub=str(account_id), roles=["player", *roles], **changes)

    async def _jwks(self, _request: web.Request) -> web.Response:
        self.fetches += 1
        self.visited.set()
        return web.json_response(self.published, status=self.status)


def new_key() -> ECKey:
    """Return a new key pair, named by its thumbprint."""
    key = ECKey.generate_key("P-256")
    key.ensure_kid()
    return key


def public(key: ECKey) -> dict[str, Any]:
    """Return the public half as the address serves it."""
    return {**key.as_dict(private=False), "use": "sig", "alg": "ES256"}
