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
