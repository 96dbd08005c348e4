"""Who asks, as the gateway saw it: the network address, the browser, the language."""

from typing import Self

import msgspec

from samovar.kit.i18n import Language, language_of
from samovar.kit.rest.app import Request
from samovar.kit.rest.client import address_of
from samovar.services.auth.domain import device_name

USER_AGENT_LENGTH_MAX = 512


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """The other end of a request.

    Attributes:
        address: Its network address; empty when nobody said it.
        device_name: What a person would call it: «Chrome, Windows».
        language: In which language to write to whoever uses it.
        device_token: What an earlier sign-in on it gave.
        must_prove: The second factor is asked for on a trusted device, too.
    """

    address: str
    device_name: str
    language: Language
    device_token: str | None = None
    must_prove: bool = False

    @classmethod
    def of(
        cls, request: Request, *, device_token: str | None = None, device_name_given: str | None = None
    ) -> Self:
        """Return the client of a request.

        Args:
            request: It came through the gateway, which appends the address that it saw to whatever the client sent.
            device_token: From the body.
            device_name_given: How the person's program calls the device; a browser says nothing.
        """
        agent = request.headers.get("user-agent", "")[:USER_AGENT_LENGTH_MAX]
        return cls(
            address=address_of(request),
            device_name=device_name_given or device_name(agent),
            language=language_of(request.headers.get("accept-language")),
            device_token=device_token,
        )
