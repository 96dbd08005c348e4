"""People with roles, as tests of rights need them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import grpc.aio
import msgspec

from samovar.kit.identity import Caller, current_caller
from samovar.kit.rpc.client import Peers
from samovar.kit.settings import Secret, ServiceAddress
from samovar.services.auth.commands import roles_in
from samovar.services.auth.roles.domain import Wanted
from tests.services.auth.conftest import Answer, Auth, new_email


class Person(msgspec.Struct, frozen=True):
    """Somebody who has signed in."""

    auth: Auth
    email: str
    id: str
    token: str
    refresh_token: str

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Ask over REST."""
        return await self.auth.ask(method, path, body, token=self.token, **headers)

    async def renewed(self) -> "Person":
        """Return the same person with tokens that say what they may do now."""
        tokens = (await self.auth.refresh(self.refresh_token)).body
        return msgspec.structs.replace(
            self, token=tokens["access_token"], refresh_token=tokens["refresh_token"]
        )

    async def claims(self) -> dict[str, Any]:
        """Return what auth says of them."""
        answer = await self.auth.me(self.token)
        assert answer.status == 200
        return dict(answer.body)


async def somebody(auth: Auth, *wanted: Wanted | str) -> Person:
    """Return somebody new who has roles: by name, or with their place."""
    email = new_email()
    tokens = (await auth.register(email=email)).body
    roles = roles_in(auth.database, phone_region="RU")
    for one in wanted:
        role = Wanted(role=one) if isinstance(one, str) else one
        await roles.grant(email, role, reason="test")
    person = Person(auth, email, tokens["account_id"], tokens["access_token"], tokens["refresh_token"])
    return await person.renewed() if wanted else person


@asynccontextmanager
async def channel(auth: Auth) -> AsyncIterator[grpc.aio.Channel]:
    """Open a gRPC channel to auth, as another service has it."""
    addresses = {"auth": ServiceAddress(auth.host.rest_address, auth.host.rpc_address)}
    peers = Peers(msgspec.structs.replace(auth.platform, addresses=addresses))
    yield peers.channel("auth")
    await peers.close()


@contextmanager
def calling(person: Person) -> Iterator[None]:
    """Call for a person: a service passes on the token of whom it serves."""
    moment = datetime.now(UTC)
    caller = Caller(
        account_id=UUID(person.id),
        session_id=UUID(int=0),
        roles=(),
        auth_time=moment,
        expires_at=moment,
        token=Secret(person.token),
    )
    reset = current_caller.set(caller)
    yield
    current_caller.reset(reset)
