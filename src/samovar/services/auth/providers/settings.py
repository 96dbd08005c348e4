"""What an operator says of one provider; `[auth.providers.vk]` and its like. How to come by it: docs/providers.md."""

from pathlib import Path
from typing import Literal

import msgspec

from samovar.kit.settings import Secret

ProviderName = Literal["telegram", "vk", "yandex", "tid", "sber", "max"]


class ProviderClient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How this installation is known to a provider, and where the provider is when not at its public address.

    Attributes:
        client_id: The application's id there; for Telegram also the bot's id.
        client_secret: Its secret.
        bot_token: Telegram and MAX: what signs the data of mini apps and of Telegram's old widget.
        signing_keys: Telegram: Ed25519 keys, in hex, that may sign the data of mini apps when there is no bot token.
        authorize_url: Where a person is sent.
        token_url: Where a code is exchanged.
        userinfo_url: Where the person's data is.
        jwks_url: Where the keys of ID tokens are.
        issuer: Who signs ID tokens.
        certificate_file: Sber ID: the client's certificate, PEM.
        key_file: Sber ID: its private key, PEM.
        ca_file: Whom to trust as the provider's certificate authority, PEM; the system's list without it.
    """

    client_id: str | None = None
    client_secret: Secret | None = None
    bot_token: Secret | None = None
    signing_keys: tuple[str, ...] = ()
    authorize_url: str | None = None
    token_url: str | None = None
    userinfo_url: str | None = None
    jwks_url: str | None = None
    issuer: str | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None
    ca_file: Path | None = None

    def addresses(self) -> tuple[str, ...]:
        """Return the addresses that differ from the provider's public ones."""
        given = (self.authorize_url, self.token_url, self.userinfo_url, self.jwks_url, self.issuer)
        return tuple(address for address in given if address)
