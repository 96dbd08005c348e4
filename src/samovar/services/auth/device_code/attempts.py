"""How often devices may ask to be let in, codes may be tried, and people may say yes."""

from uuid import UUID

from samovar.kit.limits import Limits
from samovar.kit.rest.client import network_of
from samovar.kit.routes import RateLimit
from samovar.services.auth.errors import TooManyAttempts

ADDRESS_PER_S = 600
# With the time that a request lives this bounds how many of one client are open at once.
PER_CLIENT = RateLimit(3_000, per_s=60)
# 20^8 codes, and few of them open: at this rate a guess finds an open one in thousands of years (RFC 8628, section 5.1).
LOOKS_PER_ACCOUNT = RateLimit(30, per_s=900)
LOOKS_PER_ADDRESS = RateLimit(200, per_s=900)
ANSWERS_PER_ACCOUNT = RateLimit(20, per_s=3_600)
POLLS_PER_ADDRESS = RateLimit(1_200, per_s=60)


class DeviceAttempts:
    """Counts.

    Args:
        limits: Of auth.
        requests_max: From one address in ten minutes.
    """

    def __init__(self, limits: Limits, *, requests_max: int) -> None:
        self._limits = limits
        self._requests = RateLimit(requests_max, per_s=ADDRESS_PER_S)

    async def count_request(self, client_id: str, address: str) -> None:
        """Count a device that wants in.

        Raises:
            TooManyAttempts: It is one too many from this address, or of this client.
        """
        await self._count(
            {
                f"device_request_address:{network_of(address)}": self._requests,
                f"device_request_client:{client_id}": PER_CLIENT,
            }
        )

    async def count_look(self, account_id: UUID, address: str) -> None:
        """Count a code that somebody opens, right or wrong.

        Raises:
            TooManyAttempts: It is one too many of this account, or from this address.
        """
        await self._count(
            {
                f"device_look_account:{account_id}": LOOKS_PER_ACCOUNT,
                f"device_look_address:{network_of(address)}": LOOKS_PER_ADDRESS,
            }
        )

    async def count_answer(self, account_id: UUID) -> None:
        """Count a number that somebody chooses.

        Raises:
            TooManyAttempts: It is one too many of this account.
        """
        await self._count({f"device_answer:{account_id}": ANSWERS_PER_ACCOUNT})

    async def count_poll(self, address: str) -> None:
        """Count a device that asks whether somebody has said yes.

        Raises:
            TooManyAttempts: It is one too many from this address.
        """
        await self._count({f"device_poll:{network_of(address)}": POLLS_PER_ADDRESS})

    async def _count(self, limits: dict[str, RateLimit]) -> None:
        decision = await self._limits.hit_many(limits)
        if not decision.allowed:
            raise TooManyAttempts(retry_after_s=decision.retry_after_s)
