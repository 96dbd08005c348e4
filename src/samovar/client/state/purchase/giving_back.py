"""Which lines of an order are given back, and what comes back for them."""

from dataclasses import dataclass

from samovar.client.api.catalog import Money
from samovar.client.api.payment import Eligibility


@dataclass(frozen=True)
class Choice:
    """What is chosen of an order.

    Attributes:
        found: What the rules say.
        picked: The lines that were picked; None: nothing was touched yet, so the only one that may go back does.
    """

    found: Eligibility
    picked: frozenset[str] | None = None

    @property
    def able(self) -> frozenset[str]:
        """The lines that may be given back."""
        return frozenset(one.line_id for one in self.found.lines if one.is_eligible)

    @property
    def lines(self) -> frozenset[str]:
        """The chosen ones."""
        if self.picked is None:
            return self.able if len(self.able) == 1 else frozenset()
        return self.picked & self.able

    @property
    def sum(self) -> Money:
        """What comes back."""
        amounts = [int(one.amount["amount"]) for one in self.found.lines if one.line_id in self.lines]
        return {"amount": sum(amounts), "currency": self.found.amount["currency"]}

    def toggled(self, line_id: str) -> frozenset[str]:
        """Return the lines with one on that was off, or off that was on."""
        return (self.lines ^ {line_id}) & self.able
