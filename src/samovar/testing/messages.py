"""What a test reads of the messages that were sent: the simulator that `samovar up` starts, too."""

import asyncio
from typing import Any, Self

import aiohttp
import msgspec

from samovar.embedded.simulator import SimulatorServer

WAIT_S = 10.0
_POLL_S = 0.02


class Received(msgspec.Struct, frozen=True):
    """A message as the simulator got it; see `samovar.simulators.messages.outbox.Message`."""

    number: int
    id: str
    kind: str
    to: str
    subject: str
    text: str
    code: str | None
    link: str | None
    headers: dict[str, str]


class _Page(msgspec.Struct, frozen=True):
    items: list[Received]


class Messages:
    """A running simulator of mail server and phone gateway.

    Attributes:
        url: The address of its page.
        settings: The settings of the platform that lead to it.
    """

    def __init__(self, *, http_port: int, smtp_port: int = 0) -> None:
        self.url = f"http://127.0.0.1:{http_port}"
        self.settings = {
            "mail_url": f"smtp://samovar:simulator@127.0.0.1:{smtp_port}?tls=none",
            "phone_gateway_url": f"http://simulator@127.0.0.1:{http_port}/phone",
        }

    @classmethod
    def of(cls, server: SimulatorServer) -> Self:
        """Return what a started simulator is spoken to by."""
        return cls(http_port=server.ports["http"], smtp_port=server.ports["smtp"])

    async def all(self, *, to: str) -> list[Received]:
        """Return the messages that have come to an address, newest first."""
        async with (
            aiohttp.ClientSession(self.url) as session,
            session.get("/messages", params={"to": to}) as got,
        ):
            return [one for one in msgspec.json.decode(await got.read(), type=_Page).items if one.to == to]

    async def last(self, *, to: str, number: int = 1) -> Received:
        """Wait until `number` messages have come to an address, and return the latest.

        Raises:
            TimeoutError: They did not come.
        """
        async with asyncio.timeout(WAIT_S):
            while len(found := await self.all(to=to)) < number:  # noqa: ASYNC110  another process decides
                await asyncio.sleep(_POLL_S)
        return found[0]

    async def fault(self, side: str, fault: str, **more: Any) -> None:
        """Make the next messages of a side, `mail` or `phone`, go wrong; see `samovar.simulators.messages.faults`."""
        async with aiohttp.ClientSession(self.url) as session:
            await session.put(f"/faults/{side}", json={"fault": fault, **more}, raise_for_status=True)

    async def behave(self) -> None:
        """End all faults."""
        async with aiohttp.ClientSession(self.url) as session:
            await session.delete("/faults", raise_for_status=True)

    async def call(self, message_id: str) -> None:
        """Call, as the person of a `reverse_call` would."""
        async with aiohttp.ClientSession(self.url) as session:
            await session.post(f"/phone/{message_id}/call", raise_for_status=True)
