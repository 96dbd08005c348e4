"""MAX: the data that the messenger signs for a mini app; it has no page to send a person to.

Source: dev.max.ru/docs/webapps. The hash is made as Telegram's is, under the token of the bot in MAX.
"""

from collections.abc import Mapping

from samovar.kit.clock import Clock
from samovar.services.auth.providers.adapters import signed_data
from samovar.services.auth.providers.adapters.port import Title
from samovar.services.auth.providers.adapters.telegram import INIT_DATA
from samovar.services.auth.providers.domain import Challenge, Identity, Kind
from samovar.services.auth.providers.errors import ProviderUnknown
from samovar.services.auth.providers.settings import ProviderClient, ProviderName


class MaxMessenger:
    """MAX."""

    name: ProviderName = "max"
    title = Title(ru="MAX", en="MAX")
    kind: Kind = "signed_data"
    issuer = ""

    def __init__(self, client: ProviderClient, clock: Clock) -> None:
        self._bot_token = client.bot_token
        self._clock = clock

    def start(self, challenge: Challenge) -> str:
        """Refuse: a mini app is opened in the messenger."""
        del challenge
        raise ProviderUnknown("MAX has no page to send a person to")

    async def complete(self, params: Mapping[str, str], challenge: Challenge | None) -> Identity:
        """Check what MAX has signed."""
        if challenge is not None or self._bot_token is None:
            raise ProviderUnknown("MAX gives no codes")
        fields = signed_data.fields_of(params.get(INIT_DATA, ""))
        signed_data.check_mini_app_hash(fields, self._bot_token.reveal())
        return signed_data.mini_app_identity(self.name, fields, self._clock.now())
