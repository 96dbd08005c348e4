"""Test cards: what becomes of a payment by each, in the words of YooKassa's `cancellation_details.reason`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A made-up card; the numbers are those of the providers' test shops.

    Attributes:
        reason: Why it is declined; none when it pays.
        asks_3ds: The bank asks its holder first.
    """

    number: str
    reason: str | None = None
    asks_3ds: bool = False


CARDS = (
    Card("2200000000000004"),
    Card("5555555555554444"),
    Card("4111111111111111"),
    Card("2202474301322987", asks_3ds=True),
    Card("5555555555554477", asks_3ds=True),
    Card("5555555555554592", "3d_secure_failed", asks_3ds=True),
    Card("5555555555554535", "call_issuer"),
    Card("5555555555554543", "card_expired"),
    Card("5555555555554568", "fraud_suspected"),
    Card("5555555555554527", "general_decline"),
    Card("5555555555554600", "insufficient_funds"),
    Card("5555555555554618", "invalid_card_number"),
    Card("5555555555554626", "invalid_csc"),
    Card("5555555555554501", "issuer_unavailable"),
    Card("5555555555554576", "payment_method_limit_exceeded"),
    Card("5555555555554550", "payment_method_restricted"),
    Card("5555555555554519", "country_forbidden"),
)
REASONS = tuple(card.reason for card in CARDS if card.reason)
_BY_NUMBER = {card.number: card for card in CARDS}


def card_of(typed: str) -> Card | None:
    """Return the card that somebody typed, or none that exists here."""
    return _BY_NUMBER.get("".join(typed.split()))
