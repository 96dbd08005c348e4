"""Having one's data, and having it forgotten."""

from datetime import datetime

import msgspec

from samovar.client.api.calls import Calls
from samovar.sdk.errors import Refused

_NOT_FOUND = 404


class Step(msgspec.Struct, frozen=True):
    """What one service has done."""

    service: str
    is_done: bool


class DataRequest(msgspec.Struct, frozen=True):
    """A wish and how far it is: `waiting`, `running`, `done`, `canceled`, `expired`."""

    id: str
    kind: str
    state: str
    requested_at: datetime
    begins_at: datetime
    finished_at: datetime | None = None
    expires_at: datetime | None = None
    steps: list[Step] = []


class _Link(msgspec.Struct, frozen=True):
    url: str


class PersonalData:
    """What the platform holds of the player."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def last(self, kind: str) -> DataRequest | None:
        """Return the last wish of a kind, `export` or `erasure`; none where there was none."""
        try:
            return await self._calls.get(DataRequest, f"/v1/accounts/me/{kind}")
        except Refused as error:
            if error.status == _NOT_FOUND:
                return None
            raise

    async def ask(self, kind: str) -> DataRequest:
        """Ask for it. Needs a fresh proof of who one is."""
        return (await self._calls.send("POST", f"/v1/accounts/me/{kind}")).read(DataRequest)

    async def link(self) -> str:
        """Return where the export can be had for some minutes. Needs a fresh proof of who one is."""
        return (await self._calls.send("POST", "/v1/accounts/me/export/link")).read(_Link).url

    async def call_off(self) -> None:
        """Keep the account after all."""
        await self._calls.send("DELETE", "/v1/accounts/me/erasure")
