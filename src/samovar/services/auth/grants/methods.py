"""What every grant type is to the token endpoint: a name in a request, and a way from there to tokens."""

from collections.abc import Mapping
from typing import Protocol

from samovar.services.auth.client import Client
from samovar.services.auth.clients.domain import RegisteredClient
from samovar.services.auth.grants.schemas import TokenAnswer, TokenRequest


class GrantMethod(Protocol):
    """One grant type."""

    async def redeem(self, request: TokenRequest, client: RegisteredClient, who: Client) -> TokenAnswer:
        """Return the tokens for what a client brings; the client is authenticated, and may use the grant type.

        Raises:
            OAuthError: It gets none.
        """
        ...


GrantMethods = Mapping[str, GrantMethod]
"""By the value of `grant_type`."""
