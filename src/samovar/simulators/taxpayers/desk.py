"""The dialects of both registers."""

import json
from datetime import date
from typing import Any

from aiohttp import web

from samovar.simulators.fiscal.checks import is_inn
from samovar.simulators.money.faults import Faults
from samovar.simulators.money.settings import DADATA_TOKEN

NOBODY, LIQUIDATED = "99", "98"
_COMPANY_LENGTH = 10
_KINDS = {_COMPANY_LENGTH: "LEGAL", 12: "INDIVIDUAL"}


class Taxpayers:
    """The handlers."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        """Return all routes."""
        return [
            web.post("/api/v1/tracker/taxpayer_status", self._faults.spoil("taxpayers", "get", self._status)),
            web.post(
                "/suggestions/api/4_1/rs/findById/party", self._faults.spoil("taxpayers", "get", self._party)
            ),
        ]

    async def _status(self, request: web.Request) -> web.Response:
        """Say whether a person pays the tax on professional income on a day."""
        asked = await _asked(request)
        inn, day = str(asked.get("inn")), asked.get("requestDate")
        try:
            date.fromisoformat(str(day))
        except ValueError:
            return _refusal("Указана некорректная дата")
        if not is_inn(inn) or len(inn) == _COMPANY_LENGTH or inn.startswith(NOBODY):
            return _refusal("Указан некорректный ИНН")
        pays = not inn.startswith(LIQUIDATED)
        said = "является" if pays else "не является"
        return web.json_response(
            {"status": pays, "message": f"{inn} {said} плательщиком налога на профессиональный доход"}
        )

    async def _party(self, request: web.Request) -> web.Response:
        """Say what a company or an entrepreneur is."""
        if request.headers.get("Authorization") != f"Token {DADATA_TOKEN}":
            return web.json_response(
                {"family": "CLIENT_ERROR", "reason": "Forbidden", "message": "no such token"}, status=403
            )
        asked = await _asked(request)
        inn = str(asked.get("query"))
        is_known = (
            is_inn(inn)
            and _KINDS[len(inn)] == asked.get("type", _KINDS[len(inn)])
            and not inn.startswith(NOBODY)
        )
        return web.json_response({"suggestions": [_suggestion(inn)] if is_known else []})


def _suggestion(inn: str) -> dict[str, Any]:
    is_company = len(inn) == _COMPANY_LENGTH
    name = f"ООО «Пример {inn}»" if is_company else f"ИП Примеров {inn}"
    status = "LIQUIDATED" if inn.startswith(LIQUIDATED) else "ACTIVE"
    return {
        "value": name,
        "data": {
            "inn": inn,
            "kpp": None,
            "ogrn": None,
            "type": _KINDS[len(inn)],
            "branch_type": "MAIN" if is_company else None,
            "name": {"full_with_opf": name, "short_with_opf": name},
            "state": {"status": status},
        },
    }


async def _asked(request: web.Request) -> dict[str, Any]:
    try:
        asked = await request.json()
    except json.JSONDecodeError:
        asked = None
    return asked if isinstance(asked, dict) else {}


def _refusal(text: str) -> web.Response:
    return web.json_response({"code": "validation.failed", "message": text}, status=422)
