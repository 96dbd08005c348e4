"""The phone gateway, asked whether somebody has called."""

from uuid import UUID

from samovar.kit.errors import Unavailable
from samovar.kit.messages.phone import PhoneGateway
from samovar.kit.settings import Secret


class ReverseCalls:
    """Calls that people make to the gateway's number."""

    def __init__(self, gateway_url: Secret | None) -> None:
        self._gateway = PhoneGateway(gateway_url) if gateway_url else None

    async def has_come(self, message_id: UUID) -> bool:
        """Tell whether the phone has called.

        Raises:
            Unavailable: The gateway is away, or there is none.
        """
        if self._gateway is None:
            raise Unavailable("no phone gateway is configured")
        return await self._gateway.has_called(message_id)
