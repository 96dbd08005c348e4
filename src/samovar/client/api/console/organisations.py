"""Organisations of the developer: who publishes, and what they are in law."""

from datetime import datetime

import msgspec

from samovar.client.api.calls import Calls, path


class Organisation(msgspec.Struct, frozen=True):
    """Who publishes; `standing` is `unconfirmed`, `checking` or `confirmed`."""

    id: str
    name: str
    standing: str
    created_at: datetime
    website: str | None = None


class OwnOrganisation(msgspec.Struct, frozen=True):
    """An organisation, and what the developer may do in all of it."""

    organisation: Organisation
    levels: list[str]


class Claim(msgspec.Struct, frozen=True):
    """What an organisation says that it is, and what became of that."""

    legal_form: str
    inn: str
    state: str
    claimed_at: datetime
    legal_name: str | None = None
    kpp: str | None = None
    ogrn: str | None = None
    finding: str | None = None
    reason: str | None = None


class Legal(msgspec.Struct, frozen=True):
    """What holds, and what was said last."""

    confirmed: Claim | None = None
    latest: Claim | None = None


class Organisations:
    """Calls of developer about organisations."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def mine(self) -> list[OwnOrganisation]:
        """Return the organisations that the developer is in."""
        return await self._calls.get(list[OwnOrganisation], "/v1/dev/organizations")

    async def levels(self, organisation_id: str | None) -> list[str]:
        """Return what the developer may do in all of an organisation: nothing where they are no member."""
        return next((one.levels for one in await self.mine() if one.organisation.id == organisation_id), [])

    async def found(self, name: str, website: str | None) -> Organisation:
        """Found one. The role in it stands in the next access token."""
        body = {"name": name, **({"website": website} if website else {})}
        return (await self._calls.send("POST", "/v1/dev/organizations", body)).read(Organisation)

    async def show(self, organisation_id: str) -> Organisation:
        """Return one."""
        return await self._calls.get(Organisation, path("/v1/dev/organizations/{id}", id=organisation_id))

    async def legal(self, organisation_id: str) -> Legal:
        """Return what it is in law."""
        return await self._calls.get(Legal, path("/v1/dev/organizations/{id}/legal", id=organisation_id))

    async def claim(self, organisation_id: str, details: dict[str, str]) -> Legal:
        """Say what it is in law; needs a fresh proof of who one is."""
        at = path("/v1/dev/organizations/{id}/legal", id=organisation_id)
        return (await self._calls.send("PUT", at, details)).read(Legal)
