"""Taking notifications: who may send them is checked, what they say is kept, nothing is believed."""

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any, Protocol

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.ids import IdSource
from samovar.services.payment.payments import showing
from samovar.services.payment.payments.webhooks import domain, repository
from samovar.services.payment.payments.webhooks.domain import Notice, ProviderEvent
from samovar.services.payment.payments.webhooks.errors import PaymentUnknown, WebhookMalformed, WebhookRefused

Network = IPv4Network | IPv6Network


class Signed(Protocol):
    """A provider that signs what it tells."""

    def is_genuine(self, body: dict[str, Any]) -> bool:
        """Return whether it is signed by them."""
        ...


class Webhooks:
    """The ear of the service.

    Args:
        database: Of payment.
        networks: Where YooKassa's notifications come from; it does not sign them.
        tbank: Checks the signatures of T-Bank; none where it takes no payments.
        told: Set when something was kept, for who asks about it in this process.
        clock: Where time comes from.
        new_id: Where ids come from.
    """

    def __init__(
        self,
        database: Database,
        *,
        networks: Sequence[Network],
        tbank: Signed | None,
        told: asyncio.Event,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._networks = networks
        self._tbank = tbank
        self._told = told
        self._clock = clock
        self._new_id = new_id

    async def hear_yookassa(self, body: bytes, address: str) -> None:
        """Keep a notification of YooKassa.

        Raises:
            WebhookRefused: It does not come from one of its networks.
            WebhookMalformed: It is none of its notifications.
            PaymentUnknown: It speaks of no payment of ours.
        """
        if not self._is_theirs(address):
            raise WebhookRefused(f"YooKassa does not send from {address[:64]}")
        try:
            notice = domain.read_yookassa(_object(body))
        except ValueError as error:
            raise WebhookMalformed(str(error)) from None
        if notice is not None:
            await self._keep("yookassa", notice)

    async def hear_tbank(self, body: bytes) -> None:
        """Keep a notification of T-Bank; errors as in `hear_yookassa`, where a wrong signature refuses it."""
        values = _object(body)
        if self._tbank is None or not self._tbank.is_genuine(values):
            raise WebhookRefused("it is not signed by this terminal")
        try:
            notice = domain.read_tbank(values)
        except ValueError as error:
            raise WebhookMalformed(str(error)) from None
        await self._keep("tbank", notice)

    async def _keep(self, provider: str, notice: Notice) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            payment = await showing.find(tx, provider, notice.remote_payment_id, notice.payment_id)
            if payment is None:
                raise PaymentUnknown(f"{provider} speaks of {notice.remote_payment_id}")
            event = ProviderEvent(
                id=self._new_id(),
                provider=provider,
                object_id=notice.object_id,
                kind=notice.kind,
                payment_id=payment.id,
                received_at=now,
            )
            if await repository.keep_event(tx, event, now, domain.EVENTS_MAX):
                tx.wakes.add(self._told)

    def _is_theirs(self, address: str) -> bool:
        try:
            parsed = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        plain = getattr(parsed, "ipv4_mapped", None) or parsed
        return any(plain in network for network in self._networks)


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise WebhookMalformed("no JSON object") from None
