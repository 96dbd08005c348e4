"""Which settings make a provider, and how Sber ID is asked with a client's certificate."""

import ssl
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest

from samovar.embedded.ports import ReservedPort
from samovar.kit.clock import SystemClock
from samovar.kit.settings import Secret, SettingsError
from samovar.services.auth.providers.adapters.registry import build
from samovar.services.auth.providers.errors import ProviderAway, ProviderUnknown
from samovar.services.auth.providers.settings import ProviderClient, ProviderName
from samovar.simulators.identity.certificates import make_certificates
from samovar.simulators.identity.program import running
from tests.services.auth.providers.travelling import clients_at, come_back, new_challenge, query_of

SECRET = Secret("secret")


async def _names(clients: dict[ProviderName, ProviderClient], *, in_production: bool = True) -> list[str]:
    async with AsyncExitStack() as closing:
        built = await build(
            clients, timeout_s=1.0, in_production=in_production, clock=SystemClock(), closing=closing
        )
        return list(built)


async def test_nothing_is_there_that_nobody_has_configured() -> None:
    assert await _names({}) == []


async def test_providers_stand_in_the_operators_order() -> None:
    clients: dict[ProviderName, ProviderClient] = {
        "yandex": ProviderClient(client_id="1", client_secret=SECRET),
        "max": ProviderClient(bot_token=SECRET),
        "vk": ProviderClient(client_id="1"),
    }
    assert await _names(clients) == ["yandex", "max", "vk"]


@pytest.mark.parametrize(
    ("name", "client", "message"),
    [
        ("vk", ProviderClient(), "vk needs client_id"),
        ("yandex", ProviderClient(client_id="1"), "yandex needs client_secret"),
        ("tid", ProviderClient(), "tid needs client_id and client_secret"),
        ("max", ProviderClient(client_id="1"), "max needs bot_token"),
        ("telegram", ProviderClient(bot_token=SECRET), "telegram needs client_id"),
        ("sber", ProviderClient(client_id="1", client_secret=SECRET), "sber needs certificate_file"),
        ("vk", ProviderClient(client_id="1", token_url="http://vk.example"), "not https"),
    ],
)
async def test_what_is_missing_or_not_safe_is_named(
    name: ProviderName, client: ProviderClient, message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        await _names({name: client})


async def test_a_certificate_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    client = ProviderClient(
        client_id="1", client_secret=SECRET, certificate_file=tmp_path / "none", key_file=tmp_path / "none"
    )
    with pytest.raises(SettingsError, match="certificate files"):
        await _names({"sber": client})


async def test_telegram_without_a_client_secret_is_for_mini_apps_alone() -> None:
    async with AsyncExitStack() as closing:
        providers = await build(
            {"telegram": ProviderClient(client_id="1", bot_token=SECRET)},
            timeout_s=1.0,
            in_production=True,
            clock=SystemClock(),
            closing=closing,
        )
        with pytest.raises(ProviderUnknown):
            providers["telegram"].start(new_challenge("telegram"))
        with pytest.raises(ProviderUnknown):
            await providers["telegram"].complete({"code": "1"}, new_challenge("telegram"))


async def test_sber_is_asked_with_the_clients_certificate_and_not_without(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    port = ReservedPort()
    port.lend()
    async with AsyncExitStack() as closing:
        simulators = await closing.enter_async_context(running(port.number, tls=certificates.server_tls()))
        closing.callback(port.release)
        base = msgspec.structs.replace(clients_at(simulators.address)["sber"], ca_file=certificates.authority)
        certificate, key = certificates.client
        shown = msgspec.structs.replace(base, certificate_file=certificate, key_file=key)
        with_it, without_it = [
            (
                await build(
                    {"sber": client},
                    timeout_s=2.0,
                    in_production=client is shown,
                    clock=SystemClock(),
                    closing=closing,
                )
            )["sber"]
            for client in (shown, base)
        ]
        challenge = new_challenge("sber")
        browser = ssl.create_default_context(cafile=certificates.authority)
        browser.load_cert_chain(*certificates.client)
        params = query_of(await come_back(with_it.start(challenge), "anna", tls=browser))
        with pytest.raises(ProviderAway):
            await without_it.complete(params, challenge)
        assert (await with_it.complete(params, challenge)).name == "Анна"
