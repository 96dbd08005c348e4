"""Whom payouts ask besides the bank: the tax service of payers of НПД (statusnpd.nalog.ru), which answers two questions a minute."""

from datetime import date
from http import HTTPStatus

import msgspec

from samovar.kit.errors import Unavailable
from samovar.services.payment.payouts.banks.web import Web
from samovar.services.payment.payouts.errors import NpdAway


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
