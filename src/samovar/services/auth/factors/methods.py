"""What every second factor is to those who ask for one: a name, what it adds to the proof, and a check."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.schemas import FactorAnswer


class SecondFactor(Protocol):
    """One kind of second factor.

    Attributes:
        amr: What it adds to the means of the proof (RFC 8176).
    """

    amr: tuple[str, ...]

    async def check(self, tx: Transaction, account_id: UUID, answer: FactorAnswer, now: datetime) -> bool:
        """Return whether the answer is right, and see to it that it will not be right twice.

        The transaction commits in either case.
        """
        ...


SecondFactors = Mapping[str, SecondFactor]
"""The kinds by their names in `accounts.second_factors`."""
