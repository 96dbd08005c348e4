"""Whom payouts ask besides the bank: the tax service, auth. Each call has a timeout.

The tax service is that of payers of НПД (statusnpd.nalog.ru), which answers two questions a minute.
"""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from uuid import UUID

import msgspec

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.auth.contract.v1_pb2 import BatchGetHoldsRequest
from samovar.services.auth.contract.v1_pb2_grpc import AuthStub
from samovar.services.payment.payouts.banks.web import Web
from samovar.services.payment.payouts.errors import NpdAway

RPC_TIMEOUT_S = 2.0


class _Npd(msgspec.Struct):
    status: bool


class Npd:
    """The tax service that knows who pays НПД."""

    def __init__(self, web: Web, *, url: str) -> None:
        self._web = web
        self._url = url.rstrip("/")

    async def is_payer(self, inn: str, day: date) -> bool:
        """Return whether somebody pays НПД on a day.

        Raises:
            NpdAway: It does not say.
        """
        body = msgspec.json.encode({"inn": inn, "requestDate": day.isoformat()})
        try:
            status, answer = await self._web.ask(
                "POST", f"{self._url}/api/v1/tracker/taxpayer_status", body=body
            )
            if status != HTTPStatus.OK:
                raise NpdAway(f"HTTP {status}")
            return msgspec.json.decode(answer, type=_Npd).status
        except (Unavailable, msgspec.DecodeError) as error:
            raise NpdAway(f"{error}") from error


class Holds:
    """Asks auth whether accounts are held."""

    def __init__(self, peers: Peers) -> None:
        self._stub = AuthStub(peers.channel("auth"))

    async def are_held(self, account_ids: Sequence[UUID]) -> bool:
        """Return whether any of these accounts is held.

        Raises:
            Unavailable: Auth does not answer in time.
        """
        request = BatchGetHoldsRequest(account_ids=[str(account_id) for account_id in account_ids])
        try:
            answer = await self._stub.BatchGetHolds(request, timeout=RPC_TIMEOUT_S)
        except DeadlineExceeded as error:
            raise Unavailable(f"auth: {error}") from error
        return bool(answer.held_until)
