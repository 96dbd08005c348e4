"""The registers of the state as a small HTTP server that speaks the tax service's and DaData's dialects."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

DADATA_TOKEN = "a key to the register"


class Office:
    """Both registers.

    Attributes:
        self_employed: INN to whether that person pays the tax.
        parties: INN to what DaData says of a taxpayer.
        status: What is answered in place of everything else.
        body: The bytes of an answer, in place of what would be said.
        asked: Paths and bodies that came.
    """

    def __init__(self) -> None:
        self.self_employed: dict[str, bool] = {}
        self.parties: dict[str, list[dict[str, Any]]] = {}
        self.status: int | None = None
        self.body: bytes | None = None
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.url = ""

    async def taxpayer_status(self, request: web.Request) -> web.Response:
        """Answer as statusnpd.nalog.ru does."""
        said = await request.json()
        self.asked.append((request.path, said))
        if self.status or self.body is not None:
            return web.Response(status=self.status or 200, body=self.body or b"")
        inn = said["inn"]
        if inn not in self.self_employed:
            refusal = {"code": "validation.failed", "message": "Указан некорректный ИНН"}
            return web.json_response(refusal, status=422)
        return web.json_response({"status": self.self_employed[inn], "message": f"{inn} проверен"})

    async def find_party(self, request: web.Request) -> web.Response:
        """Answer as DaData does."""
        said = await request.json()
        self.asked.append((request.path, said))
        if request.headers.get("Authorization") != f"Token {DADATA_TOKEN}":
            return web.json_response({"message": "forbidden"}, status=403)
        if self.status or self.body is not None:
            return web.Response(status=self.status or 200, body=self.body or b"")
        return web.json_response(
            {"suggestions": [{"data": party} for party in self.parties.get(said["query"], [])]}
        )


@asynccontextmanager
async def office_open() -> AsyncIterator[Office]:
    """Open the registers on a free port."""
    office = Office()
    app = web.Application()
    app.router.add_post("/api/v1/tracker/taxpayer_status", office.taxpayer_status)
    app.router.add_post("/suggestions/api/4_1/rs/findById/party", office.find_party)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    office.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield office
    await runner.cleanup()


def party(inn: str, **said: Any) -> dict[str, Any]:
    """Return what DaData says of a taxpayer that is well."""
    return {
        "inn": inn,
        "kpp": "773601001",
        "ogrn": "1027700132195",
        "branch_type": "MAIN",
        "name": {"full_with_opf": "ОБЩЕСТВО «САМОВАР»", "short_with_opf": "ООО «САМОВАР»"},
        "state": {"status": "ACTIVE"},
        **said,
    }
