"""What every second factor is to those who ask for one: a name, and a check that says what it adds to the proof."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.auth.repository import Account
from samovar.services.auth.schemas import FactorAnswer


class FactorAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to the question for a second factor.

    Attributes:
        account: Whose; its row is held.
        purpose: At a sign-in, or later.
        bound_to: The sign-in that waits, or the session that is made surer.
    """

    account: Account
    answer: FactorAnswer
    purpose: Literal["second_factor", "step_up"]
    bound_to: UUID
    now: datetime


class Verdict(msgspec.Struct, frozen=True):
    """Whether an answer is right.

    Attributes:
        amr: What it adds to the means of the proof (RFC 8176); empty when it is wrong.
        fault: Why it is wrong, for the audit.
    """

    amr: tuple[str, ...] = ()
    fault: str = ""

    def __bool__(self) -> bool:
        return bool(self.amr)


class SecondFactor(Protocol):
    """One kind of second factor."""

    async def check(self, tx: Transaction, attempt: FactorAttempt) -> Verdict:
        """Return whether the answer is right, and see to it that it will not be right twice.

        The transaction holds the account's row and commits in either case.
        """
        ...


SecondFactors = Mapping[str, SecondFactor]
"""The kinds by their names in `accounts.second_factors`."""
