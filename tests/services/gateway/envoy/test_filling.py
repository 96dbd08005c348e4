"""Finished files: complete, replaced at once, and taken over by a running Envoy without a dropped request."""

import asyncio
import json
from pathlib import Path

import pytest

from samovar.kit.routes import get
from samovar.kit.settings import PlatformSettings, Secret, SettingsError
from samovar.services.gateway.domain import route_table
from samovar.services.gateway.envoy.filling import Listening, fill, places, write
from samovar.services.gateway.settings import GatewaySettings
from tests.services.gateway.conftest import Answer, Gateway, until
from tests.services.gateway.shop import contract, handler, routes

RELOADS = 10
PATIENCE_MS = 60_000


def settings(**changes: str) -> PlatformSettings:
    none = Secret("none")
    return PlatformSettings(redis_url=none, nats_url=none, rpc_secret=none, **changes)  # type: ignore[arg-type]


def values_of(**changes: str) -> dict[str, object]:
    listening = Listening(folder=Path("/somewhere"), port=1, admin_port=2)
    return places(("shop",), listening=listening, platform=settings(**changes), settings=GatewaySettings())


def test_a_whole_value_keeps_its_type_and_a_part_becomes_text() -> None:
    filled = fill({"a": "${port}", "b": ["${host}:${port}", 5, True]}, {"port": 8080, "host": "h"})
    assert json.loads(filled) == {"a": 8080, "b": ["h:8080", 5, True]}


def test_a_place_without_a_value_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"\$\{shop\.host\}"):
        fill({"a": "${shop.host}"}, {})


def test_addresses_come_from_the_settings() -> None:
    values = values_of(jwks_url="http://auth:8000/keys")
    assert (values["shop.host"], values["shop.port"]) == ("shop", 8000)
    assert (values["edge.host"], values["edge.port"]) == ("gateway", 8001)
    assert (values["jwks.host"], values["jwks.port"]) == ("auth", 8000)
    assert values["collector"] == []
    assert values_of(otlp_endpoint="http://otel:4318")["collector_url"] == "http://otel:4318/v1/traces"


def test_an_address_that_envoy_cannot_use_is_refused() -> None:
    with pytest.raises(SettingsError, match="https://auth"):
        values_of(jwks_url="https://auth/keys")


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "папка с пробелом"
    for text in ("1", "2"):
        assert write(folder, {"envoy.json": text, "routes.json": text}) == folder / "envoy.json"
    assert {file.name: file.read_text() for file in folder.iterdir()} == {
        "envoy.json": "2",
        "routes.json": "2",
    }


async def test_routes_are_replaced_under_load_without_a_dropped_request(gateway: Gateway) -> None:
    # As long as a busy machine may need: what is dropped fails by then, too, and nothing fails for being slow.
    patient = get("/v1/patient", auth="public", timeout_ms=PATIENCE_MS)(handler)
    less = route_table([contract(*routes(), patient)])
    more = route_table([contract(*routes(), patient, get("/v1/news", auth="public")(handler))])
    answered = 0
    failed: list[Answer] = []
    done = asyncio.Event()

    async def load() -> None:
        nonlocal answered
        while not done.is_set():
            answer = await gateway.ask("/v1/patient")
            answered += 1
            # A route that is lost is a 404, an upstream that is lost a 503; a 504 is a machine that had no time.
            if answer.status not in {200, 504}:
                failed.append(answer)

    async def news() -> bool:
        return (await gateway.ask("/v1/news")).status == 200

    async def no_news() -> bool:
        return (await gateway.ask("/v1/news")).status == 404

    async def ready() -> bool:
        return (await gateway.ask("/v1/patient")).status == 200

    gateway.write(less)
    await until(ready)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(8):
            tasks.create_task(load())
        for _ in range(RELOADS):
            # In a thread: the service behind Envoy answers in this loop, and a slow disk must not keep it from that.
            await asyncio.to_thread(gateway.write, more)
            await until(news)
            await asyncio.to_thread(gateway.write, less)
            await until(no_news)
        done.set()
    gateway.write(gateway.table)
    assert failed == []
    assert answered > 10 * RELOADS


async def test_a_broken_file_changes_nothing(gateway: Gateway) -> None:
    counter = r"http\.outside\.rds\.samovar\.update_failure"
    before = await gateway.statistic(counter)
    write(gateway.envoy.config.parent, {"routes.json": '{"resources": [{"@type": "nonsense"}]}'})

    async def refused() -> bool:
        return await gateway.statistic(counter) > before

    await until(refused)
    assert (await gateway.ask("/v1/things")).status == 200
    gateway.write(gateway.table)
