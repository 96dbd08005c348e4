"""A new device, the phone that lets it in, and time that passes between polls."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from samovar.services.auth.device_code.requests import PREFIX, SECRET_BYTES
from samovar.services.auth.tokens.opaque import unwrap
from tests.services.auth.conftest import Answer, Auth, new_address, new_email


class Person(msgspec.Struct, frozen=True):
    """Somebody who is signed in on a phone."""

    email: str
    account_id: str
    token: str
    refresh_token: str
    address: str


class NewDevice:
    """A device that wants in.

    Attributes:
        began: What the answer to its beginning says.
        address: Its network address.
    """

    def __init__(self, auth: Auth, began: Any, address: str) -> None:
        self.began = began
        self.address = address
        self._auth = auth

    @property
    def user_code(self) -> str:
        """The code for people."""
        return str(self.began["user_code"])

    @property
    def request_id(self) -> UUID:
        """The id of the request's row."""
        raw = unwrap(self.began["device_code"], PREFIX, 16 + SECRET_BYTES)
        return UUID(bytes=raw[:16])

    @property
    def wrong_number(self) -> int:
        """A number that it does not show."""
        number: int = self.began["match_number"]
        return number - 1 if number > 10 else number + 1

    async def poll(self, **more: str) -> Answer:
        """Ask for tokens."""
        body = {"device_code": self.began["device_code"], **more}
        return await self._auth.ask("POST", "/v1/auth/device/token", body, x_forwarded_for=self.address)

    async def poll_in_time(self) -> Answer:
        """Ask for tokens after a while."""
        await self.pass_time("polled_at = polled_at - interval '2 minutes'")
        return await self.poll()

    async def pass_time(self, change: str) -> None:
        """Change the row as time would have."""
        async with self._auth.database.transaction() as tx:
            await tx.execute(f"UPDATE device_requests SET {change} WHERE id = $1", self.request_id)

    async def interval_s(self) -> int:
        """Return how long it must wait between polls."""
        interval_s: int = await self._auth.database.fetch_value(
            "SELECT interval_s FROM device_requests WHERE id = $1", self.request_id
        )
        return interval_s


class Phones:
    """People who are signed in, and what they do with codes."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    async def person(self) -> Person:
        """Register somebody."""
        email, address = new_email(), new_address()
        came = (await self._auth.register(email=email, address=address)).body
        return Person(email, came["account_id"], came["access_token"], came["refresh_token"], address)

    async def device(self, *, address: str | None = None, **more: str) -> NewDevice:
        """Begin on a new device."""
        address = address or new_address()
        body = {"device_name": "Телевизор в гостиной", **more}
        began = await self._auth.ask("POST", "/v1/auth/device", body, x_forwarded_for=address)
        assert began.status == 200, began.body
        return NewDevice(self._auth, began.body, address)

    async def look(self, person: Person, user_code: str) -> Answer:
        """Open a code."""
        return await self._ask("GET", person, user_code)

    async def approve(self, person: Person, user_code: str, number: int) -> Answer:
        """Say yes."""
        return await self._ask("POST", person, f"{user_code}/approve", {"number": number})

    async def deny(self, person: Person, user_code: str, **body: bool) -> Answer:
        """Say no."""
        return await self._ask("POST", person, f"{user_code}/deny", body)

    async def let_in(self, person: Person, device: NewDevice) -> None:
        """Open a code and choose the right number."""
        assert (await self.look(person, device.user_code)).status == 200
        done = await self.approve(person, device.user_code, device.began["match_number"])
        assert done.status == 204, done.body

    async def _ask(self, method: str, person: Person, path: str, body: object = None) -> Answer:
        return await self._auth.ask(
            method,
            f"/v1/auth/device/{path}",
            body,
            token=person.token,
            x_forwarded_for=person.address,
        )


class Told(msgspec.Struct, frozen=True):
    """An entry of the audit."""

    action: str
    outcome: str
    details: dict[str, Any]


@pytest.fixture
def phones(auth: Auth) -> Phones:
    """Return what people do with their phones."""
    return Phones(auth)


async def audit_of(auth: Auth, account_id: str) -> list[Told]:
    """Return what the audit says of an account and devices, oldest first."""
    return await auth.database.fetch(
        """
        SELECT action, outcome, details FROM audit WHERE account_id = $1 AND action LIKE 'device_request.%' ORDER BY id
        """,
        UUID(account_id),
        into=Told,
    )
