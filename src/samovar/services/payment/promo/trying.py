"""Finding the code that somebody typed, so that nobody finds codes by guessing.

A code that the account has had in a quote before costs no try: a cart is quoted again and again. Any other is counted first, over all
processes, right or wrong, and only then looked at; without Redis nothing is tried.
"""

from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.errors import FieldError
from samovar.kit.limits import Limits
from samovar.kit.rest.client import network_of
from samovar.kit.routes import RateLimit
from samovar.services.payment.promo import domain, repository
from samovar.services.payment.promo.domain import PromoCode
from samovar.services.payment.promo.errors import PromoCodeRefused, TooManyPromoCodes

# A person types a few codes; of 32^12 random ones a guesser finds none at this rate.
PER_ACCOUNT = RateLimit(10, per_s=3_600)
PER_ADDRESS = RateLimit(200, per_s=3_600)


class Trying:
    """Finds promo codes."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    async def find(self, account_id: UUID, address: str, typed: str) -> PromoCode:
        """Return the code that was typed.

        Raises:
            PromoCodeRefused: There is none.
            TooManyPromoCodes: Too many were tried by this account, or from this address.
            Unavailable: Tries cannot be counted at the moment.
        """
        key = domain.key_of(typed)
        code = await repository.find_by_key(self._database, key) if key else None
        if code and await repository.was_quoted(self._database, account_id, code.id):
            return code
        decision = await self._limits.hit_many(
            {
                f"promo_account:{account_id}": PER_ACCOUNT,
                f"promo_address:{network_of(address)}": PER_ADDRESS,
            },
            when_away="closed",
        )
        if not decision.allowed:
            raise TooManyPromoCodes(retry_after_s=decision.retry_after_s)
        if code is None:
            raise refused("promo_unknown")
        return code

    async def uses(self, code_id: UUID, account_id: UUID) -> int:
        """Return how often an account has used a code."""
        return await repository.count_uses(self._database, code_id, account_id)


def refused(reason: domain.Obstacle) -> PromoCodeRefused:
    """Return the refusal of a code, with its reason at the field."""
    return PromoCodeRefused(reason, fields=[FieldError("promo_code", reason, "the code takes nothing off")])
