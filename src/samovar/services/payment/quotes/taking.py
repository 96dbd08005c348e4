"""Taking a quote, which becomes an order. A function that takes the transaction first."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.settings import Secret
from samovar.services.payment.errors import QuoteNotFound
from samovar.services.payment.promo import redeeming
from samovar.services.payment.quotes import domain, repository
from samovar.services.payment.quotes.domain import Quote
from samovar.services.payment.quotes.errors import QuoteExpired, QuoteTaken, QuoteTampered


async def take(
    tx: Transaction,
    quote_id: UUID,
    *,
    account_id: UUID,
    signature: str | None,
    secret: Secret,
    now: datetime,
) -> Quote:
    """Lock a quote and mark it as taken, once; its promo code is redeemed with it.

    `signature` is what the client sent, if anything; `secret` is `settings.signing_secret`.

    Raises:
        QuoteNotFound: The account has no such quote.
        QuoteTampered: It is not what was signed, or another signature was sent.
        QuoteTaken: An order was made of it.
        QuoteExpired: Its time is over.
        PromoCodeExhausted: Its promo code has been redeemed as often as it may be, or has ended.
    """
    quote = await repository.lock_quote(tx, quote_id)
    if quote is None or quote.account_id != account_id:
        raise QuoteNotFound(f"{quote_id}")
    if not domain.is_genuine(quote, secret.reveal(), signature):
        raise QuoteTampered(f"{quote_id}")
    if quote.taken_at is not None:
        raise QuoteTaken(f"{quote_id}")
    if quote.expires_at <= now:
        raise QuoteExpired(f"{quote_id}")
    await redeeming.redeem(tx, quote, now=now)
    await repository.mark_taken(tx, quote_id, now)
    return msgspec.structs.replace(quote, taken_at=now)


async def find(reader: Database | Transaction, quote_id: UUID) -> Quote | None:
    """Return the quote that an order was made of, while it is kept: what its page explains."""
    return await repository.find_quote(reader, quote_id)
