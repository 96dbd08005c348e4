"""The providers that the operator has configured."""

from contextlib import AsyncExitStack

from samovar.kit.settings import SettingsError
from samovar.services.payment.providers.calls import open_session
from samovar.services.payment.providers.port import Provider
from samovar.services.payment.providers.tbank import TBank
from samovar.services.payment.providers.yookassa import YooKassa
from samovar.services.payment.settings import PaymentSettings


async def build_providers(settings: PaymentSettings, closing: AsyncExitStack) -> list[Provider]:
    """Make the providers, in the order in which the operator prefers them.

    Raises:
        SettingsError: One is configured by half.
    """
    providers: dict[str, Provider] = {}
    if settings.yookassa_shop_id:
        if settings.yookassa_secret_key is None:
            raise SettingsError("SAMOVAR_PAYMENT__YOOKASSA_SECRET_KEY is not set, yet there is a shop")
        providers["yookassa"] = YooKassa(
            await closing.enter_async_context(open_session()),
            url=settings.yookassa_url,
            shop_id=settings.yookassa_shop_id,
            secret_key=settings.yookassa_secret_key,
        )
    if settings.tbank_terminal_key:
        if settings.tbank_password is None:
            raise SettingsError("SAMOVAR_PAYMENT__TBANK_PASSWORD is not set, yet there is a terminal")
        providers["tbank"] = TBank(
            await closing.enter_async_context(open_session()),
            url=settings.tbank_url,
            terminal_key=settings.tbank_terminal_key,
            password=settings.tbank_password,
        )
    return sorted(providers.values(), key=lambda provider: provider.name != settings.preferred_provider)
