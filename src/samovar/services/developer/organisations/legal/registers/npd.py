"""The register of the self-employed: the tax service's check of who pays the tax on professional income (НПД).

`POST /api/v1/tracker/taxpayer_status {"inn": "…", "requestDate": "2026-11-27"}` answers `{"status": true, "message": "…"}`; what is
wrong comes as 422 with a code. The service takes two questions a minute from one address and says so with
`taxpayer.status.service.limited.error`. Source: the tax service's description at npd.nalog.ru/html/sites/www.npd.nalog.ru/api_statusnpd_nalog_ru.pdf.
"""

from datetime import date
from http import HTTPStatus

import msgspec

from samovar.services.developer.organisations.legal.domain import Entry
from samovar.services.developer.organisations.legal.registers.port import RegisterAway
from samovar.services.developer.organisations.legal.registers.web import Web

PATH = "/api/v1/tracker/taxpayer_status"
_UNKNOWN = "validation.failed"


class _Answer(msgspec.Struct):
    status: bool | None = None
    code: str | None = None
    message: str = ""


class SelfEmployed:
    """Asks the tax service.

    Args:
        url: Without the path; `https://statusnpd.nalog.ru`.
    """

    def __init__(self, web: Web, url: str) -> None:
        self._web = web
        self._url = url.rstrip("/") + PATH

    async def find(self, inn: str, on: date) -> Entry | None:
        """Return whether somebody pays the tax on a day; see `Register`."""
        status, body = await self._web.post(self._url, {"inn": inn, "requestDate": on.isoformat()}, {})
        try:
            answer = msgspec.json.decode(body, type=_Answer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RegisterAway(f"{status}: {error}") from error
        if status == HTTPStatus.OK and answer.status is not None:
            return Entry(is_active=answer.status)
        if status == HTTPStatus.UNPROCESSABLE_ENTITY and answer.code == _UNKNOWN:
            return None
        raise RegisterAway(f"{status} {answer.code}: {answer.message[:200]}")
