"""The identity simulators as a program: started by hand, told what to do wrong, refusing what their documents refuse."""

import asyncio
import sys
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import aiohttp
import pytest

from samovar.embedded.ports import ReservedPort
from samovar.simulators.identity.clients import CLIENT_IDS
from samovar.simulators.identity.program import Simulators, running

ASKED = {
    "response_type": "code",
    "client_id": CLIENT_IDS["vk"],
    "redirect_uri": "http://samovar.test/callback",
    "state": "s",
    "code_challenge": "c",
    "code_challenge_method": "S256",
}


@pytest.fixture
async def simulators() -> AsyncIterator[Simulators]:
    port = ReservedPort()
    port.lend()
    async with running(port.number) as simulators:
        yield simulators
    port.release()


@pytest.fixture
async def client(simulators: Simulators) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(simulators.address) as client:
        yield client


async def test_the_program_runs_by_hand_and_stops_when_asked() -> None:
    port = ReservedPort()
    port.lend()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "samovar.simulators.identity", "--port", str(port.number)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    assert await process.stdout.readline() == f"Identity services: http://127.0.0.1:{port.number}\n".encode()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port.number}") as client:
        async with client.get("/healthz") as answer:
            assert answer.status == 200
        async with client.get("/") as answer:
            assert list((await answer.json())["settings"]) == [
                "vk",
                "yandex",
                "tid",
                "sber",
                "telegram",
                "max",
            ]
    process.terminate()
    assert await process.wait() == 0
    port.release()


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "another"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"state": ""},
    ],
)
async def test_a_request_against_the_document_is_refused(
    changes: dict[str, str], client: aiohttp.ClientSession
) -> None:
    async with client.get(f"/vk/authorize?{urlencode(ASKED | changes)}") as answer:
        assert answer.status == 400


async def test_a_page_is_shown_and_names_the_people(client: aiohttp.ClientSession) -> None:
    async with client.get(f"/vk/authorize?{urlencode(ASKED)}") as answer:
        page = await answer.text()
    assert (answer.status, "Анна Смирнова" in page, "Отказать" in page) == (200, True, True)


async def test_a_fault_is_planted_over_http(client: aiohttp.ClientSession, simulators: Simulators) -> None:
    async with client.put("/faults/vk", json={"fault": "slow"}) as answer:
        assert answer.status == 200
    assert simulators.faults.of("vk") == "slow"
    for service, fault in (("vk", "made-up"), ("google", "slow")):
        async with client.put(f"/faults/{service}", json={"fault": fault}) as answer:
            assert answer.status == 422
    with pytest.raises(ValueError, match="made-up"):
        simulators.plant("vk", "made-up")


async def test_made_up_codes_and_tokens_open_nothing(client: aiohttp.ClientSession) -> None:
    form = {"grant_type": "authorization_code", "code": "x", "client_id": CLIENT_IDS["vk"]}
    async with client.post("/vk/oauth2/auth", data=form) as answer:
        assert (answer.status, (await answer.json())["error"]) == (400, "invalid_grant")
    async with client.post("/vk/oauth2/user_info", data={"access_token": "x"}) as answer:
        assert answer.status == 401
    async with client.post("/vk/decide/nothing", data={"person": "anna"}) as answer:
        assert answer.status == 404
    async with client.get("/telegram/signed?person=Анна") as answer:
        assert answer.status == 422
