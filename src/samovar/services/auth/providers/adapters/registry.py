"""The providers that the operator has configured."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import aiohttp
import structlog

from samovar.kit.clock import Clock
from samovar.kit.settings import SettingsError
from samovar.services.auth.providers.adapters.calls import Calls, client_tls, open_session
from samovar.services.auth.providers.adapters.max_messenger import MaxMessenger
from samovar.services.auth.providers.adapters.port import Provider
from samovar.services.auth.providers.adapters.sber import Sber
from samovar.services.auth.providers.adapters.telegram import Telegram
from samovar.services.auth.providers.adapters.tid import TId
from samovar.services.auth.providers.adapters.vk import Vk
from samovar.services.auth.providers.adapters.yandex import Yandex
from samovar.services.auth.providers.settings import ProviderClient, ProviderName

# What each needs at least; Telegram needs one of two things more, see `_check`.
NEEDED: Mapping[ProviderName, tuple[str, ...]] = {
    "telegram": ("client_id",),
    "vk": ("client_id",),
    "yandex": ("client_id", "client_secret"),
    "tid": ("client_id", "client_secret"),
    "sber": ("client_id", "client_secret"),
    "max": ("bot_token",),
}

log = structlog.get_logger(__name__)


async def build(
    clients: Mapping[ProviderName, ProviderClient],
    *,
    timeout_s: float,
    in_production: bool,
    clock: Clock,
    closing: AsyncExitStack,
) -> dict[ProviderName, Provider]:
    """Make the providers, in the order in which the operator named them.

    Raises:
        SettingsError: Something is missing, or in production not safe.
    """
    for name, client in clients.items():
        _check(name, client, in_production=in_production)
    session = await closing.enter_async_context(open_session(timeout_s)) if clients else None
    providers: dict[ProviderName, Provider] = {}
    for name, client in clients.items():
        own = session
        if client.certificate_file or client.ca_file:
            tls = client_tls(client.certificate_file, client.key_file, client.ca_file)
            own = await closing.enter_async_context(open_session(timeout_s, tls=tls))
        if own:
            providers[name] = _provider(name, client, own, clock)
    return providers


def _provider(
    name: ProviderName, client: ProviderClient, session: aiohttp.ClientSession, clock: Clock
) -> Provider:
    calls = Calls(session, name)
    match name:
        case "telegram":
            return Telegram(client, calls, clock)
        case "vk":
            return Vk(client, calls)
        case "yandex":
            return Yandex(client, calls)
        case "tid":
            return TId(client, calls)
        case "sber":
            return Sber(client, calls, clock)
        case "max":
            return MaxMessenger(client, clock)


def _check(name: ProviderName, client: ProviderClient, *, in_production: bool) -> None:
    where = f"SAMOVAR_AUTH__PROVIDERS: {name}"
    missing = [field for field in NEEDED[name] if not getattr(client, field)]
    if missing:
        raise SettingsError(f"{where} needs {' and '.join(missing)}")
    if name == "sber" and in_production and not (client.certificate_file and client.key_file):
        raise SettingsError(f"{where} needs certificate_file and key_file")
    foreign = [address for address in client.addresses() if urlsplit(address).scheme != "https"]
    if foreign and in_production:
        raise SettingsError(f"{where} has an address that is not https: {foreign[0]}")
    if client.addresses():
        log.warning("provider at an address of the operator's choice", provider=name)
