"""What a register of taxpayers is asked."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from samovar.kit.errors import Unavailable
from samovar.services.developer.organisations.legal.domain import Entry, LegalForm


class RegisterAway(Unavailable):
    """The register does not answer, or not in a way that can be understood."""

    code = "developer.register_away"


class Register(Protocol):
    """A register of one kind of taxpayers."""

    async def find(self, inn: str, on: date) -> Entry | None:
        """Return what it says of a taxpayer on a day; none: it knows of no such one.

        Raises:
            RegisterAway: It does not answer.
        """
        ...


Registers = Mapping[LegalForm, Register]
