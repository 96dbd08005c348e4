"""The grant type of devices at the token endpoint (RFC 8628, section 3.4)."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.auth.client import Client
from samovar.services.auth.clients.domain import RegisteredClient, granted
from samovar.services.auth.device_code.errors import (
    AuthorizationPending,
    DeviceCodeExpired,
    DeviceCodeInvalid,
    DeviceDenied,
    SlowDown,
)
from samovar.services.auth.device_code.polling import Approval, Polling
from samovar.services.auth.errors import OAuthError
from samovar.services.auth.grants.issuing import Issuing
from samovar.services.auth.grants.schemas import TokenAnswer, TokenRequest

_NAMES: dict[type[Exception], str] = {
    AuthorizationPending: "authorization_pending",
    SlowDown: "slow_down",
    DeviceDenied: "access_denied",
    DeviceCodeExpired: "expired_token",
    DeviceCodeInvalid: "invalid_grant",
}


class DeviceGrant:
    """Gives tokens for device codes: a session to the platform's own programs, a grant to all others."""

    def __init__(self, polling: Polling, issuing: Issuing) -> None:
        self._polling = polling
        self._issuing = issuing

    async def redeem(self, request: TokenRequest, client: RegisteredClient, who: Client) -> TokenAnswer:
        """Return the tokens of a device that was let in.

        Raises:
            OAuthError: By the names of RFC 8628, section 3.5.
            TooManyAttempts: Too many polls from this address.
        """
        if not request.device_code:
            raise OAuthError("invalid_request", "device_code is missing")

        async def opening(tx: Transaction, approval: Approval, now: datetime) -> tuple[UUID, TokenAnswer]:
            token = request.device_token if client.first_party else None
            device = msgspec.structs.replace(who, device_name=approval.device_name, device_token=token)
            issued = await self._issuing.issue(
                tx,
                client=client,
                account_id=approval.account_id,
                scope=granted(approval.scope.split(), client.scopes),
                parent_id=approval.session_id,
                proof=approval.proof,
                nonce=None,
                who=device,
                now=now,
            )
            return issued.session_id, issued.answer

        try:
            return await self._polling.collect(request.device_code, client.id, who, opening)
        except tuple(_NAMES) as error:
            raise OAuthError(_NAMES[type(error)], str(error)) from None
