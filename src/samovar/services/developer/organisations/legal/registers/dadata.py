"""Companies and entrepreneurs, as DaData tells the state's registers (ЕГРЮЛ and ЕГРИП).

`POST /suggestions/api/4_1/rs/findById/party {"query": "<INN>", "type": "LEGAL"}` with `Authorization: Token <key>` answers
`{"suggestions": [{"data": {"inn", "kpp", "ogrn", "branch_type", "name": {"full_with_opf"}, "state": {"status"}}}]}`; a status is `ACTIVE`,
`LIQUIDATING`, `LIQUIDATED`, `BANKRUPT` or `REORGANIZING`. Source: dadata.ru/api/find-party.
"""

from datetime import date
from http import HTTPStatus
from typing import Literal

import msgspec

from samovar.kit.settings import Secret
from samovar.services.developer.organisations.legal.domain import Entry
from samovar.services.developer.organisations.legal.registers.port import RegisterAway
from samovar.services.developer.organisations.legal.registers.web import Web

PATH = "/suggestions/api/4_1/rs/findById/party"
# Whoever is being reorganised still trades.
_ACTIVE = {"ACTIVE", "REORGANIZING"}


class _Name(msgspec.Struct):
    full_with_opf: str | None = None
    short_with_opf: str | None = None


class _State(msgspec.Struct):
    status: str | None = None


class _Party(msgspec.Struct):
    inn: str
    kpp: str | None = None
    ogrn: str | None = None
    branch_type: str | None = None
    name: _Name = msgspec.field(default_factory=_Name)
    state: _State = msgspec.field(default_factory=_State)


class _Suggestion(msgspec.Struct):
    data: _Party


class _Answer(msgspec.Struct):
    suggestions: list[_Suggestion]


class StateRegister:
    """Asks DaData for one kind of taxpayers.

    Args:
        url: Without the path; `https://suggestions.dadata.ru`.
        kind: Companies or entrepreneurs.
    """

    def __init__(self, web: Web, url: str, token: Secret, kind: Literal["LEGAL", "INDIVIDUAL"]) -> None:
        self._web = web
        self._url = url.rstrip("/") + PATH
        self._token = token
        self._kind = kind

    async def find(self, inn: str, on: date) -> Entry | None:  # noqa: ARG002  it tells of now alone
        """Return what the register says of a taxpayer now; see `Register`."""
        status, body = await self._web.post(
            self._url,
            {"query": inn, "type": self._kind, "branch_type": "MAIN"},
            {"Authorization": f"Token {self._token.reveal()}"},
        )
        if status != HTTPStatus.OK:
            raise RegisterAway(f"{status}")
        try:
            answer = msgspec.json.decode(body, type=_Answer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RegisterAway(f"{error}") from error
        for suggestion in answer.suggestions:
            party = suggestion.data
            if party.inn == inn and party.branch_type != "BRANCH":
                return Entry(
                    is_active=party.state.status in _ACTIVE,
                    name=party.name.short_with_opf or party.name.full_with_opf,
                    kpp=party.kpp,
                    ogrn=party.ogrn,
                )
        return None
