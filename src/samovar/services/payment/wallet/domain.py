"""What a player reads of the ledger. Pure."""

from typing import Literal

WalletMoney = Literal["wallet", "bonus"]
Direction = Literal["in", "out"]
Step = Literal["moved", "set_aside", "completed", "released"]

# The steps of the ledger, as a player sees them.
STEPS: dict[str, Step] = {
    "posted": "moved",
    "pending": "set_aside",
    "post": "completed",
    "void": "released",
    "expire": "released",
}
# The codes that have a sentence of their own; others are «other».
CODES = frozenset(
    {
        "top_up",
        "purchase",
        "refund",
        "top_up_refund",
        "top_up_refund_back",
        "compensation",
        "bonus",
        "correction",
        "chargeback",
    }
)
OTHER = "other"


def code_of(code: str) -> str:
    """Return the code under which people read of a transfer."""
    return code if code in CODES else OTHER
