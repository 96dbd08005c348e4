"""How often codes are sent, so that nobody floods a stranger, and no fraudster earns by text messages that we pay for.

SMS pumping sends thousands of codes to numbers of an operator that shares the fee. Against it stand: the countries that the
operator of the platform serves, a limit a number, a limit for numbers that differ in their last four digits, one for all phones
together, and pauses. Without Redis phones get nothing, mail does.
"""

import hashlib
from uuid import UUID

from samovar.kit.limits import Limits
from samovar.kit.rest.client import network_of
from samovar.kit.routes import RateLimit
from samovar.services.account.contacts.domain import Kind
from samovar.services.account.contacts.errors import TooManyCodes
from samovar.services.account.settings import AccountSettings

DAY_S = 86_400
HOUR_S = 3_600
NEIGHBOURS_DIGITS = 4


class Pacing:
    """Counts codes."""

    def __init__(self, limits: Limits, settings: AccountSettings) -> None:
        self._limits = limits
        self._account = RateLimit(settings.codes_per_account_max, per_s=DAY_S)
        self._network = RateLimit(settings.codes_per_network_max, per_s=HOUR_S)
        self._destination = RateLimit(settings.codes_per_destination_max, per_s=DAY_S)
        self._neighbours = RateLimit(settings.codes_per_phone_block_max, per_s=HOUR_S)
        self._phones = RateLimit(settings.phone_codes_max, per_s=HOUR_S)

    async def count(self, account_id: UUID, kind: Kind, value: str, *, address: str) -> None:
        """Count a code that is about to be sent.

        Raises:
            TooManyCodes: It is one too many.
            Unavailable: Redis is away, and a phone would be called.
        """
        who = hashlib.sha256(value.encode()).hexdigest()
        limits = {
            f"code_account:{account_id}": self._account,
            f"code_network:{network_of(address)}": self._network,
            f"code_destination:{who}": self._destination,
        }
        if kind == "phone":
            limits[f"code_phone_block:{value[:-NEIGHBOURS_DIGITS]}"] = self._neighbours
            limits["code_phones:all"] = self._phones
        decision = await self._limits.hit_many(limits, when_away="closed" if kind == "phone" else "open")
        if not decision.allowed:
            raise TooManyCodes(retry_after_s=decision.retry_after_s)
