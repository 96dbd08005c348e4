"""Families over REST: people of known age who are friends."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from samovar.testing.hosting import Answer, Running
from tests.services.account.conftest import person
from tests.services.account.friends.test_api import befriend

FAMILY = "/v1/accounts/me/family"
BORN = {"adult": date(1990, 5, 1), "child": date(datetime.now(UTC).year - 10, 1, 1)}


class EverythingSold:
    """A store that has everything."""

    async def sells(self, package_id: UUID, /) -> bool:  # noqa: ARG002  as in the protocol
        """Say yes."""
        return True


async def grown(account: Running) -> UUID:
    return await person(account, birth_date=BORN["adult"])


async def child(account: Running) -> UUID:
    return await person(account, birth_date=BORN["child"])


async def invite(account: Running, adult: UUID, other: UUID, role: str) -> Answer:
    body = {"account_id": str(other), "role": role}
    return await account.request("POST", f"{FAMILY}/invites", account_id=adult, json=body)


async def take_in(account: Running, adult: UUID, role: str) -> UUID:
    """Let somebody new join the family of an adult, and return their id."""
    other = await person(account, birth_date=BORN[role])
    await befriend(account, adult, other)
    sent = await invite(account, adult, other, role)
    assert sent.status == 201, sent.body
    answer = await account.request("POST", f"{FAMILY}/invites/{sent.body['id']}/accept", account_id=other)
    assert answer.status == 200, answer.body
    return other


async def family(account: Running, *roles: str) -> list[UUID]:
    """Make a family of an adult and others, and return the members' ids."""
    founder = await grown(account)
    assert (await account.request("POST", FAMILY, account_id=founder)).status == 201
    return [founder, *[await take_in(account, founder, role) for role in roles]]


async def members(account: Running, account_id: UUID) -> dict[UUID, str]:
    answer = await account.request("GET", FAMILY, account_id=account_id)
    listed: list[dict[str, Any]] = answer.body["members"] if answer.status == 200 else []
    return {UUID(member["account_id"]): member["role"] for member in listed}
