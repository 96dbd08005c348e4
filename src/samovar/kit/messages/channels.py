"""The ways out, chosen by the settings; and how they say that a message could not be handed over."""

from typing import Protocol

import structlog

from samovar.kit.messages.mail import MailServer
from samovar.kit.messages.outcomes import Refused
from samovar.kit.messages.outgoing import Channel, Claimed
from samovar.kit.messages.phone import PhoneGateway
from samovar.kit.settings import PlatformSettings, SettingsError, variable_of

_NEEDED = {"mail": ("mail_url", "mail_from"), "phone": ("phone_gateway_url",)}
log = structlog.get_logger(__name__)


class Way(Protocol):
    """Hands messages of one channel over."""

    async def deliver(self, claimed: Claimed) -> None:
        """Hand a message over; the same one may come again.

        Raises:
            Refused: It will never be taken.
            TryAgain: It may be taken later.
        """
        ...


class NullWay:
    """Sends nothing and says so: no server is configured for this channel."""

    def __init__(self, service: str, channel: Channel) -> None:
        self._service = service
        self._channel = channel
        log.warning("NOTHING WILL BE SENT: no server is configured", **self._what())

    async def deliver(self, claimed: Claimed) -> None:
        """Refuse.

        Raises:
            Refused: Always.
        """
        log.warning("a message was thrown away: no server is configured", **self._what(), id=str(claimed.id))
        raise Refused("not configured")

    def _what(self) -> dict[str, str]:
        setting = variable_of("platform", _NEEDED[self._channel][0])
        return {"service": self._service, "channel": self._channel, "setting": setting}


def ways_of(platform: PlatformSettings, service: str) -> dict[Channel, Way]:
    """Return the way out of each channel.

    Raises:
        SettingsError: In production a way is missing, or an address cannot be used.
    """
    if platform.environment == "production":
        for name in (name for names in _NEEDED.values() for name in names):
            if getattr(platform, name) is None:
                raise SettingsError(f"{variable_of('platform', name)} is not set: {service} sends messages")
    mail = MailServer.of(platform) if platform.mail_url else NullWay(service, "mail")
    phone = (
        PhoneGateway(platform.phone_gateway_url) if platform.phone_gateway_url else NullWay(service, "phone")
    )
    return {"mail": mail, "phone": phone}
