"""How often somebody may try, so that guessing is slow and still nobody can lock another person out.

A device on which the person has signed in before has a count of its own and no other: whatever strangers do, also from the
same address, it gets in. Everybody else is counted by address, by login, and by both; whether the login exists changes
nothing. Without Redis each process counts for itself.
"""

import hashlib
from uuid import UUID

from samovar.kit.limits import Limits
from samovar.kit.rest.client import network_of
from samovar.kit.routes import RateLimit
from samovar.services.auth.errors import TooManyAttempts

KNOWN_DEVICE = RateLimit(20, per_s=600)
# Codes have six digits: so few tries, from all devices that are not known together, that guessing takes years.
PROOFS = RateLimit(10, per_s=900)
FORGOTTEN_PER_ADDRESS = RateLimit(20, per_s=3_600)
LETTERS_PER_LOGIN = RateLimit(3, per_s=3_600)
RESETS_PER_ADDRESS = RateLimit(30, per_s=3_600)
STRANGERS_OF_LOGIN = RateLimit(50, per_s=3_600)
LOGIN_FROM_ADDRESS = RateLimit(20, per_s=900)
# A mobile operator puts thousands of people behind one address.
ADDRESS_PER_S = 600
REGISTRATIONS_PER_S = 3_600
# A registration that meets a taken login has told that the login exists; it costs as much as so many.
TAKEN_COSTS = 5


class Attempts:
    """Counts attempts.

    Args:
        sign_ins_max: From one address in ten minutes.
        registrations_max: From one address in an hour.
    """

    def __init__(self, limits: Limits, *, sign_ins_max: int, registrations_max: int) -> None:
        self._limits = limits
        self._address = RateLimit(sign_ins_max, per_s=ADDRESS_PER_S)
        self._registrations = RateLimit(registrations_max, per_s=REGISTRATIONS_PER_S)

    async def count_sign_in(self, login: str, *, address: str, known_device: UUID | None) -> None:
        """Count an attempt to sign in.

        Raises:
            TooManyAttempts: It is one too many.
        """
        if known_device:
            await self._count({f"sign_in_device:{known_device}": KNOWN_DEVICE})
            return
        who, where = hashlib.sha256(login.encode()).hexdigest(), network_of(address)
        await self._count(
            {
                f"sign_in_address:{where}": self._address,
                f"sign_in_login:{who}": STRANGERS_OF_LOGIN,
                f"sign_in_pair:{who}:{where}": LOGIN_FROM_ADDRESS,
            }
        )

    async def count_proof(self, account_id: UUID, known: UUID | None) -> None:
        """Count an attempt to prove once more who one is, by its device or session where that is known.

        Raises:
            TooManyAttempts: It is one too many.
        """
        await self._count({f"proof:{account_id}:{known or 'stranger'}": PROOFS})

    async def count_forgotten(self, login: str, address: str) -> bool:
        """Count a forgotten password; return whether a letter is due: the owner of a login gets only so many.

        Raises:
            TooManyAttempts: It is one too many from this address.
        """
        where, who = network_of(address), hashlib.sha256(login.encode()).hexdigest()
        await self._count({f"forgotten_address:{where}": FORGOTTEN_PER_ADDRESS})
        return (await self._limits.hit(f"forgotten_login:{who}", LETTERS_PER_LOGIN)).allowed

    async def count_reset(self, address: str) -> None:
        """Count an attempt to set a new password by what was sent.

        Raises:
            TooManyAttempts: It is one too many from this address.
        """
        await self._count({f"reset:{network_of(address)}": RESETS_PER_ADDRESS})

    async def count_registration(self, address: str) -> None:
        """Count a registration.

        Raises:
            TooManyAttempts: It is one too many.
        """
        await self._count({f"register:{network_of(address)}": self._registrations})

    async def count_taken_login(self, address: str) -> None:
        """Charge the address for having learned that a login exists."""
        for _ in range(TAKEN_COSTS - 1):
            await self._limits.hit(f"register:{network_of(address)}", self._registrations)

    async def _count(self, limits: dict[str, RateLimit]) -> None:
        decision = await self._limits.hit_many(limits)
        if not decision.allowed:
            raise TooManyAttempts(retry_after_s=decision.retry_after_s)
