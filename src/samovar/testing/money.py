"""What a test does at the simulated payment providers, cash registers and bank: the same program that `samovar up` starts."""

from typing import Any, Self

import aiohttp

from samovar.embedded.simulator import SimulatorServer
from samovar.simulators.money.settings import settings_of

WAIT_S = 10.0


class SimulatedMoney:
    """A running simulator.

    Attributes:
        url: The address of its page.
        settings: The settings of section `payment` that lead to it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.settings = settings_of(url)

    @classmethod
    def of(cls, server: SimulatorServer) -> Self:
        """Return what a started simulator is spoken to by."""
        return cls(server.url)

    async def control(self, method: str, path: str, /, **body: Any) -> Any:
        """Call `/control/...` or another JSON address of it; return what it answers.

        Raises:
            aiohttp.ClientResponseError: It refused.
        """
        async with (
            aiohttp.ClientSession(self.url) as session,
            session.request(method, path, json=body, raise_for_status=True) as answer,
        ):
            raw = await answer.read()
            return await answer.json() if raw else None

    async def webhooks_to(self, base: str | None) -> None:
        """Send notifications to this address and `/yookassa` or `/tbank` from now on; none with `None`."""
        urls = {name: base and f"{base}/{name}" for name in ("yookassa", "tbank")}
        await self.control("PUT", "/control/webhooks", **urls)

    async def pay(self, payment_id: str, **how: Any) -> dict[str, Any]:
        """Let the payer pay: `method`, `card`, or another `amount` than was asked for."""
        return dict(await self.control("POST", f"/control/payments/{payment_id}/pay", **how))

    async def decline(self, payment_id: str, reason: str = "insufficient_funds") -> dict[str, Any]:
        """Let the payer's bank decline."""
        return dict(await self.control("POST", f"/control/payments/{payment_id}/decline", reason=reason))

    async def expire(self, payment_id: str) -> dict[str, Any]:
        """Let the time of a payment run out."""
        return dict(await self.control("POST", f"/control/payments/{payment_id}/expire"))

    async def payments(self) -> list[dict[str, Any]]:
        """Return the payments of both providers, newest first."""
        return list((await self.control("GET", "/control/payments"))["items"])

    async def receipts(self, external_id: str | None = None) -> list[dict[str, Any]]:
        """Return the receipts that the cash registers were given, newest first."""
        query = f"?external_id={external_id}" if external_id else ""
        return list((await self.control("GET", f"/control/receipts{query}"))["items"])

    async def fault(self, side: str, fault: str, **more: Any) -> None:
        """Make the next things of a side go wrong; see `samovar.simulators.money.faults`."""
        await self.control("PUT", f"/faults/{side}", fault=fault, **more)

    async def behave(self) -> None:
        """End all faults and forget where notifications go."""
        await self.control("DELETE", "/faults")
        await self.webhooks_to(None)
        await self.control("PUT", "/control/fiscal", register_s=0.0)
        await self.control("PUT", "/control/bank", execute_s=0.0)
